import { describe, expect, it } from 'vitest';
import { hub } from './hub-command.ts';

describe('hub bench revocation', { timeout: 180_000 }, () => {
  it('measures two gateways with the store up and cut off, and finds nothing shown where the store is silent', async () => {
    const args = ['bench', 'revocation', '--rounds', '1', '--cuts', '1', '--clients', '2', '--json'];
    const { stdout, stderr } = await hub(args);
    const figures = JSON.parse(stdout || `"${stderr}"`) as Record<string, Record<string, number>>;
    expect(figures).toMatchObject({
      p99Ms: expect.any(Number) as number,
      leaks: expect.any(Number) as number,
      cutOffMs: expect.any(Number) as number,
      storeUp: { samples: 2 },
      storeCutOff: { cuts: 1, leaks: 0 },
    });
    expect(figures['answers']).toBeGreaterThan(4);
  });

  it('refuses a number of rounds that is none', async () => {
    const { code, stderr } = await hub(['bench', 'revocation', '--rounds', 'many']);
    expect(code).toBe(2);
    expect(stderr).toContain('a whole number from 1');
  });
});

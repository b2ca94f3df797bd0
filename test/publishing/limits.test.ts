import { describe, expect, it } from 'vitest';
import { preparedApart } from '../../sharing/publishing/prepared-apart.ts';
import { WITH_NICKNAME } from './people.ts';

const subgraphs = [{ name: 'people', owner: 'public-security', url: 'local:people', sdl: WITH_NICKNAME }];
const preparation = { subgraphs, before: [], operations: [] };

describe('a check', { timeout: 60_000 }, () => {
  it('that takes too long is ended, and the next one is not', async () => {
    const ended = await preparedApart(preparation, { withinMs: 1, waitMs: 60_000 });
    expect(ended).toMatchObject({ problems: [{ message: expect.stringContaining('within 0.001 s') as string }] });
    expect(await preparedApart(preparation, { withinMs: 50_000 })).toHaveProperty('supergraph');
  });

  it('that does not get to compute is ended for what it is', async () => {
    expect(await preparedApart(preparation, { withinMs: 60_000, waitMs: 1 })).toMatchObject({
      problems: [{ message: expect.stringContaining('too busy to check it') as string }],
    });
  });

  it('of more than the hub reads is refused unread', async () => {
    const large = {
      ...preparation,
      subgraphs: [{ ...subgraphs[0], name: 'large', owner: 'x', url: '', sdl: '#'.repeat(9_000_000) }],
    };
    expect(await preparedApart(large)).toMatchObject({
      problems: [{ message: expect.stringContaining('9000000 characters') as string }],
    });
  });
});

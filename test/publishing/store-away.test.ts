import { mkdtemp, readdir, rm, writeFile, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueDevelopmentToken } from '../../lib/dev-token.ts';
import { readSettings } from '../../lib/env.ts';
import { openKeyring } from '../../lib/keys/keyring.ts';
import { runningUrl } from '../../lib/mongo/store-url.ts';
import type { Settings } from '../../lib/settings.ts';
import { type RunningGateway, runGateway } from '../../scripts/gateway-alone.ts';
import { openHub } from '../../scripts/open-hub.ts';
import { definition as exchange } from '../../subgraphs/exchange/subgraph.ts';
import { people } from './people.ts';

let dataDir = '';
let settings: Settings;
let gateway: RunningGateway | undefined;

/** The hub whose store the gateway shares. */
const hub = () =>
  openHub({ settings: settingsWith({}), definitions: [exchange, people], logger: pino({ level: 'silent' }) });

function settingsWith(variables: Record<string, string>): Settings {
  return readSettings(
    { subgraphs: ['exchange', 'people'], role: 'hub' },
    { DATA_DIR: dataDir, NODE_ENV: 'test', HUB_PORT: '0', HUB_LOG_LEVEL: 'silent', ...variables },
  );
}

const alone = {
  open: false,
  subgraphUrls: { exchange: 'http://127.0.0.1:9/graphql', people: 'http://127.0.0.1:9/graphql' },
};

async function statusOf(path: string, query?: string): Promise<number> {
  const { token } = await issueDevelopmentToken(
    { department: 'civil-affairs', application: 'relief', purpose: 'low-income-check' },
    openKeyring(settings.keys),
    settings.tokens,
  );
  const asked = query && {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query }),
  };
  return (await fetch(`${gateway?.origin ?? ''}${path}`, asked || {})).status;
}

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'shuniu-'));
  const first = await hub();
  const url = (await runningUrl('hub', dataDir)) ?? '';
  settings = settingsWith({ MONGODB_URL_HUB: url });
  gateway = await runGateway(settings, alone);
  await gateway.stop();
  await first.close();
}, 60_000);
afterAll(async () => {
  await gateway?.stop();
  await rm(dataDir, { recursive: true });
});

describe('a gateway whose store does not answer when it starts', { timeout: 60_000 }, () => {
  it('starts with the release it served last, says that it is not ready, and answers nothing it cannot record', async () => {
    gateway = await runGateway(settings, alone);
    expect(await statusOf('/health')).toBe(200);
    expect(await statusOf('/ready')).toBe(503);
    expect(await statusOf('/graphql', '{ __typename }')).toBe(503);
  });

  it('answers once the store does', async () => {
    const back = await hub();
    await expect.poll(() => statusOf('/ready'), { timeout: 20_000, interval: 200 }).toBe(200);
    await expect.poll(() => statusOf('/graphql', '{ __typename }'), { timeout: 20_000, interval: 200 }).toBe(200);
    await gateway?.stop();
    gateway = undefined;
    await back.close();
  });

  it('does not start from a file that somebody changed, nor without one', async () => {
    const files = (await readdir(dataDir)).filter((name) => name.startsWith('release-'));
    for (const name of files) {
      const text = await readFile(join(dataDir, name), 'utf8');
      await writeFile(join(dataDir, name), text.replaceAll('CONDITIONAL', 'UNCONDITIONAL'));
    }
    expect(files).toHaveLength(2);
    await expect(runGateway(settings, alone)).rejects.toThrow('cannot be trusted');
    for (const name of files) await rm(join(dataDir, name));
    await expect(runGateway(settings, alone)).rejects.toThrow('cannot be reached');
  });
});

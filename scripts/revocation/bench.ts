import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueDevelopmentToken } from '../../lib/dev-token.ts';
import { readSettings } from '../../lib/env.ts';
import { openKeyring } from '../../lib/keys/keyring.ts';
import { connectStore } from '../../lib/mongo/connect-store.ts';
import { runningUrl, urlTemplate } from '../../lib/mongo/store-url.ts';
import { HUB_DATABASE } from '../../lib/settings.ts';
import { revokeGrant, storeGrant } from '../../sharing/store/grant-store.ts';
import { sharingModels } from '../../sharing/store/models.ts';
import { closing } from '../closing.ts';
import { subgraphNames } from '../subgraphs.ts';
import { wayTo } from './cut.ts';
import { startGateway } from './gateway-process.ts';
import { load } from './load.ts';
import { type CutOff, type Latency, measureCutOff, measureRevocation, type Right } from './measure.ts';

export interface RevocationOptions {
  readonly rounds: number;
  readonly cuts: number;
  readonly clients: number;
  readonly onProgress: (progress: { done: number; total: number }) => void;
  readonly signal: AbortSignal;
}

export interface RevocationResult {
  readonly storeUp: Latency;
  readonly storeCutOff: CutOff;
  /** Answers of both gateways during the measurement. */
  readonly answers: number;
  readonly seconds: number;
}

const HOLDER = { department: 'civil-affairs', application: 'revocation-bench', purpose: 'bench' };
const OWNER = 'public-security';
const OFFICER = 'bench';
const COORDINATES = ['Query.persons', 'Person.education'];
const QUERY = '{ persons(filter: { division: "532301" }, first: 20) { edges { node { education } } } }';
/** Enough for a page; what is measured does not depend on how many there are. */
const PERSONS = '500';
const DAY_MS = 86_400_000;

/**
 * Two gateway processes on one embedded store, one of them by a way that can be cut, both under load, while a right is given
 * and taken. Everything is made in a folder that is removed afterwards.
 */
export async function benchRevocation(options: RevocationOptions): Promise<RevocationResult> {
  const { onClose, close } = closing();
  const started = performance.now();
  try {
    const dataDir = await mkdtemp(join(tmpdir(), 'shuniu-revocation-'));
    onClose(() => rm(dataDir, { recursive: true, force: true }));
    const common = { DATA_DIR: dataDir, HUB_PERSONS: PERSONS, HUB_RATE_PER_SECOND: '100000', HUB_RATE_BURST: '100000' };
    const first = await startGateway(common);
    onClose(() => first.stop());
    const hubUrl = (await runningUrl(HUB_DATABASE, dataDir)) ?? '';
    const way = await wayTo(socketOf(hubUrl));
    onClose(() => way.close());
    const second = await startGateway({
      ...common,
      MONGODB_URL: await urlTemplate([...subgraphNames(), HUB_DATABASE], dataDir),
      MONGODB_URL_HUB: hubUrl.replace(/\/\/[^/]+\//, `//${way.address}/`),
    });
    onClose(() => second.stop());

    const store = await connectStore(HUB_DATABASE, { url: hubUrl, dataDir });
    onClose(() => store.close());
    const right = rightIn(sharingModels(store.connection));
    const settings = readSettings({ subgraphs: subgraphNames(), role: 'tool' }, { DATA_DIR: dataDir });
    const { token } = await issueDevelopmentToken({ ...HOLDER }, openKeyring(settings.keys), settings.tokens);
    const asking = {
      token,
      query: QUERY,
      clients: options.clients,
      isShown: (body: string) => /"education":"/.test(body),
    };
    const loads = [load(first.origin, asking), load(second.origin, asking)] as const;
    for (const each of loads) onClose(() => each.stop());

    const total = options.rounds + options.cuts;
    const tell = (done: number): void => {
      options.signal.throwIfAborted();
      options.onProgress({ done, total });
    };
    const storeUp = await measureRevocation(loads, right, { rounds: options.rounds, onRound: tell });
    const storeCutOff = await measureCutOff(loads[1], right, way, {
      cuts: options.cuts,
      onCut: (done) => tell(options.rounds + done),
    });
    const answers = loads[0].answers() + loads[1].answers();
    return { storeUp, storeCutOff, answers, seconds: Math.round((performance.now() - started) / 1000) };
  } finally {
    await close();
  }
}

function rightIn(models: ReturnType<typeof sharingModels>): Right {
  let id = '';
  return {
    async give() {
      id = `G-${randomUUID()}`;
      const now = Date.now();
      await storeGrant(models, {
        id,
        owner: OWNER,
        ...HOLDER,
        basis: 'measurement',
        items: COORDINATES.map((coordinate) => ({ coordinate, uses: ['OUTPUT'] })),
        divisions: ['532300'],
        validFrom: now - DAY_MS,
        validUntil: now + DAY_MS,
      });
    },
    async take() {
      await revokeGrant(models, id, { owner: OWNER, officer: OFFICER, at: new Date(), reason: 'measurement' });
    },
  };
}

function socketOf(url: string): string {
  return decodeURIComponent(/^mongodb:\/\/([^/]+)\//.exec(url)?.[1] ?? '');
}

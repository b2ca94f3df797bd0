/**
 * What statistical releases save: how fast registers are counted into cubes, and what a leader's dashboard over all subgraphs and
 * ten counties costs at the gateway — token, decisions, signed contexts — compared with counting the registers anew for it.
 * The guard of the subgraphs is measured by bench/shield.ts.
 */
import { randomUUID } from 'node:crypto';
import { createLocalJWKSet, type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { pino } from 'pino';
import { authenticator } from '../gateway/authenticate.ts';
import { createGateway, type Gateway } from '../gateway/server.ts';
import { buildSupergraph } from '../gateway/supergraph.ts';
import { HUB_DATABASE } from '../lib/settings.ts';
import type { SubgraphDefinition } from '../lib/subgraph-definition.ts';
import { today } from '../lib/today.ts';
import { compose } from '../schema/compose.ts';
import type { PolicyTable } from '../schema/policy-table.ts';
import { askGateway } from '../scripts/ask-gateway.ts';
import { buildCubes, type CubeStore } from '../scripts/cubes/build.ts';
import { countCounty } from '../scripts/cubes/count.ts';
import { discoverSubgraphs } from '../scripts/subgraphs.ts';
import { type Grant, grantView } from '../sharing/policy/grant.ts';
import { createSharingIndexes, sharingModels } from '../sharing/store/models.ts';
import { quotaStore } from '../sharing/store/quota-store.ts';
import { askFor } from '../web/ask.ts';
import { dashboardPages } from '../web/dashboard/page.ts';
import { unguarded } from './four-subgraphs.ts';
import { measure, median, rank } from './measure.ts';
import { benchCommand, type BenchOptions, count, rowsOf, show, table } from './report.ts';
import { type SeededStores, seededStores } from './seeded-stores.ts';

const CALLER = { department: 'government-office', application: 'dashboard', purpose: 'leaders-statistics' };
const ISSUER = 'urn:bench:issuer';
const AUDIENCE = 'urn:bench:hub';
/** Milliseconds of a dashboard that a reader does not wait for. */
const GOAL_MS = 50;
/** Requests by which the latency is told, one after the other, and those before them: a hub that has just started is slower. */
const TIMED = 100;
const FIRST = 50;

const TOTALS = `residents: population { count suppressed } legalPersons { count suppressed revenueFen revenueSuppressed }
  parcels { count areaSquareMetres suppressed areaSuppressed } complaints { count suppressed } archives { count suppressed }
  indicators(codes: ["GE001", "GE002", "GE003", "FI001", "PO001"], period: "2024") { value unit status }`;
const QUERY = `query Dashboard($period: String!) { division(code: "532300") { name ${TOTALS}
  pyramid: population(by: [SEX, AGE_BAND]) { sex ageBand count suppressed about { source asOf period release } }
  byIndustry: legalPersons(by: [INDUSTRY]) { industry count suppressed revenueFen }
  byLandUse: parcels(by: [LAND_USE]) { landUse count areaSquareMetres suppressed }
  byTopic: complaints(by: [TOPIC]) { topic { title } count suppressed }
  byRetention: archives(by: [RETENTION]) { retention count suppressed }
  at(period: $period) { residentsPerEnterprise { value unit missing } shareAged60AndOver { value missing } }
  indicatorSeries(code: "GE001", from: "2019-Q1", to: "2025-Q3") { points { period value } breaks { period reason } }
  children(first: 10) { edges { node { code name ${TOTALS} byAge: population(by: [AGE_BAND]) { ageBand count suppressed } } } }
} }`.replace(/\s+/g, ' ');

await benchCommand('cubes', 'a dashboard from released tables, and counting the registers for it')
  .option('--persons <number>', 'size of the data set', count, 20_000)
  .action(async ({ json, persons, ...rounds }: BenchOptions & { persons: number }) => {
    const stores = await seededStores(persons, [HUB_DATABASE]);
    const closing: (() => Promise<unknown>)[] = [() => stores.close()];
    try {
      const definitions = await discoverSubgraphs();
      const built = await build(definitions, stores);
      const { gateway, token } = await gatewayOver(definitions, stores);
      closing.unshift(() => gateway.stop());
      const dashboard = (): Promise<void> => ask(gateway, token);
      const ms = await timed(dashboard);
      const pageMs = await timed(() => look(gateway, token));
      const served = rowsOf(await measure([{ name: 'released tables', run: dashboard }], rounds), 'released tables');
      const again = { name: 'the registers counted anew', run: () => recount(storesOf(definitions, stores)) };
      const counted = rowsOf(await measure([again], { rounds: 1, requests: 1, clients: 1 }), again.name);
      const ratio = Math.round((counted[0]?.cpuUs ?? 0) / (served[0]?.cpuUs ?? 1));
      const within = ms.median <= GOAL_MS;
      show(
        json,
        { persons, built, dashboardMs: ms, pageMs, goalMs: GOAL_MS, within, figures: [...served, ...counted], ratio },
        () =>
          [
            `${persons} persons: ${built.rows} rows counted in ${built.countingMs} ms (${built.rowsPerSecond}/s), protected in ${built.protectingMs} ms.`,
            `Dashboard at the gateway: ${ms.median} ms (median), ${ms.p99} ms (99th of ${TIMED}); goal ${GOAL_MS} ms: ${within ? 'kept' : 'not kept'}.`,
            `The page with its question, as HTML: ${pageMs.median} ms (median), ${pageMs.p99} ms (99th of ${TIMED}).`,
            table('CPU of one dashboard', [...served, ...counted]),
            `Counting anew takes ${ratio} times the CPU.`,
          ].join('\n\n'),
      );
    } finally {
      for (const step of closing) await step();
    }
  })
  .parseAsync();

function storesOf(definitions: readonly SubgraphDefinition[], stores: SeededStores): CubeStore[] {
  return definitions
    .filter(({ cubes = [] }) => cubes.length > 0)
    .map(({ name, database, cubes = [] }) => ({ name, cubes, connection: stores.connection(database ?? name) }));
}

async function build(definitions: readonly SubgraphDefinition[], stores: SeededStores) {
  const began = performance.now();
  let counted = began;
  const { kind, rows, refusals, protections } = await buildCubes(storesOf(definitions, stores), {
    period: today().slice(0, 7),
    asOf: today(),
    onProgress: ({ phase }) => {
      if (phase === 'COUNTING') counted = performance.now();
    },
  });
  if (kind !== 'PUBLISHED') throw new Error(`the release was not published: ${refusals.join('; ')}`);
  const hidden = protections.map(({ _id, tables }) => ({ cube: _id.replace(/^\d+\//, ''), tables }));
  const countingMs = Math.round(counted - began);
  return {
    ...{ rows, countingMs, rowsPerSecond: Math.round((rows / countingMs) * 1000) },
    ...{ protectingMs: Math.round(performance.now() - counted), hidden },
  };
}

/** What a dashboard would need without cubes: one pass over every register. */
async function recount(stores: readonly CubeStore[]): Promise<void> {
  const how = { asOf: today(), onRows: () => undefined, signal: new AbortController().signal };
  for (const { cubes, connection } of stores)
    for (const cube of cubes) {
      const source = cube.rows(connection);
      for (const county of await source.counties(how.asOf))
        await countCounty(cube, source, { ...how, county, tables: cube.tables });
    }
}

async function gatewayOver(definitions: readonly SubgraphDefinition[], stores: SeededStores) {
  const { supergraphSdl, policy } = compose(definitions.map((each) => ({ ...each, url: `local:${each.name}` })));
  const models = sharingModels(stores.connection(HUB_DATABASE));
  await createSharingIndexes(models);
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
  const kid = 'bench';
  const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), kid, alg: 'EdDSA' }] });
  const gateway = await createGateway({
    release: {
      supergraph: buildSupergraph(supergraphSdl),
      table: policy,
      transports: new Map(definitions.map((each) => [each.name, unguarded(each, stores)])),
    },
    grants: { view: () => grantView(1, grantsOf(policy)), stale: () => false },
    sharing: {
      authenticate: authenticator({ keys, issuer: ISSUER, audience: AUDIENCE }),
      audit: { writer: 'bench', append: () => Promise.resolve('none'), close: () => Promise.resolve() },
      quotas: quotaStore(models),
      contextKey: () => Promise.resolve({ kid, privateKey }),
    },
    subjectKey: Buffer.alloc(32, 9),
    logger: pino({ level: 'silent' }),
    rate: { perSecond: 1e6, burst: 1e6 },
    requestTimeoutMs: 30_000,
    subgraphTimeoutMs: 20_000,
  });
  return { gateway, token: await tokenFor(privateKey, kid) };
}

function tokenFor(privateKey: CryptoKey, kid: string): Promise<string> {
  return new SignJWT({ ...CALLER, roles: ['leader'] })
    .setProtectedHeader({ alg: 'EdDSA', kid })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setExpirationTime('2h')
    .setJti(randomUUID())
    .sign(privateKey);
}

/** A grant of each owner for all its conditional items. */
function grantsOf({ items }: PolicyTable): Grant[] {
  const owners = new Map<string, string[]>();
  for (const { coordinate, owner, class: sharing } of items.values())
    if (sharing === 'CONDITIONAL') owners.set(owner, [...(owners.get(owner) ?? []), coordinate]);
  return [...owners].map(([owner, coordinates]) => ({
    ...{ ...CALLER, id: `G-${owner}`, owner, basis: 'bench', divisions: ['532300'] },
    items: coordinates.map((coordinate) => ({ coordinate, uses: ['OUTPUT'] as const })),
    ...{ validFrom: 0, validUntil: Number.MAX_SAFE_INTEGER },
  }));
}

async function ask(gateway: Gateway, token: string): Promise<void> {
  const { status, body } = await gateway.answer({
    method: 'POST',
    search: '',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: { query: QUERY, variables: { period: today().slice(0, 7) } },
    address: '192.0.2.1',
    requestId: randomUUID(),
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    signal: new AbortController().signal,
  });
  const { errors } = JSON.parse(body) as { errors?: readonly unknown[] };
  if (status !== 200 || errors) throw new Error(`the dashboard does not answer as it should: ${body.slice(0, 500)}`);
}

/** The page of the prefecture as a leader gets it: its own question, larger than ours, and the HTML. */
async function look(gateway: Gateway, token: string): Promise<void> {
  const [dashboard] = dashboardPages({ home: '532300' });
  const shown = await dashboard?.show({
    ...{ language: 'zh-CN', theme: 'auto', path: '/dashboard', query: new URLSearchParams(), origin: '' },
    ask: (query, variables) =>
      askFor(askGateway(gateway), {
        authorization: `Bearer ${token}`,
        body: { query, variables },
        ...{ address: '192.0.2.1', requestId: randomUUID(), signal: new AbortController().signal },
      }),
  });
  if (shown?.kind !== 'page') throw new Error('the dashboard is no page');
}

/** Milliseconds, when the first are over. */
async function timed(run: () => Promise<void>): Promise<{ median: number; p99: number }> {
  const times: number[] = [];
  for (let number = -FIRST; number < TIMED; number++) {
    const began = performance.now();
    await run();
    if (number >= 0) times.push(performance.now() - began);
  }
  return { median: round(median(times)), p99: round(rank(times, 0.99)) };
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}

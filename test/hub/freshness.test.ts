import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { httpTransport } from '../../lib/http-transport.ts';
import { createMetrics } from '../../lib/metrics.ts';
import { noteUpdate, readUpdates } from '../../lib/resource-updates.ts';
import type { SubgraphTransport } from '../../lib/transport.ts';
import { EMPTY_POLICY } from '../../schema/policy-table.ts';
import { watchFreshness } from '../../scripts/watch-freshness.ts';
import { openSharingStore, type SharingStore } from '../support/sharing-store.ts';

const logger = pino({ level: 'silent' });
const resource = (type: string, subgraph: string) =>
  [type, { type, subgraph, code: `${type}/1`, title: type, updateCycle: 'DAILY' }] as const;
const table = () => ({
  ...EMPTY_POLICY,
  resources: new Map([resource('Person', 'population'), resource('Parcel', 'geospatial')]),
});

let store: SharingStore;
beforeAll(async () => {
  store = await openSharingStore();
});
afterAll(() => store.close());

/** What a subgraph elsewhere says at /freshness, as it comes over HTTP. */
let said: string;
let server: Server;
let transport: SubgraphTransport;
beforeAll(async () => {
  server = createServer((request, response) => {
    response.statusCode = request.url === '/freshness' && said !== '' ? 200 : 404;
    response.end(said);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  transport = httpTransport({ subgraph: 'population', url: `http://127.0.0.1:${port}/graphql`, timeoutMs: 2_000 });
});
afterAll(async () => {
  await transport.close();
  server.close();
});

describe('a store', () => {
  it('keeps the latest moment of each resource', async () => {
    const connection = store.models.grants.db;
    await noteUpdate(connection, ['Person', 'Household'], new Date('2026-03-02T00:00:00Z'));
    await noteUpdate(connection, ['Person'], new Date('2026-03-01T00:00:00Z'));
    await noteUpdate(connection, ['Household'], new Date('2026-03-03T00:00:00Z'));
    expect(await readUpdates(connection)).toEqual({
      Person: new Date('2026-03-02T00:00:00Z'),
      Household: new Date('2026-03-03T00:00:00Z'),
    });
  });
});

describe('a subgraph elsewhere', () => {
  it('says how fresh its resources are', async () => {
    said = '{"Person":"2026-03-01T08:00:00+08:00"}';
    expect(await transport.freshness()).toEqual({ Person: new Date('2026-03-01T00:00:00Z') });
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '{'],
    ['a list', '[1]'],
    ['no moment', '{"Person":"yesterday"}'],
    ['too much', JSON.stringify({ Person: '2026-03-01T00:00:00Z', more: 'x'.repeat(100_000) })],
  ])('that says %s is as one that does not say', async (_, answer) => {
    said = answer;
    expect(await transport.freshness()).toEqual({});
  });
});

describe('a hub', () => {
  let stop: () => void = () => undefined;
  afterEach(() => stop());
  const watching = () => {
    const metrics = createMetrics(logger);
    const transports = () => new Map([['population', transport]]);
    const watch = watchFreshness(store.models, { transports, table, logger, metrics });
    stop = () => watch.stop();
    return { watch, metrics };
  };

  it('counts what is overdue, and keeps what it was told for the catalogue', async () => {
    const { watch, metrics } = watching();
    said = JSON.stringify({ Person: '2026-03-01T00:00:00Z' });
    await watch.ask();
    expect([...watch.known()]).toEqual([['Person', new Date('2026-03-01T00:00:00Z')]]);
    expect((await metrics.render()).text).toContain('shuniu_resource_overdue{resource="Person"} 1');
    expect(await store.models.freshness.find().lean()).toMatchObject([
      { _id: 'Person', subgraph: 'population', updatedAt: new Date('2026-03-01T00:00:00Z') },
    ]);
    said = JSON.stringify({ Person: new Date().toISOString() });
    await watch.ask();
    expect((await metrics.render()).text).toContain('shuniu_resource_overdue{resource="Person"} 0');
  });

  it('believes nobody about the resources of another, nor about what is no resource', async () => {
    const { watch } = watching();
    said = JSON.stringify({ Parcel: '2026-03-01T00:00:00Z', constructor: '2026-03-01T00:00:00Z' });
    await watch.ask();
    expect([...watch.known()]).toEqual([]);
    expect(await store.models.freshness.findById('Parcel').lean()).toBeNull();
  });

  it('remembers what a subgraph said that does not answer now', async () => {
    const { watch } = watching();
    said = JSON.stringify({ Person: '2026-03-05T00:00:00Z' });
    await watch.ask();
    said = '';
    await watch.ask();
    expect([...watch.known()]).toEqual([['Person', new Date('2026-03-05T00:00:00Z')]]);
  });
});

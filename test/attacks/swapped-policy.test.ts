import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomUUID } from 'node:crypto';
import { releaseOver } from '../support/release-over.ts';
import { type SmallHub, smallHub, type SmallSubgraph } from '../support/small-hub.ts';
import { people, ZHANG } from './fixtures.ts';

/*
 * The release is replaced while a request is on its way: it must be decided, planned and answered by one release, the old or the
 * new one. test/gateway/grants-over-time shows grants that change on the way.
 */
const WITHHELD = '@inaccessible @sharing(class: WITHHELD, basis: "test")';
const declaring = (field: string, directives: string): SmallSubgraph => ({
  ...people,
  sdl: people.sdl.replace(
    new RegExp(`(${field}: (?:String|ID!)) @(inaccessible|sharing\\(class: C)[^\\n]*`),
    `$1 ${directives}`,
  ),
});
const openly = (field: string): SmallSubgraph => declaring(field, '@sharing(class: UNCONDITIONAL)');

let hub: SmallHub;
let token: string;
const ask = async (query: string) => {
  const { body } = await hub.gateway.answer({
    method: 'POST',
    search: '',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: { query },
    address: '192.0.2.1',
    requestId: randomUUID(),
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    signal: AbortSignal.timeout(5_000),
  });
  return JSON.parse(body) as {
    data?: unknown;
    errors?: readonly { message: string; extensions: Record<string, unknown> }[];
  };
};
beforeAll(async () => {
  hub = await smallHub({ subgraphs: [openly('household')] });
  token = await hub.token({});
});
afterAll(() => hub.close());

describe.each([
  ['closes an item', 'household', '@sharing(class: CONDITIONAL)'],
  ['makes an item inaccessible', 'household', WITHHELD],
] as const)('a release that %s', (_, field, directives) => {
  const query = `{ person { id ${field} } }`;

  it('holds from the next request on', async () => {
    hub.gateway.replace(releaseOver(hub, openly(field)));
    expect((await ask(query)).data).toEqual({ person: { id: 'p1', [field]: ZHANG[field] } });
    hub.gateway.replace(releaseOver(hub, declaring(field, directives)));
    expect(JSON.stringify(await ask(query))).not.toContain(ZHANG[field]);
  });

  it('is held by its policy without its schema, and not by its schema without its policy', async () => {
    const [before, after] = [releaseOver(hub, openly(field)), releaseOver(hub, declaring(field, directives))];
    const half = directives === WITHHELD ? { ...before, table: after.table } : { ...after, table: before.table };
    hub.gateway.replace(half);
    const shown = (await ask(query)).data;
    expect(shown).toEqual({ person: { id: 'p1', [field]: directives === WITHHELD ? null : ZHANG[field] } });
  });

  it('shows at each moment of a request what one release allows, and records by which', async () => {
    const [before, after] = [releaseOver(hub, openly(field)), releaseOver(hub, declaring(field, directives))];
    for (let ticks = 0; ticks < 60; ticks += 1) {
      hub.gateway.replace(before);
      await ask(query);
      const asked = ask(query);
      for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve();
      hub.gateway.replace(after);
      const shown = JSON.stringify(await asked).includes(ZHANG[field]);
      const { release, items } = hub.entries.at(-1) ?? {};
      const decided = release === before.supergraph.release && items?.allowed.includes(`Person.${field}`);
      expect([ticks, shown]).toEqual([ticks, decided]);
    }
  });
});

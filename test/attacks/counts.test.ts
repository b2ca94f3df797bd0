import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { composeResidentNumber } from '../../lib/codes/resident-number.ts';
import { connectStore } from '../../lib/mongo/connect-store.ts';
import type { GrantItem } from '../../sharing/policy/grant.ts';
import { models, type PersonRecord } from '../../subgraphs/population/models.ts';
import { definition } from '../../subgraphs/population/subgraph.ts';
import { release } from '../support/build-cubes.ts';
import { type SmallHub, smallHub } from '../support/small-hub.ts';
import { direct } from './support.ts';

/*
 * Class 12: rows that one may not see are counted, in totals, in lengths of pages and by whether there is a next one; and PARTIAL_SCOPE:
 * a total over more than one's divisions, of which the part that one knows can be taken away. The scope is switched off by a
 * context for everywhere, and by a grant for the prefecture. test/hub/row-scope shows all subgraphs together.
 */
const person = (number: number): PersonRecord => {
  const county = number < 30 ? '532301' : '532302';
  return {
    _id: `ref-${number}`,
    residentNumber: composeResidentNumber(county, '1980-01-01', String(number + 1).padStart(3, '0')),
    name: `张${number}`,
    sex: '1',
    birthDate: '1980-01-01',
    division: county,
    county,
    address: '鹿城南路1号',
    householdNumber: number,
    status: 'REGISTERED',
    source: '户籍系统',
    updatedAt: new Date('2026-01-01T00:00:00Z'),
  };
};
const ITEMS: readonly GrantItem[] = ['Query.persons', 'PersonConnection.totalCount', 'DivisionAt.residents'].map(
  (coordinate) => ({ coordinate, uses: ['OUTPUT'] }),
);
const PAGE =
  '{ persons(filter: { division: "532300" }, first: 30) { totalCount edges { cursor } pageInfo { hasNextPage } } }';
const TOTAL = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on DivisionAt { residents } } }';
const period = String(new Date().getFullYear());

let hub: SmallHub;
let close: () => Promise<void>;
beforeAll(async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'shuniu-'));
  const store = await connectStore(definition.name, { dataDir });
  const { persons } = models(store.connection);
  await persons.syncIndexes();
  await persons.insertMany(Array.from({ length: 45 }, (_, number) => person(number)));
  await release([{ definition, connection: store.connection }]);
  hub = await smallHub({ subgraphs: [{ definition, connection: store.connection }] });
  close = async () => {
    await hub.close();
    await store.close();
    await rm(dataDir, { recursive: true });
  };
});
afterAll(() => close());

const register = { ...definition, resolvers: {} };
const shown = (data: unknown) => {
  const { persons } = data as { persons: { totalCount: number; edges: unknown[]; pageInfo: { hasNextPage: boolean } } };
  return [persons.totalCount, persons.edges.length, persons.pageInfo.hasNextPage];
};

describe('rows outside the divisions of a grant', () => {
  it('are in the total, in the page and behind it with a grant for the prefecture, and nowhere with one for a county', async () => {
    hub.setGrants([{ items: ITEMS, divisions: ['532300'] }]);
    expect(shown((await hub.ask(PAGE)).data)).toEqual([45, 30, true]);
    hub.setGrants([{ items: ITEMS, divisions: ['532301'] }]);
    expect(shown((await hub.ask(PAGE)).data)).toEqual([30, 30, false]);
  });

  it('are not counted by their subgraph either, to a context for a county', async () => {
    const ask = (divisions: string[]) => direct(hub, register, { query: PAGE, context: { divisions } });
    expect(shown((await ask(['*'])).data)).toEqual([45, 30, true]);
    expect(shown((await ask(['532301'])).data)).toEqual([30, 30, false]);
    expect(shown((await ask([])).data)).toEqual([0, 0, false]);
  });

  it.each(['532300', '532302'])('are in no total over more than the scope: %s', async (code) => {
    const variables = { r: [{ __typename: 'DivisionAt', code, period }] };
    const ask = (divisions: string[]) => direct(hub, register, { query: TOTAL, variables, context: { divisions } });
    expect((await ask(['*'])).data).toEqual({ _entities: [{ residents: code === '532300' ? 45 : 15 }] });
    expect(await ask(['532301'])).toMatchObject({
      data: { _entities: [{ residents: null }] },
      codes: ['PARTIAL_SCOPE'],
    });
  });
});

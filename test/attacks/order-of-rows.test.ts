import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Caller } from '../../lib/caller.ts';
import { composeResidentNumber } from '../../lib/codes/resident-number.ts';
import { models, type PersonRecord } from '../../subgraphs/population/models.ts';
import { definition } from '../../subgraphs/population/subgraph.ts';
import { planOf } from '../support/explain.ts';
import { type RunningSubgraph, startSubgraph } from '../support/subgraph.ts';

/*
 * Two departments put full extracts together by where the rows stand in them (linkage: ISO/IEC 20889 §5). Of each row they know
 * the village, which everybody may read. What they can gain by it alone, one row for each village, is chance here.
 */
const CONSUMERS = {
  relief: { department: 'civil-affairs', application: 'relief', purpose: 'low-income-check', roles: [] },
  audit: { department: 'civil-affairs', application: 'relief', purpose: 'audit', roles: [] },
  taxation: { department: 'taxation', application: 'tax', purpose: 'low-income-check', roles: [] },
} as const satisfies Record<string, Caller>;
/** The first has too many rows to be read for a page, the second has not. */
const COUNTIES = { '532301': 3_000, '532302': 500 } as const;
const PERSONS = 3_500;
const VILLAGES = 30;

interface Row {
  readonly id: string;
  readonly cursor: string;
  readonly village: string;
  /** What an attacker does not have: the person behind the row. */
  readonly person: string;
}

function person(number: number): PersonRecord {
  const county = number < COUNTIES['532301'] ? '532301' : '532302';
  const random = createHash('sha256').update(`person ${number}`).digest();
  const sex = String(1 + (random.readUInt8(20) % 2));
  const village = String(1 + (random.readUInt8(21) % VILLAGES)).padStart(3, '0');
  return {
    _id: random.toString('hex', 0, 16),
    residentNumber: composeResidentNumber(
      county,
      `19${10 + Math.floor(number / 400)}-01-01`,
      String(number % 400).padStart(3, '0'),
    ),
    name: `张${number}`,
    sex,
    birthDate: '1980-01-01',
    division: `${county}101${village}`,
    county,
    address: '鹿城南路1号',
    householdNumber: number,
    status: 'REGISTERED',
    source: '户籍系统',
    updatedAt: new Date('2026-01-01T00:00:00Z'),
  };
}

let subgraph: RunningSubgraph;

beforeAll(async () => {
  subgraph = await startSubgraph(definition, models);
  await models(subgraph.connection).persons.insertMany(Array.from({ length: PERSONS }, (_, number) => person(number)));
}, 60_000);
afterAll(() => subgraph.close());
beforeEach(() => {
  subgraph.reads();
});

interface Extract {
  readonly caller: Caller;
  readonly filter?: string;
  readonly first: number;
}

async function* pagesOf({ caller, filter = 'division: "532300"', first }: Extract): AsyncGenerator<Row[]> {
  const query = `query ($after: String) { persons(filter: { ${filter} }, first: ${first}, after: $after) {
    edges { cursor node { id division name } } pageInfo { hasNextPage endCursor } } }`;
  for (let after: string | null = null, more = true; more;) {
    const { data } = await subgraph.ask(query, { after }, { caller });
    const { edges, pageInfo } = data?.['persons'] as {
      edges: { cursor: string; node: { id: string; division: string; name: string } }[];
      pageInfo: { hasNextPage: boolean; endCursor: string };
    };
    yield edges.map(({ cursor, node }) => ({ cursor, id: node.id, village: node.division, person: node.name }));
    [after, more] = [pageInfo.endCursor, pageInfo.hasNextPage];
  }
}

const extracts = new Map<string, Promise<Row[]>>();

function extract(asked: Extract): Promise<Row[]> {
  const name = JSON.stringify(asked);
  const rows = extracts.get(name) ?? allOf(asked);
  extracts.set(name, rows);
  return rows;
}

async function allOf(asked: Extract): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const page of pagesOf(asked)) rows.push(...page);
  return rows;
}

type Attack = (ours: readonly Row[], theirs: readonly Row[]) => number;

/** Joins the n-th row of each group to the n-th of the same group. */
const byRank =
  (groupOf: (row: Row, rank: number) => string, order?: (row: Row) => string): Attack =>
  (ours, theirs) => {
    const ranked = (rows: readonly Row[]): Map<string, Row> => {
      const sorted = order ? [...rows].sort((one, other) => (order(one) < order(other) ? -1 : 1)) : rows;
      const sizes = new Map<string, number>();
      const numbered = sorted.map((row, rank): [string, Row] => {
        const group = groupOf(row, rank);
        const number = (sizes.get(group) ?? 0) + 1;
        sizes.set(group, number);
        return [`${group} ${number}`, row];
      });
      return new Map(numbered);
    };
    const known = ranked(theirs);
    return [...ranked(ours)].filter(([place, row]) => known.get(place)?.person === row.person).length;
  };

/** Joins each row to the row of its village around which the villages are most alike. */
const byNeighbours =
  (reach: number): Attack =>
  (ours, theirs) => {
    const candidates = around(theirs, reach);
    const joined = around(ours, reach).filter(({ row, villages }) => {
      let best = { person: '', likeness: -1 };
      for (const candidate of candidates.filter((one) => one.row.village === row.village)) {
        const likeness = alike(villages, candidate.villages);
        if (likeness > best.likeness) best = { person: candidate.row.person, likeness };
      }
      return best.person === row.person;
    });
    return joined.length;
  };

type Villages = ReadonlyMap<string, number>;

function around(rows: readonly Row[], reach: number): { readonly row: Row; readonly villages: Villages }[] {
  return rows.map((row, rank) => {
    const villages = new Map<string, number>();
    for (const { village } of rows.slice(Math.max(0, rank - reach), rank + reach + 1))
      villages.set(village, (villages.get(village) ?? 0) + 1);
    return { row, villages };
  });
}

function alike(one: Villages, other: Villages): number {
  let both = 0;
  for (const [village, count] of one) both += Math.min(count, other.get(village) ?? 0);
  return both;
}

const countyOf = ({ village }: Row): string => village.slice(0, 6);
const PAGE = 200;

/** How an attacker joins rows, and the rows that this joins in random orders: one in the mean for each group, or village. */
const ATTACKS: readonly (readonly [string, Attack, number])[] = [
  ['the number of the row', byRank(() => ''), 1],
  ['the number within the county', byRank(countyOf), 2],
  ['the number within the village', byRank(({ village }) => village), 2 * VILLAGES],
  ['the page and the village', byRank(({ village }, rank) => `${Math.floor(rank / PAGE)} ${village}`), 2 * VILLAGES],
  ['the villages of the 32 rows around it', byNeighbours(16), 2 * VILLAGES],
  ['the villages of the 80 rows around it', byNeighbours(40), 2 * VILLAGES],
];
const OF_TEXTS: typeof ATTACKS = [
  ['the order of ids', byRank(countyOf, ({ id }) => id), 2],
  ['the order of cursors', byRank(countyOf, ({ cursor }) => cursor), 2],
];

/** Six standard deviations above the mean of a random order: less than once in a million runs. */
const chance = (mean: number): number => mean + 6 * Math.sqrt(mean) + 4;

/** References as the store has them: the order in which everybody would be given the rows. */
const storedOrder = (rows: readonly Row[]): Row[] => {
  const refs = new Map(Array.from({ length: PERSONS }, (_, number) => [`张${number}`, person(number)]));
  const place = (row: Row): string => `${countyOf(row)} ${refs.get(row.person)?._id}`;
  return [...rows].sort((one, other) => (place(one) < place(other) ? -1 : 1));
};

describe('without an order of their own', () => {
  it.each(ATTACKS)('two extracts are joined by %s', async (_, attack) => {
    const rows = storedOrder(await extract({ caller: CONSUMERS.relief, first: PAGE }));
    const other = storedOrder(await extract({ caller: CONSUMERS.taxation, first: 150 }));
    expect(attack(rows, other)).toBeGreaterThan(0.9 * PERSONS);
  });

  it('slots of 32 rows that come in another order for each are found by their villages, and the rows in them', async () => {
    const inSlots = (rows: readonly Row[]): Row[] => {
      const stored = storedOrder(rows);
      const slots = Array.from({ length: PERSONS / 30 }, (_, slot) => stored.slice(30 * slot, 30 * (slot + 1)));
      const shuffled = <T>(items: readonly T[], key: (item: T) => string): T[] =>
        [...items].sort((one, other) => (key(one) < key(other) ? -1 : 1));
      return shuffled(slots, (slot) => slot[0]?.id ?? '').flatMap((slot) => shuffled(slot, ({ id }) => id));
    };
    const rows = inSlots(await extract({ caller: CONSUMERS.relief, first: PAGE }));
    const other = inSlots(await extract({ caller: CONSUMERS.taxation, first: PAGE }));
    expect(byNeighbours(16)(rows, other)).toBeGreaterThan(10 * 2 * VILLAGES);
  });
});

describe.each([
  ['two departments', CONSUMERS.relief, CONSUMERS.taxation],
  ['one department for two purposes', CONSUMERS.relief, CONSUMERS.audit],
])('the extracts of %s', (_, one, other) => {
  it.each([
    ['all persons', 'division: "532300"', 200],
    ['all persons, on pages of another size', 'division: "532300"', 150],
    ['the men', 'division: "532300", sex: MALE', 200],
    ['one county of many', 'division: "532301"', 200],
  ])('of %s are joined by no order more often than random ones', async (__, filter, first) => {
    const ours = await extract({ caller: one, filter, first: PAGE });
    const theirs = await extract({ caller: other, filter, first });
    expect(new Set(theirs.map((row) => row.person))).toEqual(new Set(ours.map((row) => row.person)));
    for (const [name, attack, mean] of [...ATTACKS, ...OF_TEXTS])
      expect(attack(ours, theirs), name).toBeLessThan(chance(mean));
  });

  it('have few more pairs of rows that stand near each other in both than two random orders', async () => {
    const REACH = 32;
    const filter = 'division: "532301"';
    const ours = await extract({ caller: one, filter, first: PAGE });
    const rank = new Map((await extract({ caller: other, filter, first: PAGE })).map((row, at) => [row.person, at]));
    const at = ours.map((row) => rank.get(row.person) ?? Number.NaN);
    const near = at.reduce(
      (sum, place, index) =>
        sum + at.slice(index + 1, index + 1 + REACH).filter((next) => Math.abs(next - place) <= REACH).length,
      0,
    );
    // In random orders 2 × REACH²; those that rounds and bundles add are an eighth of a pair for each row at most.
    expect(near).toBeLessThan(chance(2 * REACH ** 2 + COUNTIES['532301'] / 8));
  });
});

describe('the list of one consumer', () => {
  it('comes in one order, whatever the pages, each person once', async () => {
    const rows = await extract({ caller: CONSUMERS.relief, first: 200 });
    expect(new Set(rows.map((row) => row.person)).size).toBe(PERSONS);
    expect(rows.map(countyOf)).toEqual(rows.map(countyOf).sort());
    expect(await extract({ caller: CONSUMERS.relief, first: 73 })).toEqual(rows);
  });

  it('skips nobody and shows nobody twice while persons come and go', async () => {
    const { persons } = models(subgraph.connection);
    const seen: string[] = [];
    let come = PERSONS;
    try {
      for await (const page of pagesOf({ caller: CONSUMERS.audit, first: 100 })) {
        seen.push(...page.map((row) => row.person));
        await persons.create(
          Array.from({ length: 10 }, () => ({ ...person(come++), county: '532301', division: '532301101001' })),
        );
        await persons.deleteMany({ _id: { $in: [person(come)._id, person(come - 5)._id] } });
      }
    } finally {
      await persons.deleteMany({ householdNumber: { $gte: PERSONS } });
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((name) => Number(name.slice(1)) < PERSONS)).toHaveLength(PERSONS);
  });

  it('reads no more than 2,049 ids and one bundle for a first page, and for the next one its rows', async () => {
    const pages = pagesOf({ caller: CONSUMERS.relief, filter: 'division: "532301"', first: 20 });
    subgraph.reads();
    await pages.next();
    const reads = subgraph.reads();
    const plans = await Promise.all(reads.map((read) => planOf(subgraph.connection, read)));
    expect(Math.max(...plans.map(({ docsExamined }) => docsExamined))).toBe(2_049);
    expect(plans.filter(({ docsExamined }) => docsExamined > 110)).toHaveLength(1);
    expect(new Set(plans.flatMap(({ indexes }) => indexes))).toEqual(new Set(['county_1__id_1', '_id_']));
    expect(plans.filter(({ sorts }) => sorts)).toEqual([]);
    // The ids of the first thousands, 32 slots, the rows.
    expect(reads).toHaveLength(1 + 32 + 1);
    await pages.next();
    const next = subgraph.reads();
    expect(next.map(({ name }) => name)).toEqual(['persons.find']);
    for (const read of next) expect((await planOf(subgraph.connection, read)).docsExamined).toBe(20);
  });
});

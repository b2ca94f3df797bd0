import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../lib/caller.ts';
import { composeResidentNumber } from '../../lib/codes/resident-number.ts';
import { models, type PersonRecord } from '../../subgraphs/population/models.ts';
import { definition } from '../../subgraphs/population/subgraph.ts';
import { type RunningSubgraph, startSubgraph } from '../support/subgraph.ts';

/*
 * Two consumers that put their extracts together, and one consumer that does so with what it was given for two purposes
 * (linkage: 个人信息保护法 §6, ISO/IEC 20889 §5). Every person is extracted by each of them, page by page, with ids and cursors only.
 * What the order of the rows tells is attacked in order-of-rows.test.ts.
 */
const CONSUMERS: Readonly<Record<string, Caller>> = {
  relief: { department: 'civil-affairs', application: 'relief', purpose: 'low-income-check', roles: [] },
  'relief for another purpose': { department: 'civil-affairs', application: 'relief', purpose: 'audit', roles: [] },
  taxation: { department: 'taxation', application: 'tax', purpose: 'low-income-check', roles: [] },
};
const PERSONS = 240;
const PAGE = 37;

interface Row {
  readonly id: string;
  readonly cursor: string;
  /** What an attacker does not have: the person behind the row. */
  readonly person: string;
}

/** References without meaning and without order, as the register makes them. */
const refOf = (number: number): string => createHash('sha256').update(`person ${number}`).digest('hex').slice(0, 32);

function person(number: number): PersonRecord {
  const county = number % 3 === 0 ? '532302' : '532301';
  return {
    _id: refOf(number),
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
}

let subgraph: RunningSubgraph;
const extracts = new Map<string, readonly Row[]>();

beforeAll(async () => {
  subgraph = await startSubgraph(definition, models);
  await models(subgraph.connection).persons.insertMany(Array.from({ length: PERSONS }, (_, number) => person(number)));
  for (const [name, caller] of Object.entries(CONSUMERS)) extracts.set(name, await extractAll(caller));
});
afterAll(() => subgraph.close());

async function extractAll(caller: Caller): Promise<Row[]> {
  const rows: Row[] = [];
  const query = `query ($after: String) { persons(filter: { division: "532300" }, first: ${PAGE}, after: $after) {
    edges { cursor node { id name } } pageInfo { hasNextPage endCursor } } }`;
  for (let after: string | null = null, more = true; more;) {
    const { data } = await subgraph.ask(query, { after }, { caller });
    const page = data?.['persons'] as {
      edges: { cursor: string; node: { id: string; name: string } }[];
      pageInfo: { hasNextPage: boolean; endCursor: string };
    };
    rows.push(...page.edges.map(({ cursor, node }) => ({ cursor, id: node.id, person: node.name })));
    [after, more] = [page.pageInfo.endCursor, page.pageInfo.hasNextPage];
  }
  return rows;
}

const extractOf = (name: string): readonly Row[] => extracts.get(name) ?? [];

const PAIRS = Object.keys(CONSUMERS).flatMap((one, index, all) => all.slice(index + 1).map((other) => [one, other]));

/** Rows that two extracts have in common by a column. */
function joined(one: string, other: string, column: 'id' | 'cursor' | 'person'): number {
  const values = new Set(extractOf(other).map((row) => row[column]));
  return extractOf(one).filter((row) => values.has(row[column])).length;
}

describe.each(PAIRS)('the extracts of %s and %s', (one = '', other = '') => {
  it('are of the same persons, each in them once', () => {
    for (const name of [one, other]) expect(new Set(extractOf(name).map(({ id }) => id)).size).toBe(PERSONS);
    expect(joined(one, other, 'person')).toBe(PERSONS);
  });

  it('have no id and no cursor in common', () => {
    expect([joined(one, other, 'id'), joined(one, other, 'cursor')]).toEqual([0, 0]);
  });

  it('have ids and cursors that do not begin or end alike more often than chance has it', () => {
    const bytesOf = (name: string, column: 'id' | 'cursor'): Buffer[] =>
      extractOf(name).map((row) => Buffer.from(row[column], 'base64url'));
    for (const column of ['id', 'cursor'] as const) {
      const theirs = bytesOf(other, column);
      const ours = bytesOf(one, column);
      // Of 240 × 240 pairs two 8-byte ends are the same by chance once in 10^14 runs.
      for (const end of [(bytes: Buffer) => bytes.subarray(0, 8), (bytes: Buffer) => bytes.subarray(-8)]) {
        const known = new Set(theirs.map((bytes) => end(bytes).toString('hex')));
        expect(ours.filter((bytes) => known.has(end(bytes).toString('hex')))).toEqual([]);
      }
    }
  });

  it('are not joined by sorting them by id or by cursor', () => {
    for (const column of ['id', 'cursor'] as const) {
      const sorted = (name: string): Row[] => [...extractOf(name)].sort((a, b) => (a[column] < b[column] ? -1 : 1));
      const theirs = sorted(other);
      const matches = sorted(one).filter(({ person }, rank) => theirs[rank]?.person === person).length;
      // A random order matches one row in the mean, nine or more once in a million runs.
      expect(matches).toBeLessThan(9);
    }
  });
});

describe('an id or a cursor in other hands', () => {
  const byId = (id: string, caller: Caller) =>
    subgraph.ask('query ($id: ID!) { person(id: $id) { name } }', { id }, { caller });
  const after = (cursor: string, caller: Caller) =>
    subgraph.ask(
      'query ($after: String) { persons(filter: { division: "532300" }, after: $after) { edges { node { id } } } }',
      { after: cursor },
      { caller },
    );

  it.each(
    PAIRS.flatMap(([one, other]) => [
      [one, other],
      [other, one],
    ]),
  )('of %s is to %s what an unknown one is', async (owner = '', user = '') => {
    const caller = CONSUMERS[user];
    const [row] = extractOf(owner);
    if (!caller || !row) throw new Error('an extract above');
    subgraph.reads();
    const unknown = Buffer.alloc(Buffer.from(row.id, 'base64url').length, 1).toString('base64url');
    expect(await byId(row.id, caller)).toEqual(await byId(unknown, caller));
    expect((await byId(row.id, caller)).data).toEqual({ person: null });
    expect(await after(row.cursor, caller)).toEqual(await after('none', caller));
    expect((await after(row.cursor, caller)).codes).toEqual(['BAD_CURSOR']);
    // Not even the time of a read tells them apart.
    expect(subgraph.reads()).toEqual([]);
  });

  it('works in the right ones', async () => {
    for (const [name, caller] of Object.entries(CONSUMERS)) {
      const row = extractOf(name)[5];
      expect((await byId(row?.id ?? '', caller)).data).toEqual({ person: { name: row?.person } });
      expect((await after(row?.cursor ?? '', caller)).errors).toBeUndefined();
    }
  });

  it('is the same in all applications of one department for one purpose, which may work together', async () => {
    const relief = CONSUMERS['relief'];
    const [row] = extractOf('relief');
    if (!relief) throw new Error('a consumer above');
    const { data } = await byId(row?.id ?? '', { ...relief, application: 'another' });
    expect(data).toEqual({ person: { name: row?.person } });
  });
});

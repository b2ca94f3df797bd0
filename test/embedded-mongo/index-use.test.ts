/** A query by index reads the same number of documents whether the collection has a thousand or a hundred thousand. */
import type { mongo } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { collectionOf, isEmbedded, loose, type Opened, openDatabase } from './support.ts';

let opened: Opened;
const small = (): mongo.Collection => collectionOf(opened.connection, 'small');
const large = (): mongo.Collection => collectionOf(opened.connection, 'large');

/** A hundred persons live in each county, however many counties there are. */
const person = (i: number) => ({
  _id: `p${String(i).padStart(7, '0')}`,
  number: `n${String((i * 7919) % 1_000_003).padStart(7, '0')}`,
  county: `c${String(Math.floor(i / 100)).padStart(5, '0')}`,
  name: `name${String((i * 31) % 100).padStart(3, '0')}`,
  sex: String(i % 2),
  birthDate: `${1950 + (i % 60)}-01-01`,
  household: Math.floor(i / 4),
  tokens: [`t${i % 100 < 3 ? i % 100 : 'x'}`, `u${Math.floor(i / 100)}`],
  at: { type: 'Point', coordinates: [((i * 7) % 1000) / 10, Math.floor(i / 1000) / 2 - 45] },
});

beforeAll(async () => {
  opened = await openDatabase('index-use');
  for (const [collection, size] of [
    [small(), 1_000],
    [large(), 100_000],
  ] as const) {
    for (const key of [
      { county: 1, name: 1 },
      { household: 1 },
      { county: 1, sex: 1, birthDate: -1 },
      { tokens: 1 },
      { at: '2dsphere' },
    ] as const) {
      await collection.createIndex(key, undefined, undefined);
    }
    await collection.createIndex({ number: 1 }, { unique: true }, undefined);
    for (let from = 0; from < size; from += 5_000) {
      await collection.insertMany(
        Array.from({ length: Math.min(5_000, size - from) }, (_, i) => loose(person(from + i))),
      );
    }
  }
});
afterAll(() => opened.close());

type Stats = { totalDocsExamined: number; totalKeysExamined: number; nReturned: number };
type Query = { filter: mongo.Filter<mongo.Document>; sort?: mongo.Sort; limit?: number };

async function cost(collection: mongo.Collection, { filter, sort, limit = 0 }: Query): Promise<Stats> {
  const explained = await collection
    .find(filter)
    .sort(sort ?? {})
    .limit(limit)
    .explain('executionStats');
  const { totalDocsExamined, totalKeysExamined, nReturned } = explained['executionStats'] as Stats;
  return { totalDocsExamined, totalKeysExamined, nReturned };
}

const county = 'c00003';
const area = {
  type: 'Polygon',
  coordinates: [
    [
      [1, -46],
      [5, -46],
      [5, -44.9],
      [1, -44.9],
      [1, -46],
    ],
  ],
};

describe('documents examined', () => {
  const cases: [string, Query, docs: number, returned: number][] = [
    ['one by _id', { filter: loose({ _id: 'p0000042' }) }, 1, 1],
    ['several by _id', { filter: loose({ _id: { $in: ['p0000001', 'p0000002', 'none'] } }) }, 2, 2],
    ['one by unique number', { filter: { number: person(7).number } }, 1, 1],
    ['a county', { filter: { county } }, 100, 100],
    ['a county by name', { filter: { county, name: 'name031' } }, 1, 1],
    ['the first page of a county, by name', { filter: { county }, sort: { name: 1, _id: 1 }, limit: 20 }, 20, 20],
    ['the last page of a county', { filter: { county }, sort: { name: -1, _id: -1 }, limit: 20 }, 20, 20],
    [
      'the first page of several counties, merged',
      { filter: { county: { $in: ['c00001', 'c00002', county] } }, sort: { name: 1 }, limit: 20 },
      20,
      20,
    ],
    [
      'men of a county born in some years',
      { filter: { county, sex: '1', birthDate: { $gte: '1950-01-01', $lt: '1960-01-01' } } },
      10,
      10,
    ],
    ['the members of households, by _id', { filter: { household: { $in: [3, 5, 8] } }, sort: { _id: 1 } }, 12, 12],
    ['either of two indexes', { filter: { $or: [{ household: 3 }, { number: person(50).number }] } }, 5, 5],
    ['the rarer of two words', { filter: { tokens: { $all: ['tx', 'u3'] } } }, 100, 97],
    ['a county prefix', { filter: { county: /^c00003/ } }, 100, 100],
  ];
  it.each(cases)('%s', async (_, query, docs, returned) => {
    const [few, many] = [await cost(small(), query), await cost(large(), query)];
    expect(few).toEqual(many);
    expect(many.nReturned).toBe(returned);
    // A MongoDB server may take another plan of the same kind.
    if (isEmbedded) expect(many.totalDocsExamined).toBe(docs);
  });

  it('the next page by key set, anywhere in a county', async () => {
    const { name, _id } = person(335);
    const beyond = { $or: [{ name: { $gt: name } }, { name, _id: { $gt: _id } }] };
    const filter = loose({ $and: [{ county }, beyond] });
    const query = { filter, sort: { name: 1, _id: 1 } as const, limit: 10 };
    const [few, many] = [await cost(small(), query), await cost(large(), query)];
    expect(few).toEqual(many);
    expect(many.nReturned).toBe(10);
    if (isEmbedded) expect(many.totalDocsExamined).toBe(11);
  });

  it('an area, for the places in it', async () => {
    const query = { filter: { at: { $geoWithin: { $geometry: area } } } };
    const [few, many] = [await cost(small(), query), await cost(large(), query)];
    expect(many.nReturned).toBe(few.nReturned);
    expect(many.totalDocsExamined).toBeLessThan(3 * many.nReturned + 50);
  });

  it('everything, where there is no index: the count is real', async () => {
    expect(await cost(small(), { filter: { birthDate: '1950-01-01' } })).toMatchObject({
      totalDocsExamined: 1_000,
      totalKeysExamined: 0,
    });
    expect(await cost(large(), { filter: { birthDate: '1950-01-01' } })).toMatchObject({ totalDocsExamined: 100_000 });
  });

  it('an aggregation and a count are explained too', async () => {
    const pipeline = [{ $match: { county } }, { $group: { _id: '$sex', n: { $sum: 1 } } }];
    const explained = JSON.stringify(await large().aggregate(pipeline).explain('executionStats'));
    expect(explained).toContain('county_1');
    expect(explained).toContain('"totalDocsExamined":100');
    const counted = await large().find({ household: 3 }).explain('queryPlanner');
    expect(JSON.stringify(counted)).toContain('household_1');
    expect(JSON.stringify(counted)).not.toContain('executionStats');
  });
});

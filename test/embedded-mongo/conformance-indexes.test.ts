/** Indexes: what they refuse, what they find, and that they agree with the documents. */
import { mongo, Schema } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  codeOf,
  collectionOf,
  failureOf,
  serverError,
  isEmbedded,
  loose,
  type Opened,
  openDatabase,
} from './support.ts';

let opened: Opened;
let made = 0;
const fresh = (): mongo.Collection => collectionOf(opened.connection, `things${made++}`);

beforeAll(async () => {
  opened = await openDatabase('conformance-indexes');
});
afterAll(() => opened.close());

describe('unique indexes', () => {
  it('refuse a second document and name the key', async () => {
    const things = fresh();
    await things.createIndex({ a: 1, b: -1 }, { unique: true }, undefined);
    await things.insertOne({ a: 1, b: 'x' });
    const error = await serverError(things.insertOne({ a: 1, b: 'x' }));
    expect(error).toMatchObject({ code: 11000, keyPattern: { a: 1, b: -1 }, keyValue: { a: 1, b: 'x' } });
    expect(error.message).toBe(
      `E11000 duplicate key error collection: ${things.dbName}.${things.collectionName} index: a_1_b_-1 dup key: { a: 1, b: "x" }`,
    );
    await things.insertOne({ a: 1, b: 'y' });
    expect(codeOf(await failureOf(things.updateOne({ b: 'y' }, { $set: { b: 'x' } })))).toBe(11000);
    expect(await things.countDocuments({ a: 1, b: 'y' })).toBe(1);
  });

  it('count what is missing as null, once, unless sparse', async () => {
    const [plain, sparse] = [fresh(), fresh()];
    await plain.createIndex({ k: 1 }, { unique: true }, undefined);
    await plain.insertOne({});
    expect(codeOf(await failureOf(plain.insertOne({ k: null })))).toBe(11000);
    await sparse.createIndex({ k: 1 }, { unique: true, sparse: true }, undefined);
    await sparse.insertMany([{ n: 1 }, { n: 2 }, { k: 1 }]);
    expect(codeOf(await failureOf(sparse.insertOne({ k: 1 })))).toBe(11000);
    // A sparse index does not know all documents, so it must not be asked for them.
    expect(await sparse.find().sort({ k: 1 }).toArray()).toHaveLength(3);
    expect(await sparse.countDocuments({ k: null })).toBe(2);
  });

  it('hold for each item of an array across documents, not within one', async () => {
    const things = fresh();
    await things.createIndex({ tags: 1 }, { unique: true }, undefined);
    await things.insertOne({ tags: ['a', 'a', 'b'] });
    expect(codeOf(await failureOf(things.insertOne({ tags: ['c', 'b'] })))).toBe(11000);
    await things.updateOne({}, loose({ $push: { tags: 'b' } }));
    await things.insertOne({ tags: ['c'] });
    expect(await things.countDocuments({ tags: 'c' })).toBe(1);
  });

  it('hold only where a partial filter holds', async () => {
    const things = fresh();
    await things.createIndex({ k: 1 }, { unique: true, partialFilterExpression: { live: true } }, undefined);
    await things.insertMany([
      { k: 1, live: false },
      { k: 1, live: false },
      { k: 1, live: true },
    ]);
    expect(codeOf(await failureOf(things.insertOne({ k: 1, live: true })))).toBe(11000);
    expect(codeOf(await failureOf(things.updateMany({ k: 1 }, { $set: { live: true } })))).toBe(11000);
    expect(await things.countDocuments({ k: 1 })).toBe(3);
    expect(await things.countDocuments({ k: 1, live: true })).toBeGreaterThan(0);
  });

  it('cannot be made over duplicates, and leave nothing behind then', async () => {
    const things = fresh();
    await things.insertMany([{ k: 1 }, { k: 1 }]);
    expect(codeOf(await failureOf(things.createIndex({ k: 1 }, { unique: true }, undefined)))).toBe(11000);
    expect((await things.indexes()).map(({ name }) => name)).toEqual(['_id_']);
    await things.deleteOne({ k: 1 });
    await things.createIndex({ k: 1 }, { unique: true }, undefined);
    expect(await things.find({ k: 1 }).hint('k_1').toArray()).toHaveLength(1);
  });

  it('tell texts apart that are long and begin alike', async () => {
    const things = fresh();
    await things.createIndex({ t: 1 }, { unique: true }, undefined);
    const long = '长'.repeat(500);
    await things.insertMany([{ t: `${long}b` }, { t: `${long}a` }, { t: `${long}c` }]);
    expect(codeOf(await failureOf(things.insertOne({ t: `${long}a` })))).toBe(11000);
    expect(await things.countDocuments({ t: { $gt: `${long}a` } })).toBe(2);
    expect((await things.find().sort({ t: 1 }).limit(3).toArray()).map(({ t }) => String(t).at(-1))).toEqual([
      'a',
      'b',
      'c',
    ]);
  });
});

describe('indexes and documents agree', () => {
  /** Every query with each index hinted finds what it finds without any. */
  it('for many random documents, changes and queries', async () => {
    const things = fresh();
    const random = generator(7);
    const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
    const values = [
      null,
      0,
      1,
      2,
      2.5,
      -1,
      'a',
      'b',
      'ab',
      true,
      new Date(5),
      [1, 2],
      ['a'],
      [],
      { x: 1 },
      [{ x: 1 }, { x: 2 }],
    ];
    const document = (): object => {
      const found: Record<string, unknown> = {};
      for (const name of ['a', 'b', 'c']) if (random() < 0.8) found[name] = pick(values);
      return found;
    };
    const specs: mongo.IndexSpecification[] = [
      { a: 1 },
      { b: -1 },
      { a: 1, c: -1 },
      { 'a.x': 1, 'a.y': 1 },
      { c: 1, b: 1 },
    ];
    const arrays = (d: Record<string, unknown>): number =>
      ['a', 'b', 'c'].filter((name) => Array.isArray(d[name])).length;
    for (const spec of specs) await things.createIndex(spec, undefined, undefined);
    const documents = Array.from({ length: 80 }, document) as Record<string, unknown>[];
    await things.insertMany(documents.filter((one) => arrays(one) < 2));
    for (let i = 0; i < 12; i++) await things.updateOne({ b: pick(values) }, { $set: { b: pick(['z', 1, null]) } });
    await things.deleteMany({ c: 2.5 });
    const conditions = (): object =>
      pick([
        () => pick(values),
        () => ({ $gt: pick([0, 1, 'a', new Date(1)]) }),
        () => ({ $gte: pick([1, 'a']), $lt: pick([3, 'b']) }),
        () => ({ $in: [pick(values), pick(values)] }),
        () => ({ $ne: pick(values) }),
        () => ({ $exists: random() < 0.5 }),
        () => ({ $lte: pick([null, 2, 'b']) }),
        () => ({ $elemMatch: { $gte: 1, $lt: 2 } }),
        () => ({ $not: { $gt: 1 } }),
      ])() as object;
    for (let i = 0; i < 60; i++) {
      const filter: Record<string, unknown> = { [pick(['a', 'b', 'c', 'a.x'])]: conditions() };
      if (random() < 0.6) filter[pick(['a', 'b', 'c', 'a.y'])] = conditions();
      const sort = { [pick(['a', 'b', 'c'])]: pick([1, -1] as const), _id: 1 as const };
      const ids = async (hint?: mongo.Hint): Promise<string[]> => {
        const cursor = things.find(filter, { projection: { _id: 1 } }).sort(sort);
        return (await (hint ? cursor.hint(hint) : cursor).toArray()).map(({ _id }) => String(_id));
      };
      const plain = await ids({ $natural: 1 });
      expect({ filter, count: await things.countDocuments(filter) }).toEqual({ filter, count: plain.length });
      const found = await Promise.all([undefined, ...specs].map((hint) => ids(hint as mongo.Hint | undefined)));
      for (const [at, list] of found.entries())
        expect({ filter, hint: specs[at - 1], list }).toEqual({ filter, hint: specs[at - 1], list: plain });
    }
  });

  it('gives the order of several values at once from one index', async () => {
    const things = fresh();
    await things.createIndex({ county: 1, name: 1 }, undefined, undefined);
    await things.insertMany(
      Array.from({ length: 200 }, (_, i) => loose({ _id: i, county: `c${i % 5}`, name: `n${(i * 37) % 100}` })),
    );
    const filter = { county: { $in: ['c1', 'c3', 'c4'] } };
    for (const way of [1, -1] as const) {
      const plain = await things.find(filter).hint({ $natural: 1 }).sort({ name: way, _id: way }).toArray();
      expect(await things.find(filter).sort({ name: way, _id: way }).toArray()).toEqual(plain);
      expect(await things.find(filter).sort({ name: way, _id: way }).skip(3).limit(7).toArray()).toEqual(
        plain.slice(3, 10),
      );
    }
  });
});

describe('managing indexes', () => {
  it('lists, compares and drops them as mongoose expects', async () => {
    const schema = new Schema({ a: String, b: Number, c: Date }, { autoIndex: false })
      .index({ a: 1 }, { unique: true })
      .index({ b: -1, a: 1 });
    const model = opened.connection.model('Managed', schema);
    await model.createCollection();
    await model.syncIndexes();
    expect(await model.syncIndexes()).toEqual([]);
    await model.collection.createIndex({ c: 1 }, { expireAfterSeconds: 60 }, undefined);
    expect(await model.diffIndexes()).toEqual({ toDrop: ['c_1'], toCreate: [] });
    expect(await model.syncIndexes()).toEqual(['c_1']);
    const indexes = await model.collection.indexes();
    expect(indexes.map(({ name, unique }) => [name, unique])).toEqual([
      ['_id_', undefined],
      ['a_1', true],
      ['b_-1_a_1', undefined],
    ]);
  });

  it('refuses one that contradicts another', async () => {
    const things = fresh();
    await things.createIndex({ a: 1 }, undefined, undefined);
    expect(await things.createIndex({ a: 1 }, undefined, undefined)).toBe('a_1');
    expect(codeOf(await failureOf(things.createIndex({ a: 1 }, { unique: true }, undefined)))).toBe(86);
    expect(codeOf(await failureOf(things.createIndex({ a: 1 }, { name: 'other' }, undefined)))).toBe(85);
    expect(codeOf(await failureOf(things.dropIndex('none')))).toBe(27);
    await things.dropIndex('a_1');
    expect(await things.indexes()).toHaveLength(1);
  });

  it('makes, lists and drops collections', async () => {
    const { db } = opened.connection;
    await db?.createCollection('made');
    expect(codeOf(await failureOf(db?.command({ create: 'made' }) ?? Promise.resolve()))).toBe(48);
    expect(await db?.listCollections({ name: 'made' }).toArray()).toHaveLength(1);
    await db?.collection('made').insertOne({ a: 1 });
    await db?.collection('made').drop();
    expect(await db?.listCollections({ name: 'made' }).toArray()).toHaveLength(0);
    await db?.createCollection('made');
    expect(await db?.collection('made').countDocuments()).toBe(0);
  });

  it.runIf(isEmbedded)('removes what a TTL index says has expired, and nothing else', async () => {
    const things = fresh();
    await things.createIndex({ at: 1 }, { expireAfterSeconds: 1 }, undefined);
    await things.insertMany([
      { at: new Date(Date.now() - 5000) },
      { at: new Date(Date.now() + 60_000) },
      { at: 'never' },
      {},
    ]);
    await expect.poll(() => things.countDocuments(), { timeout: 5000 }).toBe(3);
  });
});

describe('geometry', () => {
  const square = (west: number, south: number, size: number) => ({
    type: 'Polygon',
    coordinates: [
      [
        [west, south],
        [west + size, south],
        [west + size, south + size],
        [west, south + size],
        [west, south],
      ],
    ],
  });
  it('finds points and areas within and across a polygon, with a 2dsphere index and without', async () => {
    const places = fresh();
    const point = (x: number, y: number) => ({ type: 'Point', coordinates: [x, y] });
    await places.insertMany([
      { name: 'in', at: point(10.5, 50.5) },
      { name: 'corner', at: point(10.001, 50.001) },
      { name: 'out', at: point(20, 50) },
      { name: 'across', at: square(10.8, 50.8, 0.5) },
      { name: 'inside', at: square(10.2, 50.2, 0.2) },
      { name: 'around', at: square(9, 49, 5) },
      {
        name: 'line',
        at: {
          type: 'LineString',
          coordinates: [
            [9, 50.5],
            [12, 50.5],
          ],
        },
      },
      { name: 'none' },
    ]);
    const names = async (operator: string): Promise<string[]> =>
      (await places.find({ at: { [operator]: { $geometry: square(10, 50, 1) } } }).toArray())
        .map(({ name }) => String(name))
        .sort();
    const within = ['corner', 'in', 'inside'];
    const touching = ['across', 'around', 'corner', 'in', 'inside', 'line'];
    expect([await names('$geoWithin'), await names('$geoIntersects')]).toEqual([within, touching]);
    await places.createIndex({ at: '2dsphere' }, undefined, undefined);
    expect([await names('$geoWithin'), await names('$geoIntersects')]).toEqual([within, touching]);
    expect(await places.countDocuments({ at: { $geoIntersects: { $geometry: point(10.3, 50.3) } } })).toBe(2);
    expect(codeOf(await failureOf(places.insertOne({ at: 'nowhere' })))).toBe(16755);
  });
});

/** The same numbers on every run. */
function generator(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
}

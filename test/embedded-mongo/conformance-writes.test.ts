/** Updates, upserts, findAndModify and bulk writes, as a MongoDB server does them. */
import { mongo, Schema } from 'mongoose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { codeOf, collectionOf, failureOf, serverError, loose, type Opened, openDatabase } from './support.ts';

let opened: Opened;
const things = (): mongo.Collection => collectionOf(opened.connection, 'things');

beforeAll(async () => {
  opened = await openDatabase('conformance-writes');
});
afterAll(() => opened.close());
beforeEach(async () => {
  await things().deleteMany({});
});

describe('update operators', () => {
  const start = {
    n: 5,
    s: 'a',
    list: [1, 2, 3],
    docs: [
      { k: 'x', v: 1 },
      { k: 'y', v: 2 },
    ],
    sub: { a: 1 },
  };
  const cases: [string, object, object][] = [
    ['$set', { $set: { n: 6, 'sub.b': 2, 'new.deep': 1 } }, { n: 6, sub: { a: 1, b: 2 }, new: { deep: 1 } }],
    ['$set of an item', { $set: { 'list.1': 9, 'list.4': 7 } }, { list: [1, 9, 3, null, 7] }],
    ['$unset', { $unset: { s: 1, 'list.0': 1 } }, { s: undefined, list: [null, 2, 3] }],
    [
      '$inc and $mul',
      { $inc: { n: -2, made: 3 }, $mul: { 'sub.a': 4, zero: 9 } },
      { n: 3, made: 3, sub: { a: 4 }, zero: 0 },
    ],
    ['$min and $max', { $min: { n: 3, low: 1 }, $max: { 'sub.a': 0 } }, { n: 3, low: 1, sub: { a: 1 } }],
    ['$rename', { $rename: { s: 'text', 'sub.a': 'sub.z' } }, { s: undefined, text: 'a', sub: { z: 1 } }],
    ['$push', { $push: { list: 4, made: 1 } }, { list: [1, 2, 3, 4], made: [1] }],
    [
      '$push with all its modifiers',
      { $push: { list: { $each: [9, 0], $position: 0, $sort: -1, $slice: 3 } } },
      { list: [9, 3, 2] },
    ],
    [
      '$push sorting documents',
      { $push: { docs: { $each: [{ k: 'a', v: 3 }], $sort: { k: 1 }, $slice: -2 } } },
      {
        docs: [
          { k: 'x', v: 1 },
          { k: 'y', v: 2 },
        ],
      },
    ],
    [
      '$addToSet',
      { $addToSet: { list: { $each: [3, 4] }, docs: { k: 'x', v: 1 } } },
      { list: [1, 2, 3, 4], docs: start.docs },
    ],
    ['$pull by condition', { $pull: { list: { $gte: 2 }, docs: { k: 'x' } } }, { list: [1], docs: [{ k: 'y', v: 2 }] }],
    ['$pull by $or', { $pull: { docs: { $or: [{ v: 2 }, { k: 'q' }] } } }, { docs: [{ k: 'x', v: 1 }] }],
    ['$pullAll', { $pullAll: { list: [1, 3] } }, { list: [2] }],
    ['$pop', { $pop: { list: -1, docs: 1 } }, { list: [2, 3], docs: [{ k: 'x', v: 1 }] }],
    ['$bit', { $bit: { n: { or: 8, and: 12 } } }, { n: 12 }],
    [
      'every item',
      { $inc: { 'docs.$[].v': 10 } },
      {
        docs: [
          { k: 'x', v: 11 },
          { k: 'y', v: 12 },
        ],
      },
    ],
  ];
  it.each(cases)('%s', async (_, update, expected) => {
    await things().insertOne({ ...start });
    await things().updateOne({}, update);
    expect(await things().findOne()).toMatchObject(
      Object.fromEntries(Object.entries(expected).filter(([, v]) => v !== undefined)),
    );
    for (const [name, value] of Object.entries(expected))
      if (value === undefined) expect(await things().findOne()).not.toHaveProperty(name);
  });

  it('changes the item that matched, under two paths at once', async () => {
    await things().insertOne({ ...start });
    await things().updateOne({ 'docs.k': 'y' }, { $set: { 'docs.$.v': 20, 'docs.$.at': 1 } });
    expect((await things().findOne())?.['docs']).toEqual([
      { k: 'x', v: 1 },
      { k: 'y', v: 20, at: 1 },
    ]);
  });

  it('changes the items that an array filter names', async () => {
    await things().insertOne({ ...start });
    await things().updateOne({}, { $set: { 'docs.$[d].v': 0 } }, { arrayFilters: [{ 'd.v': { $gt: 1 } }] });
    expect((await things().findOne())?.['docs']).toEqual([
      { k: 'x', v: 1 },
      { k: 'y', v: 0 },
    ]);
    const unused = things().updateOne({}, { $set: { n: 1 } }, { arrayFilters: [{ 'd.v': 1 }] });
    expect(codeOf(await failureOf(unused))).toBe(9);
  });

  it('updates by a pipeline', async () => {
    await things().insertOne({ ...start });
    await things().updateOne({}, [{ $set: { n: { $add: ['$n', 1] }, s: { $toUpper: '$s' } } }, { $unset: 'sub' }]);
    const found = await things().findOne();
    expect(found).toMatchObject({ n: 6, s: 'A' });
    expect(found).not.toHaveProperty('sub');
  });

  const refused: [string, object, number][] = [
    ['two operators on one path', { $set: { n: 1 }, $inc: { n: 1 } }, 40],
    ['an operator on a path and above it', { $set: { sub: 1, 'sub.a': 1 } }, 40],
    ['$inc of text', { $inc: { s: 1 } }, 14],
    ['$push to a number', { $push: { n: 1 } }, 2],
    ['$bit of text', { $bit: { s: { or: 1 } } }, 2],
    ['a path that $setOnInsert names too', { $set: { n: 1 }, $setOnInsert: { n: 2 } }, 40],
    ['another _id', { $set: { _id: 'other' } }, 66],
    ['a path through text', { $set: { 's.x': 1 } }, 28],
    ['an unknown operator', { $bogus: { n: 1 } }, 9],
  ];
  it.each(refused)('refuses %s and changes nothing', async (_, update, code) => {
    await things().insertOne({ ...start });
    const before = await things().findOne();
    expect(codeOf(await failureOf(things().updateOne({}, update)))).toBe(code);
    expect(await things().findOne()).toEqual(before);
  });
});

describe('matched, modified and upserted', () => {
  it('counts what an update found and what it changed', async () => {
    await things().insertMany([{ a: 1 }, { a: 1 }, { a: 2 }]);
    expect(await things().updateMany({ a: { $lte: 2 } }, { $set: { a: 2 } })).toMatchObject({
      matchedCount: 3,
      modifiedCount: 2,
    });
  });

  it('upserts with what the filter says and $setOnInsert, once', async () => {
    const update = { $set: { v: 1 }, $setOnInsert: { made: true } };
    const first = await things().updateOne({ k: 'x', 'sub.z': { $eq: 3 }, n: { $gt: 1 } }, update, { upsert: true });
    expect(first.upsertedCount).toBe(1);
    expect(await things().findOne({ k: 'x' })).toMatchObject({
      k: 'x',
      sub: { z: 3 },
      v: 1,
      made: true,
    });
    const second = await things().updateOne({ k: 'x' }, update, { upsert: true });
    expect(second).toMatchObject({ upsertedCount: 0, matchedCount: 1, modifiedCount: 0 });
  });

  it('replaces all but the _id', async () => {
    const { insertedId } = await things().insertOne({ a: 1, b: 2 });
    await things().replaceOne({ a: 1 }, { c: 3 });
    expect(await things().findOne()).toEqual({ _id: insertedId, c: 3 });
  });

  it('upserts a replacement under the _id of its filter', async () => {
    await things().replaceOne(loose({ _id: 'own' }), { c: 1 }, { upsert: true });
    expect(await things().findOne()).toEqual({ _id: 'own', c: 1 });
  });

  it('makes no collection where there is nothing to change', async () => {
    const none = collectionOf(opened.connection, 'none');
    expect((await none.deleteMany({ a: 1 })).deletedCount).toBe(0);
    expect((await none.updateMany({ a: 1 }, { $set: { b: 1 } })).matchedCount).toBe(0);
    expect(await none.findOneAndUpdate({ a: 1 }, { $set: { b: 1 } })).toBeNull();
    expect(codeOf(await failureOf(none.deleteMany({ $bogus: 1 })))).toBe(2);
    expect(codeOf(await failureOf(none.insertOne(loose({ _id: [] }))))).toBe(2);
    expect((await none.updateOne({ a: 1 }, { $set: { b: 1 } }, { upsert: true })).upsertedCount).toBe(1);
  });

  it('deletes one or all', async () => {
    await things().insertMany([{ a: 1 }, { a: 1 }, { a: 1 }]);
    expect((await things().deleteOne({ a: 1 })).deletedCount).toBe(1);
    expect((await things().deleteMany({ a: 1 })).deletedCount).toBe(2);
  });
});

describe('findAndModify', () => {
  it('returns the document before or after, projected, in the order asked for', async () => {
    await things().insertMany([
      { k: 1, n: 1 },
      { k: 2, n: 1 },
    ]);
    expect(
      await things().findOneAndUpdate({ n: 1 }, { $inc: { n: 1 } }, { sort: { k: -1 }, projection: { _id: 0 } }),
    ).toEqual({ k: 2, n: 1 });
    expect(
      await things().findOneAndUpdate(
        { n: 2 },
        { $inc: { n: 1 } },
        { returnDocument: 'after', projection: { n: 1, _id: 0 } },
      ),
    ).toEqual({ n: 3 });
    expect(await things().findOneAndDelete({ n: 3 }, { projection: { _id: 0 } })).toEqual({ k: 2, n: 3 });
    expect(await things().findOneAndDelete({ n: 3 })).toBeNull();
  });

  it('counts correctly for fifty callers at once', async () => {
    const next = () =>
      things().findOneAndUpdate(
        loose({ _id: 'counter' }),
        { $inc: { n: 1 } },
        { upsert: true, returnDocument: 'after' },
      );
    const numbers = await Promise.all(Array.from({ length: 50 }, next));
    expect(new Set(numbers.map((found) => Number(found?.['n']))).size).toBe(50);
    expect((await things().findOne())?.['n']).toBe(50);
  });
});

describe('bulk writes', () => {
  it('does all kinds in one call', async () => {
    const result = await things().bulkWrite([
      { insertOne: { document: { k: 1 } } },
      { updateOne: { filter: { k: 1 }, update: { $set: { v: 1 } } } },
      { replaceOne: { filter: { k: 2 }, replacement: { k: 2 }, upsert: true } },
      { deleteOne: { filter: { k: 1 } } },
    ]);
    expect(result).toMatchObject({ insertedCount: 1, modifiedCount: 1, upsertedCount: 1, deletedCount: 1 });
  });

  it('stops at the first failure, or goes on when not ordered, and says which failed', async () => {
    const insert = (from: number) => [from, from, from + 1].map((n) => loose({ _id: n }));
    const ordered = await failureOf(things().insertMany(insert(1)));
    expect(codeOf(ordered)).toBe(11000);
    expect(await things().countDocuments()).toBe(1);
    const unordered = await serverError(things().insertMany(insert(10), { ordered: false }));
    expect(unordered instanceof mongo.MongoBulkWriteError ? unordered.writeErrors : []).toMatchObject([
      { index: 1, code: 11000 },
    ]);
    expect(await things().countDocuments()).toBe(3);
  });
});

describe('mongoose', () => {
  it('saves arrays with their version, and refuses an older version', async () => {
    const model = opened.connection.model('Version', new Schema({ items: [{ name: String }] }));
    await model.create({ items: [{ name: 'a' }, { name: 'b' }] });
    const [mine, theirs] = [await model.findOne().orFail(), await model.findOne().orFail()];
    mine.items.splice(0, 1);
    await mine.save();
    theirs.items.splice(1, 1);
    theirs.set('items.0.name', 'z');
    expect((await failureOf(theirs.save())).name).toBe('VersionError');
    expect((await model.findOne().orFail()).items.map(({ name }) => name)).toEqual(['b']);
  });

  it('keeps timestamps and discriminators', async () => {
    const shape = opened.connection.model(
      'Shape',
      new Schema({ kind: String }, { discriminatorKey: 'type', timestamps: true }),
    );
    const circle = shape.discriminator('Circle', new Schema({ radius: Number }));
    await circle.create({ kind: 'c', radius: 2 });
    await shape.create({ kind: 's' });
    expect(await circle.countDocuments()).toBe(1);
    expect(await shape.countDocuments({ createdAt: { $type: 'date' } })).toBe(2);
  });
});

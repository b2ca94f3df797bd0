/** Transactions, cursors and change streams, as a MongoDB server has them. */
import { mongo } from 'mongoose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

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
const things = (): mongo.Collection => collectionOf(opened.connection, 'things');

beforeAll(async () => {
  opened = await openDatabase('conformance-sessions');
  await things().createIndex({ k: 1 }, { unique: true }, undefined);
});
afterAll(() => opened.close());
beforeEach(async () => {
  await things().deleteMany({});
});

describe('transactions', () => {
  it('show their writes to themselves, to others only when committed', async () => {
    await opened.connection.transaction(async (session) => {
      await things().insertOne({ k: 1 }, { session });
      await things().insertOne({ k: 2 }, { session });
      await things().updateOne({ k: 1 }, { $set: { v: 1 } }, { session });
      expect(await things().find({ v: 1 }, { session }).toArray()).toHaveLength(1);
      expect((await things().find({}, { session }).sort({ k: -1 }).toArray()).map(({ k }) => Number(k))).toEqual([
        2, 1,
      ]);
      expect(await things().find().toArray()).toHaveLength(0);
    });
    expect(await things().countDocuments()).toBe(2);
  });

  it('leave nothing behind when aborted', async () => {
    await things().insertOne({ k: 1, v: 1 });
    const failure = opened.connection.transaction(async (session) => {
      await things().insertOne({ k: 2 }, { session });
      await things().updateOne({ k: 1 }, { $set: { v: 2 } }, { session });
      await things().deleteOne({ k: 1 }, { session });
      throw new Error('changed my mind');
    });
    expect((await failureOf(failure)).message).toBe('changed my mind');
    expect(
      await things()
        .find({}, { projection: { _id: 0 } })
        .toArray(),
    ).toEqual([{ k: 1, v: 1 }]);
  });

  it('read one snapshot whatever others write', async () => {
    await things().insertOne({ k: 1, v: 1 });
    const session = opened.connection.getClient().startSession();
    session.startTransaction({ readConcern: { level: 'snapshot' } });
    expect(await things().findOne({ k: 1 }, { session })).toMatchObject({ v: 1 });
    await things().updateOne({ k: 1 }, { $set: { v: 2 } });
    await things().insertOne({ k: 2 });
    expect(await things().findOne({ k: 1 }, { session })).toMatchObject({ v: 1 });
    expect(await things().find({}, { session }).toArray()).toHaveLength(1);
    await session.commitTransaction();
    await session.endSession();
  });

  it('refuse to overwrite what was written since they began', async () => {
    await things().insertOne({ k: 1, v: 1 });
    const session = opened.connection.getClient().startSession();
    session.startTransaction();
    await things().findOne({ k: 1 }, { session });
    await things().updateOne({ k: 1 }, { $inc: { v: 1 } });
    const error = await serverError(things().updateOne({ k: 1 }, { $inc: { v: 1 } }, { session }));
    expect(codeOf(error)).toBe(112);
    expect(error.hasErrorLabel('TransientTransactionError')).toBe(true);
    await session.abortTransaction();
    await session.endSession();
    expect(await things().findOne({ k: 1 })).toMatchObject({ v: 2 });
  });

  it('are retried until none is lost', async () => {
    await things().insertOne({ k: 1, v: 0 });
    const addOne = () =>
      opened.connection.transaction(async (session) => {
        const found = await things().findOne({ k: 1 }, { session });
        await new Promise((resolve) => setTimeout(resolve, 5));
        await things().updateOne({ k: 1 }, { $set: { v: Number(found?.['v']) + 1 } }, { session });
      });
    await Promise.all([addOne(), addOne(), addOne(), addOne(), addOne()]);
    expect(await things().findOne({ k: 1 })).toMatchObject({ v: 5 });
  });

  it('end with a failed statement', async () => {
    await things().insertOne({ k: 1 });
    const session = opened.connection.getClient().startSession();
    session.startTransaction();
    await things().insertOne({ k: 2 }, { session });
    expect(codeOf(await failureOf(things().insertOne({ k: 1 }, { session })))).toBe(11000);
    expect(codeOf(await failureOf(things().insertOne({ k: 3 }, { session })))).toBe(251);
    await session.abortTransaction();
    await session.endSession();
    expect(await things().countDocuments()).toBe(1);
  });

  it('make one collection more where they write to a new one', async () => {
    await opened.connection.transaction(async (session) => {
      await collectionOf(opened.connection, 'new').insertOne({ a: 1 }, { session });
    });
    expect(await collectionOf(opened.connection, 'new').countDocuments()).toBe(1);
  });

  it.runIf(isEmbedded)('are ended by a new index, which their writes would not be in', async () => {
    const session = opened.connection.getClient().startSession();
    session.startTransaction();
    await things().insertOne({ k: 1, v: 'x' }, { session });
    await things().createIndex({ v: 1 }, undefined, undefined);
    const error = await serverError(session.commitTransaction());
    expect(error.hasErrorLabel('TransientTransactionError')).toBe(true);
    await session.endSession();
    expect(await things().find({ v: 'x' }).toArray()).toEqual([]);
    await things().dropIndex('v_1');
  });
});

describe('cursors', () => {
  it('go on from batch to batch while others write', async () => {
    await things().insertMany(Array.from({ length: 1000 }, (_, k) => ({ k })));
    const cursor = things().find().sort({ k: 1 }).batchSize(100);
    const seen: number[] = [];
    for await (const { k } of cursor) {
      seen.push(Number(k));
      if (seen.length === 150) await things().deleteMany({ k: { $gte: 900 } });
    }
    expect(seen.slice(0, 900)).toEqual(Array.from({ length: 900 }, (_, k) => k));
  });

  it('can be open by the hundred, each with what was there when it began', async () => {
    await things().insertMany(Array.from({ length: 30 }, (_, k) => ({ k, v: 0 })));
    const cursors: mongo.FindCursor[] = [];
    for (let i = 1; i <= 200; i++) {
      const cursor = things().find().sort({ k: 1 }).batchSize(10);
      await cursor.next();
      cursors.push(cursor);
      await things().updateOne({ k: 29 }, { $set: { v: i } });
    }
    const last = await Promise.all(
      [0, 99, 199].map(async (i) => (await cursors[i]?.toArray())?.at(-1) as mongo.Document),
    );
    if (isEmbedded) expect(last.map(({ v }) => Number(v))).toEqual([0, 99, 199]);
    await Promise.all(cursors.map((cursor) => cursor.close()));
  });

  it('can be closed early, and are then unknown', async () => {
    await things().insertMany(Array.from({ length: 300 }, (_, k) => ({ k })));
    const cursor = things().find().batchSize(100);
    await cursor.next();
    const id = cursor.id;
    await cursor.close();
    const more = opened.connection.db?.command({ getMore: id, collection: 'things' }) ?? Promise.resolve();
    expect(codeOf(await failureOf(more))).toBe(43);
  });

  it('gives the first batch alone where that is asked for', async () => {
    await things().insertMany(Array.from({ length: 300 }, (_, k) => ({ k })));
    expect(await things().find().limit(-5).toArray()).toHaveLength(5);
    expect(await things().find().limit(250).batchSize(100).toArray()).toHaveLength(250);
  });
});

describe('change streams', () => {
  type Event = { operationType: string; fullDocument?: object; updateDescription?: object; documentKey?: object };

  it('tell of inserts, updates, replacements and deletions since they were opened', async () => {
    await things().insertOne({ k: 0 });
    const stream = things().watch<mongo.Document>([{ $match: { operationType: { $ne: 'invalidate' } } }], {
      fullDocument: 'updateLookup',
    });
    const events: Event[] = [];
    stream.on('change', (event) => events.push(event as Event));
    const failures: unknown[] = [];
    stream.on('error', (error) => failures.push(error));
    await new Promise((resolve) => setTimeout(resolve, 300));
    await things().insertOne(loose({ _id: 'x', k: 1, v: 1, w: 1 }));
    await things().updateOne({ k: 1 }, { $set: { v: 2 }, $unset: { w: 1 } });
    await things().replaceOne({ k: 1 }, { k: 1 });
    await things().deleteOne({ k: 1 });
    await collectionOf(opened.connection, 'others').insertOne({ k: 1 });
    await expect.poll(() => events.length, { timeout: 5000 }).toBe(4);
    await stream.close();
    expect(failures).toEqual([]);
    expect(events.map(({ operationType }) => operationType)).toEqual(['insert', 'update', 'replace', 'delete']);
    expect(events[0]).toMatchObject({ documentKey: { _id: 'x' }, fullDocument: { k: 1, v: 1 } });
    expect(events[1]).toMatchObject({ updateDescription: { updatedFields: { v: 2 }, removedFields: ['w'] } });
  });

  it('tell of a transaction only when it has committed', async () => {
    const stream = things().watch<mongo.Document>();
    const events: Event[] = [];
    stream.on('change', (event) => events.push(event as Event));
    await new Promise((resolve) => setTimeout(resolve, 300));
    await failureOf(
      opened.connection.transaction(async (session) => {
        await things().insertOne({ k: 1 }, { session });
        throw new Error('no');
      }),
    );
    await opened.connection.transaction(async (session) => {
      await things().insertOne({ k: 2 }, { session });
    });
    await expect.poll(() => events.length, { timeout: 5000 }).toBe(1);
    await stream.close();
    expect(events[0]?.fullDocument).toMatchObject({ k: 2 });
  });

  it.runIf(isEmbedded)('refuse to go on from a token they do not know, instead of leaving something out', async () => {
    const stream = things().watch([], { resumeAfter: { _data: '1-000000000001' } });
    expect(codeOf(await failureOf(stream.next()))).toBe(286);
    await stream.close();
  });
});

/** What the embedded store does not do it says, by name: an option that is ignored would be a silently wrong answer. */
import { type mongo } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { collectionOf, failureOf, isEmbedded, type Opened, openDatabase } from './support.ts';

describe.runIf(isEmbedded)('refused by name', () => {
  let opened: Opened;
  const db = (): mongo.Db => opened.connection.getClient().db(opened.connection.name);
  beforeAll(async () => {
    opened = await openDatabase('refusals');
    await collectionOf(opened.connection, 'things').insertOne({ a: 1 });
  });
  afterAll(() => opened.close());

  const find = (fields: object): object => ({ find: 'things', ...fields });
  const aggregate = (...pipeline: object[]): object => ({ aggregate: 'things', cursor: {}, pipeline });
  const index = (fields: object): object => ({
    createIndexes: 'things',
    indexes: [{ name: 'x', key: { x: 1 }, ...fields }],
  });
  const update = (fields: object): object => ({
    update: 'things',
    updates: [{ q: {}, u: { $set: { a: 2 } }, ...fields }],
  });
  const cases: [named: string, command: object][] = [
    ['min', find({ min: { a: 1 } })],
    ['max', find({ max: { a: 1 } })],
    ['returnKey', find({ returnKey: true })],
    ['showRecordId', find({ showRecordId: true })],
    ['tailable', find({ tailable: true })],
    ['collation', find({ collation: { locale: 'en', strength: 2 } })],
    ['collation', { count: 'things', query: {}, collation: { locale: 'zh' } }],
    ['collation', update({ collation: { locale: 'en' } })],
    ['collation', { ...aggregate({ $match: {} }), collation: { locale: 'en' } }],
    ['anything', find({ anything: 1 })],
    ['$where', find({ filter: { $where: 'true' } })],
    ['$text', find({ filter: { $text: { $search: 'a' } } })],
    ['$jsonSchema', find({ filter: { $jsonSchema: {} } })],
    ['$near', find({ filter: { at: { $near: [0, 0] } } })],
    ['$centerSphere', find({ filter: { at: { $geoWithin: { $centerSphere: [[0, 0], 1] } } } })],
    ['$bogus', find({ filter: { a: { $bogus: 1 } } })],
    ['$bogus', find({ filter: { $bogus: 1 } })],
    ['$bogus', find({ filter: { a: { $not: { $bogus: 1 } } } })],
    ['$meta', find({ sort: { a: { $meta: 'textScore' } } })],
    ['$meta', find({ projection: { score: { $meta: 'textScore' } } })],
    ["option 'x'", find({ filter: { a: { $regex: 'a', $options: 'x' } } })],
    ['$out', aggregate({ $out: 'other' })],
    ['$merge', aggregate({ $merge: 'other' })],
    ['$geoNear', aggregate({ $geoNear: {} })],
    ['$graphLookup', aggregate({ $graphLookup: {} })],
    ['$unionWith', aggregate({ $unionWith: 'other' })],
    ['$setWindowFields', aggregate({ $match: { a: 5 } }, { $setWindowFields: {} })],
    ['$sample', aggregate({ $sample: { size: 1 } })],
    ['$out', aggregate({ $facet: { a: [{ $out: 'other' }] } })],
    ['$function', aggregate({ $set: { a: { $function: {} } } })],
    ['$rand', aggregate({ $match: { a: 99 } }, { $set: { a: { $rand: {} } } })],
    ['$accumulator', aggregate({ $group: { _id: null, a: { $accumulator: {} } } })],
    ['$dateTrunc has no argument', aggregate({ $set: { a: { $dateTrunc: { date: '$a', unit: 'day', bogus: 1 } } } })],
    ['validator', { create: 'new', validator: { a: 1 } }],
    ['capped', { create: 'new', capped: true, size: 100 }],
    ['timeseries', { create: 'new', timeseries: { timeField: 't' } }],
    ['viewOn', { create: 'new', viewOn: 'things', pipeline: [] }],
    ['collation', { create: 'new', collation: { locale: 'en' } }],
    ['clusteredIndex', { create: 'new', clusteredIndex: { key: { _id: 1 }, unique: true } }],
    ['collation', index({ collation: { locale: 'en' } })],
    ['text', index({ key: { a: 'text' } })],
    ['hashed', index({ key: { a: 'hashed' } })],
    ['2d', index({ key: { a: '2d' } })],
    ['wildcard', index({ key: { 'a.$**': 1 } })],
    ['hidden', index({ hidden: true })],
    ['weights', index({ weights: { a: 1 } })],
    ['$bogus', update({ u: { $bogus: { a: 1 } } })],
    ['mapReduce', { mapReduce: 'things' }],
    ['collMod', { collMod: 'things' }],
    ['renameCollection', { renameCollection: 'a.b', to: 'a.c' }],
    ['bulkWrite', { bulkWrite: 1 }],
    ['eval', { eval: 'x' }],
    ['toString', { toString: 1 }],
  ];
  it.each(cases)('%s in %j', async (named, command) => {
    const { message } = await refusalOf(db(), command);
    expect(message).toContain(named);
    // A refusal is an answer of the store, not a failure of it.
    expect(message).not.toContain('store failed');
  });

  it('leaves nothing changed after a refusal', async () => {
    expect(
      await db()
        .collection('things')
        .find({}, { projection: { _id: 0 } })
        .toArray(),
    ).toEqual([{ a: 1 }]);
    expect((await db().listCollections().toArray()).map(({ name }) => name)).toEqual(['things']);
    expect(await db().collection('things').indexes()).toHaveLength(1);
  });

  it('refuses change streams from a point it cannot know', async () => {
    const stream = db()
      .collection('things')
      .watch([], { startAtOperationTime: new (await import('mongoose')).mongo.Timestamp({ t: 1, i: 1 }) });
    expect((await failureOf(stream.next())).message).toContain('startAtOperationTime');
    await stream.close();
  });
});

/** A refused statement of a bulk is part of the answer; anything else is an error. */
async function refusalOf(db: mongo.Db, command: object): Promise<{ message: string }> {
  const answer = db.command(command).then(({ writeErrors }) => {
    const [first] = (writeErrors ?? []) as { errmsg: string }[];
    if (first) throw new Error(first.errmsg);
  });
  return failureOf(answer);
}

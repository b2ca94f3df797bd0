/** Documents, filters and projections, through mongoose, as a MongoDB server answers them. */
import { mongo, Schema, Types } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { codeOf, collectionOf, failureOf, loose, type Opened, openDatabase } from './support.ts';

type Book = {
  title: string;
  isbn?: string;
  pages?: number;
  price?: Types.Decimal128;
  author?: Types.ObjectId;
  genre?: string;
  published?: Date;
  meta?: { lang?: string; rating?: number };
  chapters?: { name: string; words: number }[];
  scores?: number[];
  data?: Buffer;
  big?: bigint;
  uuid?: Types.UUID;
};

const bookSchema = new Schema<Book>(
  {
    title: String,
    isbn: String,
    pages: Number,
    price: Schema.Types.Decimal128,
    author: Schema.Types.ObjectId,
    genre: String,
    published: Date,
    meta: { lang: String, rating: Number },
    chapters: [{ name: String, words: Number, _id: false }],
    scores: [Number],
    data: Buffer,
    big: BigInt,
    uuid: Schema.Types.UUID,
  },
  { autoCreate: false },
)
  .index({ author: 1 })
  .index({ genre: 1, pages: -1 })
  .index({ isbn: 1 }, { unique: true, partialFilterExpression: { isbn: { $exists: true } } });

let opened: Opened;
const authors = [new Types.ObjectId(), new Types.ObjectId()];
const books = () => opened.connection.model<Book>('Book', bookSchema);

beforeAll(async () => {
  opened = await openDatabase('conformance');
  await books().init();
  await books().insertMany(
    Array.from({ length: 30 }, (_, i) => ({
      title: `Book ${String(i).padStart(2, '0')}`,
      isbn: `isbn${i}`,
      pages: 100 + i * 10,
      price: Types.Decimal128.fromString(`${i}.50`),
      author: authors[i % 2],
      genre: ['sf', 'art', 'bio'][i % 3],
      published: new Date(Date.UTC(2020, i % 12, 1)),
      meta: { lang: i % 4 === 0 ? 'de' : 'en', rating: i % 5 },
      chapters: [
        { name: 'c1', words: i },
        { name: 'c2', words: i * 2 },
      ],
      scores: [i, i + 1, i + 2],
      data: Buffer.from([1, 2, i]),
      big: 2n ** 60n + BigInt(i),
      uuid: new Types.UUID(`7b1a2a2e-5d3d-4d5c-9a3f-0000000000${String(i).padStart(2, '0')}`),
    })),
  );
});
afterAll(() => opened.close());

describe('documents', () => {
  it('keeps every type of value', async () => {
    const book = await books().findOne({ isbn: 'isbn7' }).orFail();
    expect(String(book.price)).toBe('7.50');
    expect(book.data?.[2]).toBe(7);
    expect(book.big).toBe(2n ** 60n + 7n);
    expect(String(book.uuid)).toBe('7b1a2a2e-5d3d-4d5c-9a3f-000000000007');
    expect(book.published).toEqual(new Date(Date.UTC(2020, 7, 1)));
    expect(String(book.author)).toBe(String(authors[1]));
  });

  it('keeps an int an int and a double a double through an update', async () => {
    const raw = collectionOf(opened.connection, 'numbers');
    await raw.insertOne({ i: new mongo.Int32(5), d: new mongo.Double(5), l: mongo.Long.fromNumber(5), x: 1 });
    await raw.updateOne({}, { $set: { x: 2 }, $inc: { i: 1, d: 1, l: 1 } });
    const stored = await raw.findOne({}, { promoteValues: false });
    expect(
      [stored?.['i'], stored?.['d'], stored?.['l']].map((value: { _bsontype: string }) => value._bsontype),
    ).toEqual(['Int32', 'Double', 'Long']);
  });

  it('puts the _id in front and makes one where there is none', async () => {
    const raw = collectionOf(opened.connection, 'ids');
    await raw.insertOne(loose({ a: 1, _id: 7 }));
    expect(Object.keys((await raw.findOne()) ?? {})).toEqual(['_id', 'a']);
    await opened.connection.db?.command({ insert: 'ids', documents: [{ a: 2 }] });
    expect((await raw.findOne({ a: 2 }))?.['_id']).toBeInstanceOf(mongo.ObjectId);
  });

  it('refuses an _id that is an array, and one that is taken', async () => {
    const raw = collectionOf(opened.connection, 'ids2');
    expect(codeOf(await failureOf(raw.insertOne(loose({ _id: [1] }))))).toBe(2);
    await raw.insertOne(loose({ _id: 1 }));
    expect(codeOf(await failureOf(raw.insertOne(loose({ _id: 1 }))))).toBe(11000);
    // The same number in another type is the same _id.
    expect(codeOf(await failureOf(raw.insertOne(loose({ _id: new mongo.Double(1) }))))).toBe(11000);
  });

  it('returns large documents in several batches, and refuses one that is too large', async () => {
    const raw = collectionOf(opened.connection, 'large');
    await raw.insertMany(Array.from({ length: 12 }, (_, n) => ({ n, text: 'x'.repeat(2_000_000) })));
    expect(await raw.find().toArray()).toHaveLength(12);
    expect(codeOf(await failureOf(raw.insertOne({ text: 'x'.repeat(16 * 1024 * 1024) })))).toBe(10334);
    await raw.drop();
  });
});

describe('filters', () => {
  const count = (filter: object): Promise<number> => books().collection.countDocuments(filter);
  const cases: [string, object, number][] = [
    ['a range', { pages: { $gte: 150, $lt: 200 } }, 5],
    ['$or beside a condition', { $or: [{ genre: 'sf' }, { pages: 110 }], 'meta.lang': { $ne: 'de' } }, 8],
    ['$not', { pages: { $not: { $gt: 120 } } }, 3],
    ['$nin', { genre: { $nin: ['sf'] } }, 20],
    ['$nor', { $nor: [{ genre: 'sf' }, { pages: { $gt: 200 } }] }, 7],
    ['an item of an array', { scores: 5 }, 3],
    ['$all', { scores: { $all: [5, 6] } }, 2],
    ['$elemMatch', { chapters: { $elemMatch: { name: 'c2', words: 10 } } }, 1],
    ['two conditions on different items', { 'chapters.name': 'c1', 'chapters.words': 10 }, 2],
    ['$elemMatch of plain values', { scores: { $elemMatch: { $gt: 4, $lt: 6 } } }, 3],
    ['a path into documents of an array', { 'chapters.words': 4 }, 2],
    ['a position in an array', { 'scores.0': 5 }, 1],
    ['$size', { scores: { $size: 3 } }, 30],
    ['$size of no array', { pages: { $size: 1 } }, 0],
    ['$exists', { none: { $exists: false }, pages: { $exists: true } }, 30],
    ['null for what is missing', { none: null }, 30],
    ['$ne of what is missing', { none: { $ne: 1 } }, 30],
    ['$type', { author: { $type: 'objectId' }, price: { $type: 'decimal' }, published: { $type: 9 } }, 30],
    ['$type of a number', { big: { $type: 'long' }, pages: { $type: ['string', 'int'] } }, 30],
    ['$mod', { pages: { $mod: [100, 0] } }, 3],
    ['$regex', { title: /^Book 1/ }, 10],
    ['$regex with options', { title: { $regex: 'BOOK 0', $options: 'i' } }, 10],
    ['a regex in $in', { title: { $in: [/0$/, 'Book 01'] } }, 4],
    ['decimals', { price: { $gt: Types.Decimal128.fromString('9.50') } }, 20],
    ['a decimal equal to a double', { price: 10.5 }, 1],
    ['64-bit integers', { big: { $gt: mongo.Long.fromBigInt(2n ** 60n + 27n) } }, 2],
    ['a whole embedded document', { meta: { lang: 'de', rating: 0 } }, 2],
    ['an embedded document in another order', { meta: { rating: 0, lang: 'de' } }, 0],
    ['$expr', { $expr: { $eq: [{ $multiply: ['$meta.rating', 100] }, '$pages'] } }, 0],
    ['$expr over dates', { $expr: { $eq: [{ $month: '$published' }, 3] } }, 3],
    ['$bitsAllSet', { pages: { $bitsAllSet: [2, 5] } }, 8],
    ['another type never compares', { pages: { $gt: 'a' } }, 0],
    ['nothing in an empty $in', { pages: { $in: [] } }, 0],
  ];
  it.each(cases)('finds by %s', async (_, filter, expected) => {
    expect(await count(filter)).toBe(expected);
  });

  it('orders values of all types as MongoDB does', async () => {
    const raw = collectionOf(opened.connection, 'order');
    const values = [null, 1, 'a', { x: 1 }, [0], Buffer.from('x'), new Types.ObjectId(), true, new Date(0), /x/];
    await raw.insertMany(values.map((v, i) => loose({ _id: i, v })).reverse());
    const sorted = await raw.find().sort({ v: 1 }).toArray();
    // The array sorts by its item.
    expect(sorted.map(({ _id }) => Number(_id))).toEqual([0, 4, 1, 2, 3, 5, 6, 7, 8, 9]);
  });

  it('orders rare characters by code point, not by JavaScript unit', async () => {
    const raw = collectionOf(opened.connection, 'characters');
    await raw.insertMany(['𠮷', '\uff21', '吉', 'a'].map((v) => ({ v })));
    expect((await raw.find().sort({ v: 1 }).toArray()).map(({ v }) => String(v))).toEqual(['a', '吉', '\uff21', '𠮷']);
    await raw.createIndex({ v: 1 }, undefined, undefined);
    expect((await raw.find().sort({ v: 1 }).hint({ v: 1 }).toArray()).map(({ v }) => String(v))).toEqual([
      'a',
      '吉',
      '\uff21',
      '𠮷',
    ]);
  });

  it('sorts by several fields, skips and limits', async () => {
    const found = await books()
      .find({ genre: { $in: ['sf', 'art'] } })
      .sort({ genre: 1, pages: -1 })
      .skip(1)
      .limit(2)
      .select('title -_id')
      .lean();
    expect(found).toEqual([{ title: 'Book 25' }, { title: 'Book 22' }]);
  });

  it('lists distinct values', async () => {
    expect(await books().distinct('genre')).toEqual(['art', 'bio', 'sf']);
    expect(await books().distinct('scores', { pages: { $lt: 120 } })).toEqual([0, 1, 2, 3]);
  });

  it('gives up at maxTimeMS or finishes in time, and names what it does not know', async () => {
    expect(
      codeOf(
        await failureOf(
          books()
            .collection.find({ a: { $bogus: 1 } })
            .toArray(),
        ),
      ),
    ).toBe(2);
    expect(
      (
        await failureOf(
          books()
            .collection.find({ a: { $bogus: 1 } })
            .toArray(),
        )
      ).message,
    ).toContain('$bogus');
  });
});

describe('projections', () => {
  const first = (projection: object, filter: object = { isbn: 'isbn5' }): Promise<object | null> =>
    books().collection.findOne(filter, { projection });
  const cases: [string, object, object][] = [
    ['names fields', { title: 1, _id: 0 }, { title: 'Book 05' }],
    ['names fields inside', { 'meta.lang': 1, _id: 0 }, { meta: { lang: 'en' } }],
    ['reaches into arrays', { 'chapters.words': 1, _id: 0 }, { chapters: [{ words: 5 }, { words: 10 }] }],
    ['slices', { scores: { $slice: -2 }, title: 1, _id: 0 }, { title: 'Book 05', scores: [6, 7] }],
    ['picks an item', { chapters: { $elemMatch: { words: 10 } }, _id: 0 }, { chapters: [{ name: 'c2', words: 10 }] }],
    ['computes', { double: { $multiply: ['$pages', 2] }, _id: 0 }, { double: 300 }],
  ];
  it.each(cases)('%s', async (_, projection, expected) => {
    expect(await first(projection)).toEqual(expected);
  });

  it('leaves out what it is told to, and keeps the rest', async () => {
    const rest = await first({ chapters: 0, 'meta.rating': 0 });
    expect(rest).toMatchObject({ title: 'Book 05', meta: { lang: 'en' } });
    expect(rest).not.toHaveProperty('chapters');
  });

  it('shows the item that matched', async () => {
    expect(await first({ 'chapters.$': 1, _id: 0 }, { isbn: 'isbn5', 'chapters.words': 10 })).toEqual({
      chapters: [{ name: 'c2', words: 10 }],
    });
  });

  it('does not mix naming and leaving out', async () => {
    expect(codeOf(await failureOf(first({ title: 1, pages: 0 })))).toBe(31254);
  });
});

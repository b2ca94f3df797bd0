/** Known answers of aggregation expressions and stages. Many are what other implementations get wrong. */
import { mongo, Types } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { codeOf, collectionOf, failureOf, type Opened, openDatabase } from './support.ts';

let opened: Opened;
const things = (): mongo.Collection => collectionOf(opened.connection, 'things');

beforeAll(async () => {
  opened = await openDatabase('conformance-aggregation');
});
afterAll(() => opened.close());

async function aggregate(documents: object[], pipeline: object[]): Promise<mongo.Document[]> {
  await things().deleteMany({});
  if (documents.length > 0) await things().insertMany(documents.map((document) => ({ ...document })));
  return things().aggregate(pipeline).toArray();
}
const id = new Types.ObjectId('0123456789abcdef01234567');
const day = (text: string): Date => new Date(text);

describe('expressions', () => {
  const tz = 'Europe/Berlin';
  const cases: [name: string, document: object, expression: unknown, expected: unknown][] = [
    ['$add a date', { d: day('2020-01-01') }, { $add: ['$d', 1000] }, day('2020-01-01T00:00:01Z')],
    ['$add what is missing', {}, { $add: [1, '$q'] }, null],
    ['$subtract dates', { a: day('2020-01-02'), b: day('2020-01-01') }, { $subtract: ['$a', '$b'] }, 86400000],
    ['$divide', { a: 7 }, { $divide: ['$a', 2] }, 3.5],
    ['$mod of a negative', { a: -7 }, { $mod: ['$a', 3] }, -1],
    ['$round half to even', { a: 2.5 }, { $round: ['$a', 0] }, 2],
    ['$round to a place', { a: 1234.567 }, { $round: ['$a', 1] }, 1234.6],
    ['$round without binary error', { a: 1.005 }, { $round: ['$a', 2] }, 1],
    ['$trunc', { a: -1.7 }, { $trunc: '$a' }, -1],
    ['$concat', { a: 'x' }, { $concat: ['$a', 'y'] }, 'xy'],
    ['$concat with null', { a: 'x' }, { $concat: ['$a', '$q'] }, null],
    ['$toUpper of nothing', {}, { $toUpper: '$q' }, ''],
    ['$substrCP', { a: '户籍登记' }, { $substrCP: ['$a', 1, 2] }, '籍登'],
    ['$substrBytes', { a: '户籍1990' }, { $substrBytes: ['$a', 6, 4] }, '1990'],
    ['$strLenCP of rare characters', { a: '𠮷田' }, { $strLenCP: '$a' }, 2],
    ['$strLenBytes', { a: '户' }, { $strLenBytes: '$a' }, 3],
    ['$split', { a: 'a-b' }, { $split: ['$a', '-'] }, ['a', 'b']],
    ['$trim', { a: '  x ' }, { $trim: { input: '$a' } }, 'x'],
    ['$indexOfCP', { a: '𠮷bc' }, { $indexOfCP: ['$a', 'c'] }, 2],
    ['$regexMatch', { a: 'Abc' }, { $regexMatch: { input: '$a', regex: '^a', options: 'i' } }, true],
    [
      '$regexFind',
      { a: 'xaby' },
      { $regexFind: { input: '$a', regex: 'a(b)' } },
      { match: 'ab', idx: 1, captures: ['b'] },
    ],
    ['$replaceAll', { a: 'a.a' }, { $replaceAll: { input: '$a', find: '.', replacement: '-' } }, 'a-a'],
    ['$cond of zero', { a: 0 }, { $cond: ['$a', 1, 2] }, 2],
    ['$cond of empty text', { a: '' }, { $cond: { if: '$a', then: 1, else: 2 } }, 1],
    ['$ifNull', {}, { $ifNull: ['$q', '$z', 7] }, 7],
    [
      '$switch',
      { a: 5 },
      { $switch: { branches: [{ case: { $gt: ['$a', 3] }, then: 'big' }], default: 'small' } },
      'big',
    ],
    ['$eq of missing and null', {}, { $eq: ['$q', null] }, false],
    ['$lt of missing and null', {}, { $lt: ['$q', null] }, true],
    ['$gt across types', { a: 'x' }, { $gt: ['$a', 5] }, true],
    ['$cmp across types', { a: 'x', b: 5 }, { $cmp: ['$a', '$b'] }, 1],
    ['$eq of ids', { a: id, b: id }, { $eq: ['$a', '$b'] }, true],
    ['$in with ids', { a: [id], b: id }, { $in: ['$b', '$a'] }, true],
    ['$arrayElemAt from the end', { a: [1, 2, 3] }, { $arrayElemAt: ['$a', -1] }, 3],
    ['$arrayElemAt beyond the end', { a: [1] }, { $arrayElemAt: ['$a', 5] }, undefined],
    ['$slice', { a: [1, 2, 3] }, { $slice: ['$a', 1, 2] }, [2, 3]],
    ['$filter', { a: [1, 5] }, { $filter: { input: '$a', as: 'n', cond: { $gt: ['$$n', 2] } } }, [5]],
    ['$map', { a: [1, 5] }, { $map: { input: '$a', in: { $multiply: ['$$this', 2] } } }, [2, 10]],
    ['$map of nothing', {}, { $map: { input: '$q', in: '$$this' } }, null],
    ['$reduce', { a: [1, 5] }, { $reduce: { input: '$a', initialValue: 0, in: { $add: ['$$value', '$$this'] } } }, 6],
    ['$size', { a: [1, 5] }, { $size: '$a' }, 2],
    ['$setIntersection', { a: [2, 1], b: [2] }, { $setIntersection: ['$a', '$b'] }, [2]],
    ['$setDifference of ids', { a: [id, 1], b: [id] }, { $setDifference: ['$a', '$b'] }, [1]],
    ['$concatArrays', { a: [1], b: [2] }, { $concatArrays: ['$a', '$b'] }, [1, 2]],
    ['$range', {}, { $range: [0, 5, 2] }, [0, 2, 4]],
    [
      '$sortArray',
      { a: [{ v: 2 }, { v: 1 }] },
      { $sortArray: { input: '$a', sortBy: { v: 1 } } },
      [{ v: 1 }, { v: 2 }],
    ],
    ['$objectToArray', { a: { k: 1 } }, { $objectToArray: '$a' }, [{ k: 'k', v: 1 }]],
    ['$arrayToObject', { a: [['k', 1]] }, { $arrayToObject: '$a' }, { k: 1 }],
    ['$mergeObjects', { a: { x: 1 }, b: { x: 2 } }, { $mergeObjects: ['$a', '$b', null] }, { x: 2 }],
    ['a path through an array', { a: [{ b: 1 }, { b: 2 }, {}] }, '$a.b', [1, 2]],
    ['a path does not look into arrays of arrays', { a: [[{ b: 1 }], { b: 2 }, 3] }, '$a.b', [2]],
    ['$first of nested arrays', { a: [[1, 2], 3] }, { $first: '$a' }, [1, 2]],
    ['$isNumber of a decimal', { a: Types.Decimal128.fromString('1.5') }, { $isNumber: '$a' }, true],
    ['$sum of an array', { a: [1, 2, 'x'] }, { $sum: '$a' }, 3],
    ['$max of an array and a number', { a: [1, 2] }, { $max: ['$a', 5] }, [1, 2]],
    ['$toString of an id', { a: id }, { $toString: '$a' }, '0123456789abcdef01234567'],
    ['$toObjectId', { a: String(id) }, { $toObjectId: '$a' }, id],
    ['$toInt', { a: '42' }, { $toInt: '$a' }, 42],
    ['$toDate', { a: '2020-01-01' }, { $toDate: '$a' }, day('2020-01-01')],
    ['$toDouble of a decimal', { a: Types.Decimal128.fromString('1.5') }, { $toDouble: '$a' }, 1.5],
    ['$convert with onError', { a: 'x' }, { $convert: { input: '$a', to: 'int', onError: -1 } }, -1],
    ['$type', { a: id }, { $type: '$a' }, 'objectId'],
    ['$type of what is missing', {}, { $type: '$q' }, 'missing'],
    [
      '$dateToString',
      { d: day('2020-03-04T05:06:07.089Z') },
      { $dateToString: { date: '$d' } },
      '2020-03-04T05:06:07.089Z',
    ],
    [
      '$dateToString in a zone',
      { d: day('2020-07-01') },
      { $dateToString: { date: '$d', format: '%Y-%m-%d %H', timezone: tz } },
      '2020-07-01 02',
    ],
    [
      '$dateTrunc to a week',
      { d: day('2020-03-04T05:06:07Z') },
      { $dateTrunc: { date: '$d', unit: 'week', startOfWeek: 'monday' } },
      day('2020-03-02'),
    ],
    [
      '$dateTrunc to a quarter',
      { d: day('2020-06-04') },
      { $dateTrunc: { date: '$d', unit: 'quarter' } },
      day('2020-04-01'),
    ],
    [
      '$dateTrunc in a zone',
      { d: day('2020-07-01T23:30:00Z') },
      { $dateTrunc: { date: '$d', unit: 'day', timezone: tz } },
      day('2020-07-01T22:00:00Z'),
    ],
    [
      '$dateAdd at a month’s end',
      { d: day('2020-01-31') },
      { $dateAdd: { startDate: '$d', unit: 'month', amount: 1 } },
      day('2020-02-29'),
    ],
    [
      '$dateDiff in months',
      { a: day('2020-01-31'), b: day('2020-03-01') },
      { $dateDiff: { startDate: '$a', endDate: '$b', unit: 'month' } },
      2,
    ],
    ['$dateFromParts beyond December', {}, { $dateFromParts: { year: 2020, month: 14 } }, day('2021-02-01')],
    [
      '$dateFromString',
      { s: '2020-01-02T03:04:05Z' },
      { $dateFromString: { dateString: '$s' } },
      day('2020-01-02T03:04:05Z'),
    ],
    ['$dayOfWeek', { d: day('2020-03-01') }, { $dayOfWeek: '$d' }, 1],
    ['$isoWeek', { d: day('2021-01-01') }, { $isoWeek: '$d' }, 53],
    ['$isoWeekYear', { d: day('2021-01-01') }, { $isoWeekYear: '$d' }, 2020],
    ['$year in a zone', { d: day('2020-12-31T23:30:00Z') }, { $year: { date: '$d', timezone: tz } }, 2021],
    ['$let', { a: 2 }, { $let: { vars: { d: { $multiply: ['$a', 2] } }, in: { $add: ['$$d', 1] } } }, 5],
    ['$getField', { a: { 'x.y': 3 } }, { $getField: { field: 'x.y', input: '$a' } }, 3],
    ['an object', { a: 1 }, { b: '$a', c: ['$a', '$q'] }, { b: 1, c: [1, null] }],
    ['$literal', {}, { $literal: '$x' }, '$x'],
  ];
  it.each(cases)('%s', async (_, document, expression, expected) => {
    const [found] = await aggregate([document], [{ $project: { _id: 0, r: expression } }]);
    expect(found).toEqual(expected === undefined ? {} : { r: expected });
  });
});

describe('stages', () => {
  type Stages = [name: string, documents: object[], pipeline: object[], expected: object[]];
  const cases: Stages[] = [
    [
      '$unwind does not look into arrays on its way',
      [
        { _id: 1, a: [{ b: [1, 2] }] },
        { _id: 2, a: { b: [''] } },
      ],
      [{ $unwind: '$a.b' }],
      [{ _id: 2, a: { b: '' } }],
    ],
    [
      '$group over mixed values',
      [{ a: 1 }, { a: 'x' }, {}, { a: null }, { a: 2.5 }],
      [
        {
          $group: {
            _id: null,
            s: { $sum: '$a' },
            n: { $sum: 1 },
            avg: { $avg: '$a' },
            min: { $min: '$a' },
            max: { $max: '$a' },
          },
        },
      ],
      [{ _id: null, s: 3.5, n: 5, avg: 1.75, min: 1, max: 'x' }],
    ],
    [
      '$group puts missing with null',
      [{ k: 1 }, {}, { k: null }],
      [{ $group: { _id: '$k', n: { $count: {} } } }, { $sort: { _id: 1 } }],
      [
        { _id: null, n: 2 },
        { _id: 1, n: 1 },
      ],
    ],
    [
      '$group by several fields tells missing from null',
      [{ a: 1 }, { a: 1, b: null }],
      [{ $group: { _id: { a: '$a', b: '$b' }, n: { $sum: 1 } } }, { $sort: { '_id.b': 1, _id: 1 } }],
      [
        { _id: { a: 1 }, n: 1 },
        { _id: { a: 1, b: null }, n: 1 },
      ],
    ],
    [
      '$group by ids and dates',
      [{ k: id }, { k: new Types.ObjectId(id) }, { k: day('2020-01-01') }, { k: day('2020-01-01') }],
      [{ $group: { _id: '$k', n: { $sum: 1 } } }, { $sort: { _id: 1 } }],
      [
        { _id: id, n: 2 },
        { _id: day('2020-01-01'), n: 2 },
      ],
    ],
    [
      '$push skips what is missing',
      [{ a: 1 }, {}, { a: null }],
      [{ $group: { _id: null, p: { $push: '$a' }, f: { $first: '$a' }, l: { $last: '$a' } } }],
      [{ _id: null, p: [1, null], f: 1, l: null }],
    ],
    ['$count of nothing', [], [{ $count: 'n' }], []],
    ['$facet of nothing', [], [{ $facet: { a: [{ $count: 'n' }], b: [] } }], [{ a: [], b: [] }]],
    [
      '$facet, $bucket, $skip and $limit',
      [0, 5, 10, 25, 40].map((v) => ({ v })),
      [
        {
          $facet: {
            buckets: [{ $bucket: { groupBy: '$v', boundaries: [0, 10, 20, 30], default: 'more' } }],
            page: [{ $sort: { v: -1 } }, { $skip: 1 }, { $limit: 1 }, { $project: { _id: 0 } }],
          },
        },
      ],
      [
        {
          buckets: [
            { _id: 0, count: 2 },
            { _id: 10, count: 1 },
            { _id: 20, count: 1 },
            { _id: 'more', count: 1 },
          ],
          page: [{ v: 25 }],
        },
      ],
    ],
    [
      '$unwind keeps what it is told to',
      [{ _id: 1, a: [1, 2] }, { _id: 2, a: [] }, { _id: 3 }, { _id: 4, a: null }, { _id: 5, a: 7 }],
      [{ $unwind: { path: '$a', preserveNullAndEmptyArrays: true, includeArrayIndex: 'i' } }],
      [
        { _id: 1, a: 1, i: 0 },
        { _id: 1, a: 2, i: 1 },
        { _id: 2, i: null },
        { _id: 3, i: null },
        { _id: 4, a: null, i: null },
        { _id: 5, a: 7, i: null },
      ],
    ],
    [
      '$unwind drops the rest',
      [{ _id: 1, a: [1] }, { _id: 2, a: [] }, { _id: 3 }],
      [{ $unwind: '$a' }],
      [{ _id: 1, a: 1 }],
    ],
    [
      '$sortByCount',
      [{ k: 'a' }, { k: 'b' }, { k: 'b' }],
      [{ $sortByCount: '$k' }],
      [
        { _id: 'b', count: 2 },
        { _id: 'a', count: 1 },
      ],
    ],
    [
      '$project into arrays',
      [{ _id: 1, a: [{ x: 1, y: 2 }, { y: 3 }], b: 5 }],
      [{ $project: { 'a.x': 1 } }],
      [{ _id: 1, a: [{ x: 1 }, {}] }],
    ],
    [
      '$project leaving out',
      [{ _id: 1, a: { x: 1, y: 2 }, b: 5 }],
      [{ $project: { 'a.x': 0, b: 0 } }],
      [{ _id: 1, a: { y: 2 } }],
    ],
    [
      '$addFields into arrays',
      [{ _id: 1, a: [{ x: 1 }, { x: 2 }] }],
      [{ $addFields: { 'a.z': 9 } }],
      [
        {
          _id: 1,
          a: [
            { x: 1, z: 9 },
            { x: 2, z: 9 },
          ],
        },
      ],
    ],
    ['$set with $$REMOVE', [{ _id: 1, a: 5 }], [{ $set: { a: '$$REMOVE' } }], [{ _id: 1 }]],
    [
      '$replaceRoot',
      [{ _id: 1, a: { x: 1 } }],
      [{ $replaceRoot: { newRoot: { $mergeObjects: ['$a', { y: 2 }] } } }],
      [{ x: 1, y: 2 }],
    ],
    [
      'sums of 64-bit integers',
      [{ a: mongo.Long.fromString('9007199254740993') }, { a: 2 }],
      [{ $group: { _id: null, s: { $sum: '$a' } } }, { $project: { _id: 0, s: { $toString: '$s' } } }],
      [{ s: '9007199254740995' }],
    ],
    [
      'sums of decimals',
      [{ a: Types.Decimal128.fromString('0.1') }, { a: Types.Decimal128.fromString('0.2') }],
      [{ $group: { _id: null, s: { $sum: '$a' } } }, { $project: { _id: 0, s: { $toString: '$s' } } }],
      [{ s: '0.3' }],
    ],
    [
      '$stdDevPop',
      [1, 2, 3, 4].map((a) => ({ a })),
      [{ $group: { _id: null, s: { $stdDevPop: '$a' } } }],
      [{ _id: null, s: 1.118033988749895 }],
    ],
  ];
  it.each(cases)('%s', async (_, documents, pipeline, expected) => {
    expect(await aggregate(documents, pipeline)).toEqual(expected);
  });

  it('joins by field and by pipeline, with an index and without', async () => {
    const people = collectionOf(opened.connection, 'people');
    await people.insertMany([
      { name: 'Ann', team: 1, age: 30 },
      { name: 'Bob', team: 2, age: 20 },
      { name: 'Cyd', team: 1, age: 25 },
      { name: 'Dan', age: 1 },
    ]);
    const byField = [
      { $lookup: { from: 'people', localField: 'team', foreignField: 'team', as: 'found' } },
      { $project: { _id: 1, names: '$found.name' } },
      { $sort: { _id: 1 } },
    ];
    const teams = [{ _id: 1, team: 1 }, { _id: 2, team: [1, 2] }, { _id: 3 }];
    const expected = [
      { _id: 1, names: ['Ann', 'Cyd'] },
      { _id: 2, names: ['Ann', 'Bob', 'Cyd'] },
      { _id: 3, names: ['Dan'] },
    ];
    expect(await aggregate(teams, byField)).toEqual(expected);
    await people.createIndex({ team: 1, name: 1 }, undefined, undefined);
    const found = await aggregate(teams, byField);
    expect(found.map(({ names, ...rest }) => ({ ...rest, names: [...(names as string[])].sort() }))).toEqual(expected);

    const byPipeline = {
      from: 'people',
      let: { t: '$team' },
      pipeline: [
        { $match: { $expr: { $eq: ['$team', '$$t'] } } },
        { $sort: { age: 1 } },
        { $limit: 1 },
        { $project: { _id: 0, name: 1 } },
      ],
      as: 'youngest',
    };
    expect(await aggregate([{ _id: 1, team: 1 }], [{ $lookup: byPipeline }])).toEqual([
      { _id: 1, team: 1, youngest: [{ name: 'Cyd' }] },
    ]);
  });

  const refused: [string, object[], number][] = [
    ['an unknown stage', [{ $bogus: 1 }], 40324],
    ['two stages in one', [{ $match: {}, $limit: 1 }], 40323],
    ['an unknown expression', [{ $project: { a: { $bogus: 1 } } }], 31325],
    ['an unknown accumulator', [{ $group: { _id: null, a: { $bogus: 1 } } }], 15952],
    ['an undefined variable', [{ $set: { a: '$$nope' } }], 17276],
    ['$group without an _id', [{ $group: { n: { $sum: 1 } } }], 15955],
  ];
  it.each(refused)('refuses %s', async (_, pipeline, code) => {
    const actual = codeOf(await failureOf(things().aggregate(pipeline).toArray()));
    // MongoDB has one code for an unknown expression in $project and another everywhere else.
    expect(actual === 168 ? 31325 : actual).toBe(code);
  });
});

/** Index keys must order values exactly as comparing them does: an index that disagrees gives wrong answers. */
import { Binary, Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp } from 'bson';
import { describe, expect, it } from 'vitest';

import { after, encodeValue, KeyEncoder } from '../../embedded-mongo/values/key-encoder.ts';
import { compareValues } from '../../embedded-mongo/values/order.ts';

/** In MongoDB's order; values in one row are equal. */
const ROWS: unknown[][] = [
  [new MinKey()],
  [null, undefined],
  [NaN, new Double(NaN)],
  [-Infinity],
  [-1e300],
  [Long.MIN_VALUE, Decimal128.fromString('-9223372036854775808')],
  [-5, new Int32(-5), Long.fromNumber(-5), Decimal128.fromString('-5.00')],
  [-0.5],
  [0, -0, new Double(-0), Long.ZERO, Decimal128.fromString('0E+3')],
  [5e-324],
  [Decimal128.fromString('0.1')],
  // The double nearest to 0.1 is a little more.
  [0.1],
  [1, new Int32(1), new Double(1), 1n, Decimal128.fromString('1.0')],
  [Decimal128.fromString('1.000000000000000000000000001')],
  [2 ** 53, Long.fromString('9007199254740992')],
  [Long.fromString('9007199254740993'), Decimal128.fromString('9007199254740993')],
  [Long.fromString('9007199254740994'), 2 ** 53 + 2],
  [Long.MAX_VALUE],
  [2 ** 63],
  [Infinity],
  [''],
  ['a'],
  ['a\0'],
  ['a\0b'],
  ['ab'],
  ['b'],
  ['吉'],
  ['\uff21'],
  ['𠮷'],
  [{}],
  [{ a: 1 }],
  [{ a: 1, b: 1 }],
  [{ a: 2 }],
  [{ b: 0 }],
  [{ a: 'x' }],
  [[]],
  [[1]],
  [[1, 2]],
  [[2]],
  [Buffer.alloc(0), new Binary(Buffer.alloc(0))],
  [Buffer.from([9])],
  [new Binary(Buffer.from([1]), 4)],
  [Buffer.from([0, 0])],
  [Buffer.from([0, 1])],
  [new ObjectId('000000000000000000000001')],
  [new ObjectId('0000000000000000000000ff')],
  [false],
  [true],
  [new Date(-1)],
  [new Date(0)],
  [new Date(1.7e12)],
  [new Timestamp({ t: 1, i: 1 })],
  [new Timestamp({ t: 2, i: 0 })],
  [new MaxKey()],
];

describe('the order of values', () => {
  const all = ROWS.flatMap((row, rank) => row.map((value) => ({ value, rank })));
  it('is the order of their keys, upwards and downwards', () => {
    const keys = all.map(({ value }) => [encodeValue(value), encodeValue(value, true)] as const);
    const wrong: string[] = [];
    for (const [i, a] of all.entries()) {
      for (const [j, b] of all.entries()) {
        const [[upA, downA] = [], [upB, downB] = []] = [keys[i], keys[j]];
        if (!upA || !downA || !upB || !downB) throw new Error('no keys');
        const found = [
          Math.sign(compareValues(a.value, b.value)),
          Buffer.compare(upA, upB),
          Buffer.compare(downB, downA),
        ];
        const expected = Math.sign(a.rank - b.rank);
        if (found.some((order) => order !== expected))
          wrong.push(`${String(a.value)} and ${String(b.value)}: ${found.join()}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('is kept by keys of several values', () => {
    const encoder = new KeyEncoder();
    const key = (a: unknown, b: unknown): Buffer => encoder.start().value(a).value(b, true).finish();
    expect(Buffer.compare(key('a', 1), key('ab', 0))).toBe(-1);
    expect(Buffer.compare(key('a', 1), key('a', 0))).toBe(-1);
    expect(Buffer.compare(key([1], 0), key([1, 2], 9))).toBe(-1);
  });

  it('puts what comes after a prefix after every key with it, and before all greater ones', () => {
    const prefix = encodeValue('ab').subarray(0, -2);
    expect(Buffer.compare(encodeValue('ab\u{10ffff}'), after(prefix))).toBe(-1);
    expect(Buffer.compare(encodeValue('ac'), after(prefix))).toBe(1);
    expect(after(Buffer.from([1, 0xff, 0xff]))).toEqual(Buffer.from([2]));
  });
});

/** MongoDB's order over values of all types: by type first, then by value. */
import { Binary, BSONRegExp, BSONSymbol, Code, ObjectId, Timestamp } from 'bson';

import { bsonType, type Document } from './document.ts';
import { splitNumber } from './numbers.ts';

/** The place of each type in the order; also the first byte of its index key. */
export const RANK = {
  minKey: 0x05,
  emptyArray: 0x0f,
  null: 0x10,
  number: 0x20,
  string: 0x30,
  object: 0x40,
  array: 0x48,
  binary: 0x50,
  objectId: 0x60,
  boolean: 0x70,
  date: 0x80,
  timestamp: 0x88,
  regex: 0x90,
  code: 0x98,
  maxKey: 0xf0,
} as const;

const RANK_OF_CLASS: Readonly<Record<string, number>> = {
  MinKey: RANK.minKey,
  MaxKey: RANK.maxKey,
  Int32: RANK.number,
  Double: RANK.number,
  Long: RANK.number,
  Decimal128: RANK.number,
  BSONSymbol: RANK.string,
  Binary: RANK.binary,
  ObjectId: RANK.objectId,
  Timestamp: RANK.timestamp,
  BSONRegExp: RANK.regex,
  Code: RANK.code,
};

export function rankOf(value: unknown): number {
  switch (typeof value) {
    case 'undefined':
      return RANK.null;
    case 'number':
    case 'bigint':
      return RANK.number;
    case 'string':
      return RANK.string;
    case 'boolean':
      return RANK.boolean;
  }
  if (value === null) return RANK.null;
  if (Array.isArray(value)) return RANK.array;
  if (value instanceof Date) return RANK.date;
  if (value instanceof Uint8Array) return RANK.binary;
  const type = bsonType(value);
  return (type === undefined ? undefined : RANK_OF_CLASS[type]) ?? RANK.object;
}

export const isNumeric = (value: unknown): boolean => rankOf(value) === RANK.number;

/** Negative, zero or positive as `a` comes before, with or after `b`. */
export function compareValues(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return compareDoubles(a, b);
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  const rank = rankOf(a);
  const difference = rank - rankOf(b);
  if (difference !== 0) return difference;
  switch (rank) {
    case RANK.number: {
      const [x, restOfX] = splitNumber(a);
      const [y, restOfY] = splitNumber(b);
      return compareDoubles(x, y) || compareDoubles(restOfX, restOfY);
    }
    case RANK.string:
      return compareText(textOf(a), textOf(b));
    case RANK.object:
      return compareDocuments(a as Document, b as Document);
    case RANK.array:
      return compareArrays(a as unknown[], b as unknown[]);
    case RANK.binary:
      return compareBinaries(a, b);
    case RANK.objectId:
      return a instanceof ObjectId && b instanceof ObjectId ? Buffer.compare(a.id, b.id) : 0;
    case RANK.boolean:
      return Number(a) - Number(b);
    case RANK.date:
      return a instanceof Date && b instanceof Date ? compareDoubles(a.getTime(), b.getTime()) : 0;
    case RANK.timestamp:
      return a instanceof Timestamp && b instanceof Timestamp ? a.compare(b) : 0;
    case RANK.regex:
    case RANK.code:
      return compareText(textOf(a), textOf(b));
    default:
      return 0;
  }
}

export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a === 'string' || typeof a === 'boolean') return false;
  return compareValues(a, b) === 0;
}

/** NaN is the least of the numbers. */
function compareDoubles(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  return a === b ? 0 : Number(Number.isNaN(b)) - Number(Number.isNaN(a));
}

/** By code point, as UTF-8 bytes compare. JavaScript compares UTF-16 units, which puts rare characters before U+E000. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return pointOrder(x) - pointOrder(y);
  }
  return a.length - b.length;
}
const pointOrder = (unit: number): number => (unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit);

/** The text that stands for a string, symbol, regular expression or piece of code. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof BSONRegExp) return `${value.pattern}/${value.options}`;
  if (value instanceof Code) return typeof value.code === 'string' ? value.code : '';
  return value instanceof BSONSymbol ? value.valueOf() : '';
}

export const bytesOf = (value: unknown): Uint8Array =>
  value instanceof Binary ? value.value() : value instanceof Uint8Array ? value : new Uint8Array();
export const subtypeOf = (value: unknown): number => (value instanceof Binary ? value.sub_type : 0);

function compareBinaries(a: unknown, b: unknown): number {
  const x = bytesOf(a);
  const y = bytesOf(b);
  return x.length - y.length || subtypeOf(a) - subtypeOf(b) || Buffer.compare(x, y);
}

function compareArrays(a: readonly unknown[], b: readonly unknown[]): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const order = compareValues(a[i], b[i]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareDocuments(a: Document, b: Document): number {
  const names = Object.keys(a);
  const others = Object.keys(b);
  for (const [i, name] of names.entries()) {
    const other = others[i];
    if (other === undefined) return 1;
    const order = rankOf(a[name]) - rankOf(b[other]) || compareText(name, other) || compareValues(a[name], b[other]);
    if (order !== 0) return order;
  }
  return names.length - others.length;
}

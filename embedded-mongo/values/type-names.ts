/** The names and numbers by which `$type` knows the types of values. */
import { bsonType } from './document.ts';

const OF_CLASS: Readonly<Record<string, readonly string[]>> = {
  ObjectId: ['objectId', '7'],
  Decimal128: ['decimal', '19', 'number'],
  Long: ['long', '18', 'number'],
  Int32: ['int', '16', 'number'],
  Double: ['double', '1', 'number'],
  Binary: ['binData', '5'],
  Timestamp: ['timestamp', '17'],
  MinKey: ['minKey', '-1'],
  MaxKey: ['maxKey', '127'],
  Code: ['javascript', '13'],
  BSONRegExp: ['regex', '11'],
  BSONSymbol: ['symbol', '14'],
};
const OBJECT = ['object', '3'];

/** All that a value may be called by, the usual name first; nothing for a field that is not there. */
export function typeNames(value: unknown): readonly string[] {
  switch (typeof value) {
    case 'number':
      return Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? ['int', '16', 'number'] : ['double', '1', 'number'];
    case 'bigint':
      return ['long', '18', 'number'];
    case 'string':
      return ['string', '2'];
    case 'boolean':
      return ['bool', '8'];
    case 'undefined':
      return [];
  }
  if (value === null) return ['null', '10'];
  if (Array.isArray(value)) return ['array', '4'];
  if (value instanceof Date) return ['date', '9'];
  if (value instanceof Uint8Array) return ['binData', '5'];
  return OF_CLASS[bsonType(value) ?? ''] ?? OBJECT;
}

/** Every name and number `$type` accepts. */
export const KNOWN_TYPES: ReadonlySet<string> = new Set([
  ...Object.values(OF_CLASS).flat(),
  ...['string', '2', 'object', '3', 'array', '4', 'bool', '8', 'date', '9', 'null', '10'],
]);

/** A stored document, read no further than needed. */
import { deserialize } from 'bson';

import type { Document } from './document.ts';

/** Regular expressions stay as they were written: not all that MongoDB accepts are valid in JavaScript. */
const PLAIN = { bsonRegExp: true } as const;
const TYPED = { bsonRegExp: true, promoteValues: false } as const;

export const readDocument = (raw: Uint8Array): Document => deserialize(raw, PLAIN);
/** With numbers as Int32, Double and Long, to be stored again without loss. */
export const readTyped = (raw: Uint8Array): Document => deserialize(raw, TYPED);

export class Row {
  readonly raw: Buffer;
  private whole: Document | undefined;

  constructor(raw: Buffer) {
    this.raw = raw;
  }
  get document(): Document {
    return (this.whole ??= readDocument(this.raw));
  }
  /** At least the named top-level fields; all of them when none are named. */
  fields(names: ReadonlySet<string> | undefined): Document {
    return this.whole ?? (names ? pick(this.raw, names) : this.document);
  }
  typed(): Document {
    return readTyped(this.raw);
  }
}

/** A document with only the named top-level fields, which is far cheaper than all of it. */
function pick(raw: Buffer, names: ReadonlySet<string>): Document {
  const found: Document = {};
  let left = names.size;
  let at = 4;
  while (left > 0 && at < raw.length - 1) {
    const start = at;
    const type = raw[at] ?? 0;
    const nameEnd = raw.indexOf(0, at + 1);
    const name = raw.toString('utf8', at + 1, nameEnd);
    at = endOfValue(raw, type, nameEnd + 1);
    if (!names.has(name)) continue;
    found[name] = readValue(raw, { type, start, value: nameEnd + 1, end: at });
    left--;
  }
  return found;
}

/** BSON's own type numbers (bsonspec.org). */
const TYPE = {
  double: 0x01,
  string: 0x02,
  document: 0x03,
  array: 0x04,
  binary: 0x05,
  undefined: 0x06,
  objectId: 0x07,
  boolean: 0x08,
  date: 0x09,
  null: 0x0a,
  regex: 0x0b,
  pointer: 0x0c,
  code: 0x0d,
  symbol: 0x0e,
  scopedCode: 0x0f,
  int32: 0x10,
  timestamp: 0x11,
  int64: 0x12,
  decimal: 0x13,
  maxKey: 0x7f,
  minKey: 0xff,
} as const;
const FIXED_SIZE: Readonly<Record<number, number>> = {
  [TYPE.double]: 8,
  [TYPE.undefined]: 0,
  [TYPE.objectId]: 12,
  [TYPE.boolean]: 1,
  [TYPE.date]: 8,
  [TYPE.null]: 0,
  [TYPE.int32]: 4,
  [TYPE.timestamp]: 8,
  [TYPE.int64]: 8,
  [TYPE.decimal]: 16,
  [TYPE.maxKey]: 0,
  [TYPE.minKey]: 0,
};

function endOfValue(raw: Buffer, type: number, at: number): number {
  const fixed = FIXED_SIZE[type];
  if (fixed !== undefined) return at + fixed;
  switch (type) {
    case TYPE.string:
    case TYPE.code:
    case TYPE.symbol:
      return at + 4 + raw.readInt32LE(at);
    case TYPE.document:
    case TYPE.array:
    case TYPE.scopedCode:
      return at + raw.readInt32LE(at);
    case TYPE.binary:
      return at + 5 + raw.readInt32LE(at);
    case TYPE.regex:
      return raw.indexOf(0, raw.indexOf(0, at) + 1) + 1;
    case TYPE.pointer:
      return at + 16 + raw.readInt32LE(at);
  }
  throw new Error(`a stored document has the unknown BSON type ${type}`);
}

type Place = { readonly type: number; readonly start: number; readonly value: number; readonly end: number };

function readValue(raw: Buffer, { type, start, value, end }: Place): unknown {
  switch (type) {
    case TYPE.double:
      return raw.readDoubleLE(value);
    case TYPE.string:
      return raw.toString('utf8', value + 4, end - 1);
    case TYPE.boolean:
      return raw[value] === 1;
    case TYPE.date:
      return new Date(raw.readInt32LE(value + 4) * 2 ** 32 + raw.readUInt32LE(value));
    case TYPE.null:
      return null;
    case TYPE.int32:
      return raw.readInt32LE(value);
  }
  const alone = Buffer.allocUnsafe(5 + end - start);
  alone.writeInt32LE(alone.length, 0);
  raw.copy(alone, 4, start, end);
  alone[alone.length - 1] = 0;
  return Object.values(readDocument(alone))[0];
}

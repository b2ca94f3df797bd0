/**
 * Bytes that compare (memcmp) as MongoDB compares values. Every value ends itself, so that the key of a compound index is its
 * values one after the other, and a descending field is its bytes inverted.
 */
import { createHash } from 'node:crypto';

import { ObjectId, Timestamp } from 'bson';

import type { Document } from './document.ts';
import { splitNumber } from './numbers.ts';
import { bytesOf, RANK, rankOf, subtypeOf, textOf } from './order.ts';

/** Stands in an index for an array without items, which MongoDB places before null. */
export const EMPTY_ARRAY = Symbol('empty array');
/** Longer strings are cut and hashed: LMDB keys have at most 1978 bytes. */
export const LONGEST_TEXT = 256;

const REST = { below: 0x7f, none: 0x80, above: 0x81 } as const;

export class KeyEncoder {
  /** True when a string had to be cut since `start`: then equal keys still mean equal values, but their order is no longer theirs. */
  cut = false;
  private bytes = Buffer.allocUnsafe(64 * 1024);
  private end = 0;

  start(prefix: Uint8Array = NOTHING): this {
    this.end = 0;
    this.cut = false;
    this.append(prefix);
    return this;
  }

  /** Adds one value, inverted when its field is indexed in descending order. */
  value(value: unknown, descending = false): this {
    const from = this.end;
    this.put(value);
    if (descending) for (let i = from; i < this.end; i++) this.bytes[i] = ~(this.bytes[i] ?? 0);
    return this;
  }

  append(raw: Uint8Array): this {
    this.reserve(raw.length);
    this.bytes.set(raw, this.end);
    this.end += raw.length;
    return this;
  }

  finish(): Buffer {
    return Buffer.from(this.bytes.subarray(0, this.end));
  }

  private put(value: unknown): void {
    if (value === EMPTY_ARRAY) {
      this.byte(RANK.emptyArray);
      return;
    }
    const rank = rankOf(value);
    this.byte(rank);
    switch (rank) {
      case RANK.number:
        this.number(value);
        return;
      case RANK.string:
      case RANK.regex:
      case RANK.code:
        this.text(textOf(value));
        return;
      case RANK.boolean:
        this.byte(value === true ? 1 : 0);
        return;
      case RANK.objectId:
        if (value instanceof ObjectId) this.append(value.id);
        return;
      case RANK.date:
        this.double(value instanceof Date ? value.getTime() : 0);
        return;
      case RANK.timestamp:
        this.reserve(8);
        this.end = this.bytes.writeBigUInt64BE(
          BigInt.asUintN(64, value instanceof Timestamp ? value.toBigInt() : 0n),
          this.end,
        );
        return;
      case RANK.binary:
        this.binary(value);
        return;
      case RANK.array:
        for (const item of value as unknown[]) this.put(item);
        this.byte(0);
        return;
      case RANK.object:
        this.object(value as Document);
    }
  }

  private number(value: unknown): void {
    const [double, rest] = splitNumber(value);
    this.double(double);
    this.byte(rest === 0 ? REST.none : rest < 0 ? REST.below : REST.above);
    if (rest !== 0) this.double(rest);
  }

  /** Doubles sort as bytes once the sign bit is flipped, and the other bits too when it was set. NaN comes first. */
  private double(value: number): void {
    this.reserve(8);
    const { bytes, end } = this;
    if (Number.isNaN(value)) {
      bytes.fill(0, end, end + 8);
    } else {
      bytes.writeDoubleBE(value === 0 ? 0 : value, end);
      if (value < 0) for (let i = end; i < end + 8; i++) bytes[i] = ~(bytes[i] ?? 0);
      else bytes[end] = (bytes[end] ?? 0) ^ 0x80;
    }
    this.end += 8;
  }

  private text(value: string): void {
    this.reserve(value.length * 3);
    const length = this.bytes.write(value, this.end);
    if (length > LONGEST_TEXT) {
      this.cut = true;
      const utf8 = Buffer.from(value);
      this.escaped(Buffer.concat([utf8.subarray(0, LONGEST_TEXT), createHash('sha1').update(utf8).digest()]));
    } else if (value.includes('\0')) {
      this.escaped(Buffer.from(value));
    } else {
      this.end += length;
      this.byte(0);
      this.byte(0);
    }
  }

  private binary(value: unknown): void {
    const data = bytesOf(value);
    this.reserve(5);
    this.end = this.bytes.writeUInt32BE(data.length, this.end);
    this.byte(subtypeOf(value));
    this.escaped(data);
  }

  private object(value: Document): void {
    for (const name of Object.keys(value)) {
      this.byte(rankOf(value[name]));
      this.text(name);
      this.put(value[name]);
    }
    this.byte(0);
  }

  /** Bytes that end with 00 00, a 00 among them becoming 00 FF. */
  private escaped(data: Uint8Array): void {
    this.reserve(data.length * 2 + 2);
    for (const byte of data) {
      this.bytes[this.end++] = byte;
      if (byte === 0) this.bytes[this.end++] = 0xff;
    }
    this.bytes[this.end++] = 0;
    this.bytes[this.end++] = 0;
  }

  private byte(value: number): void {
    this.reserve(1);
    this.bytes[this.end++] = value;
  }

  private reserve(count: number): void {
    if (this.end + count <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.end + count));
    this.bytes.copy(larger, 0, 0, this.end);
    this.bytes = larger;
  }
}

const NOTHING = new Uint8Array();
const shared = new KeyEncoder();

export const encodeValue = (value: unknown, descending = false): Buffer =>
  shared.start().value(value, descending).finish();
/** A string that is the same for two values exactly when MongoDB calls them equal. */
export const keyOf = (value: unknown): string => encodeValue(value).toString('latin1');

/** The first key after every key that starts with this prefix. */
export function after(prefix: Buffer): Buffer {
  for (let i = prefix.length - 1; i >= 0; i--) {
    const byte = prefix[i] ?? 0;
    if (byte === 0xff) continue;
    const next = Buffer.from(prefix.subarray(0, i + 1));
    next[i] = byte + 1;
    return next;
  }
  return Buffer.alloc(prefix.length + 1, 0xff);
}

export function inverted(key: Buffer): Buffer {
  return Buffer.from(key.map((byte) => ~byte));
}

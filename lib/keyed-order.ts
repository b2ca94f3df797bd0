import { createCipheriv, createHash } from 'node:crypto';
import type { CursorCodec } from './cursor.ts';

/** An order of rows that tells nothing about them, another one for each consumer and purpose. */
export interface KeyedOrder {
  /** Tells this order from all others of the process. */
  readonly number: number;
  /** Gives each id its mark, 32 hexadecimal digits that are as random as the key is secret; equal ids have equal marks. */
  mark(ids: readonly string[]): Marked[];
  /** The slots 0 … 2^bits - 1 in the order in which a round visits them; 16 bits at most. */
  slots(round: number, bits: number): readonly number[];
}

export interface Marked {
  readonly id: string;
  readonly mark: string;
}

const BLOCK = 16;

/** A codec serves one consumer and purpose for as long as it is remembered. */
const orders = new WeakMap<CursorCodec, Map<string, KeyedOrder>>();

/**
 * The order of a list for those whose cursors the codec encrypts. Marks are AES-256 of the ids, one block each: a permutation
 * that nobody tells from a random one without the key, in one call of the cipher for all ids.
 *
 * The keys come from the codec's secret: AES-SIV is a pseudo-random function of its text (RFC 5297 §7), so what it makes of a text
 * that is neither a place nor an id, and that therefore nobody is ever given, serves as the secret they are hashed from.
 */
export function keyedOrder(cursors: CursorCodec, list: string): KeyedOrder {
  const known = orders.get(cursors) ?? new Map<string, KeyedOrder>();
  orders.set(cursors, known);
  const order = known.get(list) ?? create(cursors, list);
  known.set(list, order);
  return order;
}

let made = 0;

function create(cursors: CursorCodec, list: string): KeyedOrder {
  const secret = cursors.encode(`the keys of the order of ${list}`);
  const [ofIds, ofSlots] = ['ids', 'slots'].map((use) => createHash('sha256').update(`${use}\0${secret}`).digest());
  if (!ofIds || !ofSlots) throw new Error('two keys are made above');
  return {
    number: ++made,
    mark(ids) {
      const marks = encrypt(ofIds, Buffer.concat(ids.map(blockOf))).toString('hex');
      return ids.map((id, index) => ({ id, mark: marks.slice(2 * BLOCK * index, 2 * BLOCK * (index + 1)) }));
    },
    slots(round, bits) {
      const blocks = Buffer.alloc(BLOCK * 2 ** bits);
      for (let slot = 0; slot < 2 ** bits; slot++) {
        blocks.writeUInt32BE(round, BLOCK * slot);
        blocks.writeUInt32BE(bits, BLOCK * slot + 4);
        blocks.writeUInt32BE(slot, BLOCK * slot + 8);
      }
      const random = encrypt(ofSlots, blocks);
      // 48 random bits before the number of the slot: native numbers are sorted far sooner than objects.
      const keys = BigUint64Array.from(
        { length: 2 ** bits },
        (_, slot) => (BigInt(random.readUIntBE(BLOCK * slot, 6)) << 16n) | BigInt(slot),
      );
      return Array.from(keys.sort(), (key) => Number(key & 0xffffn));
    },
  };
}

/** In ECB each block is encrypted by itself, which is what a permutation of blocks is. Nothing is kept secret by it but the order. */
function encrypt(key: Buffer, blocks: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
  return Buffer.concat([cipher.update(blocks), cipher.final()]);
}

/** References are 32 hexadecimal digits; whatever else a store may hold is hashed to as many. */
function blockOf(id: string): Buffer {
  if (/^[0-9a-f]{32}$/.test(id)) return Buffer.from(id, 'hex');
  return createHash('sha256').update(id).digest().subarray(0, BLOCK);
}

import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import { HubError } from './errors.ts';

/** Turns the place of a row into an opaque cursor and back. The same place gives the same cursor. */
export interface CursorCodec {
  encode(place: unknown): string;
  /** @throws HubError BAD_CURSOR for anything this codec did not make for this list. */
  decode(cursor: string): unknown;
}

const NONCE = 16;
/** Bytes to whose multiple the place of a row is filled up. */
const BLOCK = 128;

/**
 * Cursors are encrypted, since the place of a row holds values (a name, a key) that its reader may not see. The nonce is a
 * MAC of the text (as in AES-SIV), so that equal places give equal cursors and an altered cursor is noticed. Places of lists
 * are filled up with spaces, which JSON ignores: the length of a cursor would tell the length of the name in it.
 * @param secret at least 32 bytes, the same in every process of a subgraph.
 * @param list names the list, so that a cursor of one list is refused by another.
 */
export function cursorCodec(secret: Buffer, list: string): CursorCodec {
  const derive = (use: string): Buffer => createHmac('sha256', secret).update(`${use}\0${list}`).digest();
  const macKey = derive('mac');
  const key = derive('encrypt');
  const nonceOf = (text: Buffer): Buffer => createHmac('sha256', macKey).update(text).digest().subarray(0, NONCE);
  return {
    encode(place) {
      const text = Array.isArray(place) ? filledUp(JSON.stringify(place)) : Buffer.from(JSON.stringify(place));
      const nonce = nonceOf(text);
      const cipher = createCipheriv('aes-256-ctr', key, nonce);
      return Buffer.concat([nonce, cipher.update(text), cipher.final()]).toString('base64url');
    },
    decode(cursor) {
      const bytes = Buffer.from(cursor, 'base64url');
      const nonce = bytes.subarray(0, NONCE);
      if (nonce.length < NONCE) throw refused();
      const decipher = createDecipheriv('aes-256-ctr', key, nonce);
      const text = Buffer.concat([decipher.update(bytes.subarray(NONCE)), decipher.final()]);
      if (!timingSafeEqual(nonce, nonceOf(text))) throw refused();
      return JSON.parse(text.toString()) as unknown;
    },
  };
}

function filledUp(text: string): Buffer {
  const bytes = Buffer.byteLength(text);
  return Buffer.concat([Buffer.from(text), Buffer.alloc(Math.ceil(bytes / BLOCK) * BLOCK - bytes, ' ')]);
}

function refused(): HubError {
  return new HubError(
    'BAD_CURSOR',
    'after: not a cursor of this list. Pass an endCursor or edge cursor that the same field returned.',
  );
}

import { createHmac } from 'node:crypto';
import { aessiv } from '@noble/ciphers/aes.js';
import { HubError } from './errors.ts';

/** Turns the place of a row into an opaque cursor and back. The same place gives the same cursor. */
export interface CursorCodec {
  encode(place: unknown): string;
  /** @throws HubError BAD_CURSOR for anything this codec did not make for this list. */
  decode(cursor: string): unknown;
}

/** Bytes of the tag before the encrypted text (RFC 5297 §2.6). */
const TAG = 16;
/** Bytes to whose multiple the place of a row is filled up. */
const BLOCK = 128;

/**
 * Cursors are encrypted, since the place of a row holds values (a name, a key) that its reader may not see. AES-SIV (RFC 5297)
 * gives equal places equal cursors and refuses an altered one. Places of lists are filled up with spaces, which JSON
 * ignores: the length of a cursor would tell the length of the name in it.
 *
 * A list has a key of its own, which binds its cursors to it; as associated data its name would do so a second time, for a
 * third of the cost of an id.
 * @param secret at least 32 bytes, the same in every process of a subgraph.
 * @param list names the list, so that a cursor of one list is refused by another.
 */
export function cursorCodec(secret: Buffer, list: string): CursorCodec {
  // Two keys of 256 bits, one for the tag and one for the text.
  const key = createHmac('sha512', secret).update(`aes-siv\0${list}`).digest();
  // One object of the library encrypts once, as with other ciphers a second time would be a mistake; it decrypts for ever.
  const opener = aessiv(key);
  return {
    encode(place) {
      const text = Array.isArray(place) ? filledUp(JSON.stringify(place)) : Buffer.from(JSON.stringify(place));
      return base64url(aessiv(key).encrypt(text));
    },
    decode(cursor) {
      const sealed = Buffer.from(cursor, 'base64url');
      // Node reads past what is not base64url, so that one place would have many cursors.
      if (sealed.length < TAG || base64url(sealed) !== cursor) throw refused();
      return JSON.parse(Buffer.from(opened(opener, sealed)).toString()) as unknown;
    },
  };
}

function opened(cipher: ReturnType<typeof aessiv>, sealed: Uint8Array): Uint8Array {
  try {
    return cipher.decrypt(sealed);
  } catch {
    // Of bytes long enough for a tag the library refuses one thing only: a tag that is not that of the text.
    throw refused();
  }
}

function base64url({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64url');
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

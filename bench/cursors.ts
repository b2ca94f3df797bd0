/** What AES-SIV costs: cursors of places and public ids of persons (lib/cursor.ts), a hundred of each in one request. */
import { aessiv } from '@noble/ciphers/aes.js';
import { createCipheriv, createHmac, randomBytes } from 'node:crypto';
import { cursorCodec } from '../lib/cursor.ts';
import { type Contender, measure } from './measure.ts';
import { benchCommand, type BenchOptions, rowsOf, show, table } from './report.ts';

const ROWS = 100;
const LIST = JSON.stringify(['population', 'civil-affairs', 'low-income-check']);

/** As `publicId` encodes: the scope, then the reference. */
const ids = Array.from({ length: ROWS }, () => randomBytes(9).toString('base64url') + randomBytes(16).toString('hex'));
const places = ids.map((id) => ['persons', '532301', id.slice(12)]);

await benchCommand('cursors', `CPU of ${ROWS} public ids and ${ROWS} cursors, encoded and decoded`)
  .action(async ({ json, ...rounds }: BenchOptions) => {
    const secret = randomBytes(32);
    const codec = cursorCodec(secret, LIST);
    const key = createHmac('sha512', secret).update(LIST).digest();
    const name = Buffer.from(LIST);
    const encodedIds = ids.map((id) => codec.encode(id));
    const encodedPlaces = places.map((place) => codec.encode(place));
    const contenders = [
      contender('ids encoded', ids, (id) => codec.encode(id)),
      contender('ids decoded', encodedIds, (id) => codec.decode(id)),
      contender('cursors encoded', places, (place) => codec.encode(place)),
      contender('cursors decoded', encodedPlaces, (cursor) => codec.decode(cursor)),
      contender('ids encoded, list name as associated data too', ids, (id) =>
        Buffer.from(aessiv(key, name).encrypt(Buffer.from(JSON.stringify(id)))).toString('base64url'),
      ),
      contender('ids encoded, keys of 128 bits', ids, (id) =>
        Buffer.from(aessiv(key.subarray(32)).encrypt(Buffer.from(JSON.stringify(id)))).toString('base64url'),
      ),
      contender('native HMAC and AES-CTR of the same text', ids, (id) => native(key, id)),
    ];
    const rows = rowsOf(await measure(contenders, rounds), 'ids encoded');
    show(json, { rows: ROWS, figures: rows }, () => table(`${ROWS} each, CPU of all ${ROWS} together`, rows));
  })
  .parseAsync();

function contender<Item>(name: string, items: readonly Item[], run: (item: Item) => unknown): Contender {
  return {
    name,
    run() {
      for (const item of items) run(item);
      return Promise.resolve();
    },
  };
}

/** The cheapest that Node's own library does for an encrypted and authenticated id: one MAC and one cipher. */
function native(key: Buffer, id: string): string {
  const text = Buffer.from(JSON.stringify(id));
  const tag = createHmac('sha256', key.subarray(0, 32)).update(text).digest().subarray(0, 16);
  const cipher = createCipheriv('aes-256-ctr', key.subarray(32), tag);
  return Buffer.concat([tag, cipher.update(text), cipher.final()]).toString('base64url');
}

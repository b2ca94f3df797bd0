import { createHmac } from 'node:crypto';
import { aessiv } from '@noble/ciphers/aes.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cursorCodec } from '../../lib/cursor.ts';
import { HubError } from '../../lib/errors.ts';

const SECRET = Buffer.alloc(32, 7);
const codec = cursorCodec(SECRET, 'people');
const PLACE = ['persons', '532301', '张三', 'a'.repeat(32)];

const codeOf = (cursor: string): unknown => {
  try {
    return { opened: codec.decode(cursor) };
  } catch (thrown) {
    return thrown instanceof HubError ? thrown.code : thrown;
  }
};

/** Known answers of RFC 5297, appendix A: key, associated data (the nonce last), text, tag and text encrypted. */
const VECTORS = [
  {
    name: 'A.1, deterministic',
    key: 'fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff',
    data: ['101112131415161718191a1b1c1d1e1f2021222324252627'],
    text: '112233445566778899aabbccddee',
    sealed: '85632d07c6e8f37f950acd320a2ecc9340c02b9690c4dc04daef7f6afe5c',
  },
  {
    name: 'A.2, with a nonce',
    key: '7f7e7d7c7b7a79787776757473727170404142434445464748494a4b4c4d4e4f',
    data: [
      '00112233445566778899aabbccddeeffdeaddadadeaddadaffeeddccbbaa99887766554433221100',
      '102030405060708090a0',
      '09f911029d74e35bd84156c5635688c0',
    ],
    text: '7468697320697320736f6d6520706c61696e7465787420746f20656e6372797074207573696e67205349562d414553',
    sealed:
      '7bdb6e3b432667eb06f4d14bff2fbd0f' +
      'cb900f2fddbe404326601965c889bf17dba77ceb094fa663b7a3f748ba8af829ea64ad544a272e9c485b62a3fd5c0d',
  },
];

describe('the cipher of cursors', () => {
  const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));

  it.each(VECTORS)('is AES-SIV as RFC 5297 $name knows it', ({ key, data, text, sealed }) => {
    const cipher = () => aessiv(bytes(key), ...data.map(bytes));
    expect(Buffer.from(cipher().encrypt(bytes(text))).toString('hex')).toBe(sealed);
    expect(Buffer.from(cipher().decrypt(bytes(sealed))).toString('hex')).toBe(text);
  });

  it('is that of the library under the key of the list, and nothing else', () => {
    const key = createHmac('sha512', SECRET).update('aes-siv\0people').digest();
    const sealed = aessiv(key).encrypt(Buffer.from(JSON.stringify('a public id')));
    expect(codec.encode('a public id')).toBe(Buffer.from(sealed).toString('base64url'));
  });
});

describe('a cursor', () => {
  it('leads back to its place, whatever the place is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (place) => {
        expect(codec.decode(codec.encode(place))).toEqual(JSON.parse(JSON.stringify(place)));
      }),
    );
  });

  it('is the same for the same place and the same keys, now and later, and another for another place', () => {
    expect(cursorCodec(Buffer.from(SECRET), 'people').encode(PLACE)).toBe(codec.encode(PLACE));
    // Bookmarked cursors and stored ids would end, should this change.
    expect(codec.encode('a public id')).toBe('4jOy7R5DokgfCVg2QJISybf2aoxUfM1uOKH254Y');
    const places = Array.from({ length: 200 }, (_, row) => ['persons', '532301', row]);
    expect(new Set(places.map((place) => codec.encode(place))).size).toBe(places.length);
  });

  it('is refused when any one bit of it is changed', () => {
    const sealed = Buffer.from(codec.encode(PLACE), 'base64url');
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect([bit, codeOf(changed.toString('base64url'))]).toEqual([bit, 'BAD_CURSOR']);
    }
  });

  it('is refused when it is cut or continued at any place', () => {
    const sealed = Buffer.from(codec.encode(PLACE), 'base64url');
    const cut = Array.from({ length: sealed.length }, (_, end) => sealed.subarray(0, end));
    const more = Buffer.concat([sealed, Buffer.from(' ')]);
    for (const bytes of [...cut, more]) expect(codeOf(bytes.toString('base64url'))).toBe('BAD_CURSOR');
  });

  it('has one way to be written', () => {
    const cursor = codec.encode(PLACE);
    const standard = Buffer.from(cursor, 'base64url').toString('base64');
    expect(standard).toMatch(/[+/]/);
    for (const written of [
      `${cursor}=`,
      ` ${cursor}`,
      `${cursor}!`,
      `${cursor.slice(0, 9)}\n${cursor.slice(9)}`,
      standard,
    ])
      expect(codeOf(written)).toBe('BAD_CURSOR');
  });

  it('is refused by another list and under another secret, and anything else that is none too', () => {
    const foreign = [
      cursorCodec(SECRET, 'firms').encode(PLACE),
      cursorCodec(SECRET, 'peopl').encode(PLACE),
      cursorCodec(Buffer.alloc(32, 8), 'people').encode(PLACE),
      Buffer.from(JSON.stringify(PLACE)).toString('base64url'),
    ];
    for (const cursor of [...foreign, '', 'x', '张三', '0'.repeat(10_000)]) expect(codeOf(cursor)).toBe('BAD_CURSOR');
  });

  it('says what to pass instead, and nothing of what was given', () => {
    expect(() => codec.decode('zhang-san')).toThrow(/^after: not a cursor of this list\. Pass an endCursor/);
  });

  it('tells by its length, and by no byte, what is in it', () => {
    const names = ['张三', '张三丰', '欧阳修远', 'Z', ''].map((name) => codec.encode(['persons', '532301', name, 'r']));
    expect(new Set(names.map((cursor) => cursor.length)).size).toBe(1);
    expect(Buffer.from(codec.encode(PLACE), 'base64url').toString()).not.toContain('张三');
  });
});

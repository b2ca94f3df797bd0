import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cursorCodec } from '../../lib/cursor.ts';
import { type SmallHub, smallHub } from '../support/small-hub.ts';
import { people, ZHANG } from './fixtures.ts';
import { refusals, weakHub, withoutReads } from './support.ts';

/*
 * Classes 6 and 12: a hidden item is read by filtering, counting or paging (platformatic#5119, data-api-builder#3553, drupal
 * graphql#814). test/gateway/arguments shows every form an argument may have, test/security/records the length of cursors; here
 * the attack itself: a binary search, with and without the rows, and the bytes of a cursor.
 */
type Found = { bornBefore: { count: number } | null };

/** Asks until one day is left. */
async function searchBirthDay(ask: (day: string) => Promise<boolean>): Promise<string | undefined> {
  let from = Date.UTC(1900, 0, 1);
  let to = Date.UTC(2030, 0, 1);
  const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);
  const DAY = 86_400_000;
  if (!(await ask(dayOf(to)))) return undefined;
  while (to - from > DAY) {
    const middle = from + Math.floor((to - from) / DAY / 2) * DAY;
    if (await ask(dayOf(middle))) to = middle;
    else from = middle;
  }
  return dayOf(from);
}

const probe = (hub: SmallHub, selection: string, use: (data: Found) => boolean) => async (day: string) => {
  const { data } = await hub.ask(`{ bornBefore(day: "${day}") { ${selection} } }`);
  return use(data as Found);
};

describe('a binary search for a hidden value', () => {
  let hub: SmallHub;
  let weak: SmallHub;
  beforeAll(async () => {
    hub = await smallHub({ subgraphs: [people] });
    weak = await weakHub({ subgraphs: [people] }, { table: withoutReads });
  });
  afterAll(() => Promise.all([hub.close(), weak.close()]));

  it.each([
    ['by counting, without any row', 'count', ({ bornBefore }: Found) => (bornBefore?.count ?? 0) > 0],
    ['by rows that show free items only', 'nodes { id }', (data: Found) => JSON.stringify(data).includes('p1')],
    ['by the types of the rows', 'nodes { __typename }', (data: Found) => JSON.stringify(data).includes('Person')],
    ['by an alias of the types', 'nodes { t: __typename }', (data: Found) => JSON.stringify(data).includes('Person')],
  ])('finds it where arguments are not decided, and nothing where they are: %s', async (_, selection, use) => {
    expect(await searchBirthDay(probe(weak, selection, use))).toBe(ZHANG.birthDate);
    hub.fetches.length = 0;
    expect(await searchBirthDay(probe(hub, selection, use))).toBeUndefined();
    expect(hub.fetches).toEqual([]);
  });

  it('answers every probe alike, in its errors too', async () => {
    const answers = await Promise.all(
      ['1900-01-01', '2030-01-01', ZHANG.birthDate, ''].map((day) =>
        hub.ask('query ($d: String!) { bornBefore(day: $d) { count } }', { variables: { d: day } }),
      ),
    );
    const [first, ...others] = answers.map(({ status, data, errors }) => ({ status, data, errors }));
    for (const other of others) expect(other).toEqual(first);
    expect(refusals(answers[0] ?? {})).toEqual([['Person.birthDate', 'FILTER', 'NO_GRANT']]);
  });
});

describe('the bytes of a cursor', () => {
  const place = ['persons', '532301', ZHANG.name, ZHANG.ref];
  const codec = cursorCodec(Buffer.alloc(32, 7), 'people');

  it('hold the place of the row in plain base64, and nothing of it in ours', () => {
    const plain = Buffer.from(JSON.stringify(place)).toString('base64url');
    const values = (cursor: string): boolean => Buffer.from(cursor, 'base64url').toString().includes(ZHANG.name);
    expect([values(plain), values(codec.encode(place))]).toEqual([true, false]);
  });

  it('cannot be made or changed to ask for the rows after a value of the attacker’s', () => {
    const bytes = Buffer.from(codec.encode(place), 'base64url');
    const flipped = [16, 40, bytes.length - 1].map((at) => {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      return changed.toString('base64url');
    });
    const forged = [
      Buffer.from(JSON.stringify(['persons', '532301', '李', ''])).toString('base64url'),
      cursorCodec(Buffer.alloc(32, 8), 'people').encode(place),
      cursorCodec(Buffer.alloc(32, 7), 'firms').encode(place),
      bytes.subarray(0, 40).toString('base64url'),
      ...flipped,
    ];
    for (const cursor of forged) expect(() => codec.decode(cursor)).toThrow(/not a cursor of this list/);
    expect(codec.decode(bytes.toString('base64url'))).toEqual(place);
  });
});

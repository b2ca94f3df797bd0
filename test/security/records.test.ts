import { parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cursorCodec } from '../../lib/cursor.ts';
import { type SmallHub, smallHub } from '../support/small-hub.ts';

const people = {
  name: 'people',
  owner: 'public-security',
  sdl: `
    type Query { byNumber(number: String! @reads(items: ["Person.id"], use: LOOKUP)): Person @sharing(class: UNCONDITIONAL) }
    type Person @sharing(class: UNCONDITIONAL) { id: ID! name: String spouse: Person }`,
  resolvers: { Query: { byNumber: () => ({ id: '1', name: '张三' }) } },
};

describe('the record of an operation', () => {
  let hub: SmallHub;
  beforeAll(async () => {
    hub = await smallHub({ subgraphs: [people] });
  });
  afterAll(() => hub.close());

  it('holds no name its caller chose: not in pinyin, not cut in pieces', async () => {
    await hub.ask(
      `query ($zhangsan_1101_0519: String!) {
        n1101_0519_4912: byNumber(number: $zhangsan_1101_0519) { ...zhangsan b: spouse { n1101_0519_4912: id } }
      } fragment zhangsan on Person { zhangsan: name }`,
      { variables: { zhangsan_1101_0519: '11010519491231002X' } },
    );
    const text = hub.entries.at(-1)?.operation?.text ?? '';
    expect(text).not.toMatch(/zhangsan|1101|0519|4912/);
    expect(text.replace(/\s+/g, ' ')).toBe(
      'query ($v1: String!) { a1: byNumber(number: $v1) { ...f1 a2: spouse { a1: id } } } fragment f1 on Person { a3: name }',
    );
    expect(() => parse(text)).not.toThrow();
  });

  it('is the same for operations that differ in such names only', async () => {
    await hub.ask('{ x: byNumber(number: "1") { ...p } } fragment p on Person { id }');
    await hub.ask('{ y: byNumber(number: "2") { ...q } } fragment q on Person { id }');
    const [first, second] = hub.entries.slice(-2);
    expect(first?.operation).toEqual(second?.operation);
  });

  it('keeps the name of the operation, without a number in it, and of a length that can be read', async () => {
    const nameOf = async (name: string): Promise<string | undefined> => {
      await hub.ask(`query ${name} { byNumber(number: "1") { id } }`);
      return hub.entries.at(-1)?.operation?.name;
    };
    expect(await nameOf('CheckHouseholdV2')).toBe('CheckHouseholdV2');
    expect(await nameOf('Check_1101_0519_4912_3100_2X')).toBe('Check_0_0_0_0_0X');
    expect(await nameOf('Q'.repeat(500))).toBe('Q'.repeat(64));
    expect(hub.entries.at(-1)?.operation?.text.length).toBeLessThan(200);
  });
});

describe('a cursor', () => {
  const codec = cursorCodec(Buffer.alloc(32, 7), 'people');

  it('does not tell by its length how long the name in it is', () => {
    const lengths = ['张三', '张三丰', '欧阳修远', 'Z'].map(
      (name) => codec.encode(['persons', '532301', name, 'a'.repeat(32)]).length,
    );
    expect(new Set(lengths).size).toBe(1);
  });

  it('leads back to its place', () => {
    const place = ['persons', '532301', '张三', 'ref'];
    expect(codec.decode(codec.encode(place))).toEqual(place);
    expect(codec.decode(codec.encode('a public id'))).toBe('a public id');
  });
});

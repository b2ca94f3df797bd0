import { afterAll, describe, expect, it } from 'vitest';
import { createLogger } from '../../lib/logger.ts';
import { type SmallHubOptions, smallHub } from '../support/small-hub.ts';

const NUMBER = '11010519491231002X';
const people = {
  name: 'people',
  owner: 'public-security',
  sdl: `
    type Query {
      byNumber(number: String! @reads(items: ["Person.number"], use: LOOKUP)): Person @sharing(class: UNCONDITIONAL)
      find(filter: Filter!): [Person] @sharing(class: UNCONDITIONAL)
      born(on: Date!): [Person] @sharing(class: UNCONDITIONAL)
      page(first: Int): [Person] @sharing(class: UNCONDITIONAL)
    }
    input Filter { name: String, age: Int, sex: Sex }
    enum Sex { MALE FEMALE }
    scalar Date
    type Person @key(fields: "ref") @personal @resource(code: "1", title: "人口", updateCycle: DAILY) {
      ref: ID! @inaccessible
      id: ID! @sharing(class: UNCONDITIONAL)
      number: String @sharing(class: CONDITIONAL)
      phone: String @sharing(class: CONDITIONAL)
    }`,
  resolvers: {
    Query: {
      byNumber: () => ({ ref: 'r1', id: 'p1', number: NUMBER, phone: '13800000000' }),
      find: () => [],
      born: () => [],
      page: () => [],
    },
  },
};

const lines: string[] = [];
const logger = createLogger({
  level: 'trace',
  production: true,
  service: 'test',
  destination: { write: (line) => lines.push(line) },
});
const open = (options: Partial<SmallHubOptions> = {}) => smallHub({ subgraphs: [people], logger, ...options });
const hub = await open({ grants: [{ items: [{ coordinate: 'Person.number', uses: ['LOOKUP', 'OUTPUT'] }] }] });
afterAll(() => hub.close());

describe('no entry, no answer', () => {
  it('answers 503 and shows nothing when the entry of a request cannot be written', async () => {
    const deaf = await open({ auditFails: true });
    const answer = await deaf.ask('{ byNumber(number: "1") { id } page { id } }');
    expect(answer).toMatchObject({ status: 503, errors: [{ extensions: { code: 'AUDIT_UNAVAILABLE' } }] });
    expect(JSON.stringify(answer)).not.toMatch(/p1|"data"/);
    await deaf.close();
  });

  it('counts every request as under way until it is answered, however it ends', async () => {
    let begun = 0;
    let ended = 0;
    const counted = await open({
      onBegan() {
        begun += 1;
        return () => (ended += 1);
      },
    });
    await Promise.all([
      counted.ask('{ page { id } }'),
      counted.ask('{ page { id } }', { headers: { authorization: undefined } }),
      counted.ask('{ no such'),
    ]);
    await counted.close();
    expect([begun, ended]).toEqual([3, 3]);
  });

  it('answers 503 when the entry of a failed authentication cannot be written', async () => {
    const deaf = await open({ auditFails: true });
    const { status } = await deaf.ask('{ page { id } }', { headers: { authorization: undefined } });
    expect(status).toBe(503);
    await deaf.close();
  });

  it('names the entry in a header of the answer', async () => {
    const { headers } = await hub.ask('{ page { id } }');
    expect(headers['shuniu-audit-entry']).toMatch(/^[\da-f-]{36}$/);
  });
});

describe('every request is on record', () => {
  it('that was answered: who, for what, which items, under which grants, how many rows and subjects', async () => {
    await hub.ask(`query Look { byNumber(number: "${NUMBER}") { id number phone } }`, { caller: { officer: 'O-1' } });
    expect(hub.entries.at(-1)).toMatchObject({
      kind: 'REQUEST',
      outcome: 'PARTIAL',
      traceId: '0af7651916cd43dd8448eb211c80319c',
      caller: { department: 'civil-affairs', application: 'relief', purpose: 'low-income-check', officer: 'O-1' },
      grants: [expect.stringMatching(/^G-/)],
      operation: { name: 'Look', hash: expect.stringMatching(/^[\w-]{43}$/) as string },
      items: {
        allowed: ['Person.id', 'Person.number', 'Query.byNumber'],
        denied: [{ coordinate: 'Person.phone', reason: 'NO_GRANT' }],
      },
      rows: { Person: 1 },
      subjects: [expect.stringMatching(/^[\w-]{22}$/)],
      release: expect.stringMatching(/^[\w-]{43}$/) as string,
      epoch: 1,
    });
  });

  it('without what lies below a refused item: that was neither fetched nor shown, and no grant was used for it', async () => {
    const grants = [{ items: [{ coordinate: 'Person.number', uses: ['OUTPUT' as const] }] }];
    const strict = { ...people, sdl: people.sdl.replace('phone: String @', 'phone: String! @') };
    const refusing = await smallHub({ subgraphs: [strict], grants });
    await refusing.ask('{ page { number } }');
    expect(refusing.entries.at(-1)).toMatchObject({ grants: [expect.stringMatching(/^G-/)] });
    const below = await refusing.ask('{ first: page { number phone } }');
    expect(below.errors).toMatchObject([{ path: ['first'], extensions: { coordinate: 'Person.phone' } }]);
    expect(refusing.entries.at(-1)).toMatchObject({
      outcome: 'REFUSED',
      grants: [],
      items: { allowed: [], masked: [], denied: [{ coordinate: 'Person.phone', reason: 'NO_GRANT' }] },
    });
    await refusing.close();
  });

  it.each([
    ['does not parse', { query: '{ page { id }' }],
    ['is not valid for the schema', { query: '{ page { id nothing } }' }],
    ['names no operation', { query: 'fragment F on Person { id }' }],
    ['names an operation that is not there', { query: 'query A { page { id } }', operationName: 'B' }],
    [
      'asks for one of two operations without saying which',
      { query: 'query A { page { id } } query B { page { id } }' },
    ],
    ['has variables that do not fit', { query: 'query ($n: Int) { page(first: $n) { id } }', variables: { n: 'x' } }],
    ['lacks a variable', { query: 'query ($n: Int!) { page(first: $n) { id } }' }],
    ['has no query', { variables: {} }],
    ['has no body', undefined],
    ['is a batch', [{ query: '{ page { id } }' }]],
  ])('that %s', async (_what, body) => {
    const before = hub.entries.length;
    const { status, data, errors } = await hub.ask('', { body });
    expect([status, data ?? null]).toEqual([400, null]);
    expect(errors?.length).toBeGreaterThan(0);
    expect(hub.entries).toHaveLength(before + 1);
    expect(hub.entries.at(-1)).toMatchObject({
      kind: 'REQUEST',
      outcome: 'INVALID',
      caller: { application: 'relief' },
    });
  });
});

describe('a flood of failed authentications', () => {
  it('is recorded one by one while they are few, then as one entry with their number', async () => {
    const flooded = await open();
    const refused = { headers: { authorization: undefined } };
    for (let count = 0; count < 40; count++) await flooded.ask('{ page { id } }', refused);
    expect(flooded.entries).toHaveLength(5);
    // Another address and another reason are told apart.
    await flooded.ask('{ page { id } }', { ...refused, address: '198.51.100.7' });
    await flooded.ask('{ page { id } }', { headers: { authorization: 'Bearer x' } });
    expect(flooded.entries).toHaveLength(7);
    await flooded.close();
    expect(flooded.entries).toHaveLength(8);
    expect(flooded.entries.at(-1)).toMatchObject({
      kind: 'AUTHENTICATION_FAILED',
      failure: { reason: 'MISSING', address: '192.0.2.1', count: 35 },
    });
    expect(flooded.entries.every(({ kind }) => kind === 'AUTHENTICATION_FAILED')).toBe(true);
  });
});

describe('no personal value leaves in an entry, an error or a log line', () => {
  /** Where a caller may put a resident number, a name and a phone. */
  const ways: Record<string, object> = {
    'a literal': { query: `{ byNumber(number: "${NUMBER}") { id } }` },
    'a literal of the wrong type': { query: `{ page(first: "${NUMBER}") { id } }` },
    'a number that is too large': { query: '{ page(first: 13812345678901234) { id } }' },
    'an alias': { query: `{ n${NUMBER}: byNumber(number: "1") { p13812345678: phone } }` },
    'the name of the operation': { query: `query n${NUMBER} { page { id } }` },
    'the name of a variable': { query: `query ($n${NUMBER}: Int) { page(first: $n${NUMBER}) { id } }` },
    'a variable': {
      query: 'query ($n: String!) { byNumber(number: $n) { id phone } }',
      variables: { n: NUMBER },
    },
    'a variable of the wrong type': { query: 'query ($n: Int) { page(first: $n) { id } }', variables: { n: '张三丰' } },
    'an enum variable': {
      query: 'query ($f: Filter!) { find(filter: $f) { id } }',
      variables: { f: { sex: '张三丰', name: NUMBER } },
    },
    'an input field that does not exist': {
      query: 'query ($f: Filter!) { find(filter: $f) { id } }',
      variables: { f: { [`n${NUMBER}`]: '张三丰' } },
    },
    'a field that does not exist': { query: `{ byNumber(number: "1") { n${NUMBER} } }` },
    'an object where none is expected': { query: `{ page(first: { name: "张三丰", number: "${NUMBER}" }) { id } }` },
    'an enum literal': { query: '{ find(filter: { sex: "张三丰" }) { id } }' },
    'a string in the wrong place': { query: `{ "张三丰" }` },
    'a string that does not end': { query: `{ find(filter: { name: "张三丰` },
    'a character that is no GraphQL': { query: '{ 张三丰 }' },
    'a member of a variable that is no name': {
      query: 'query ($f: Filter!) { find(filter: $f) { id } }',
      variables: { f: { 'Zhang San 张三丰': 1 } },
    },
    'a variable whose text looks like the end of the message': {
      query: 'query ($f: Filter!) { find(filter: $f) { id } }',
      variables: { f: { age: 'x at "f.age"; 张三丰' } },
    },
    'an unknown type': { query: `query ($n: T${NUMBER}) { page { id } }` },
    'the name of the operation to run': { query: '{ page { id } }', operationName: `n${NUMBER}` },
    'another name of the operation to run': { query: '{ page { id } }', operationName: '张三丰' },
    'a stranger member of the body': { query: '{ page { id } }', [NUMBER]: '张三丰' },
    'extensions of another form': { query: '{ page { id } }', extensions: NUMBER },
  };

  it.each(Object.entries(ways))('when it is given as %s', async (_where, body) => {
    lines.length = 0;
    const { errors } = await hub.ask('', { body });
    const said = JSON.stringify([hub.entries.at(-1), errors?.map((error) => error.message), lines]);
    expect(said).not.toMatch(/张三丰|11010519491231002|13812345678/);
  });

  it('keeps what helps: names of fields and types stay in the messages', async () => {
    const messages = async (query: string, variables?: Record<string, unknown>) =>
      (await hub.ask(query, variables && { variables })).errors?.map(({ message }) => message);
    expect(await messages('{ page { nothing } }')).toEqual(['Cannot query field "nothing" on type "Person".']);
    expect(await messages('{ page(last: 3) { id } }')).toEqual(['Unknown argument "last" on field "Query.page".']);
    expect(await messages('{ page { id }')).toEqual(['Syntax Error: Expected Name, found <EOF>.']);
    expect(await messages('{ page(first: null) { id } find { id } }')).toEqual([
      'Field "find" argument "filter" of type "Filter!" is required, but it was not provided.',
    ]);
    expect(await messages('{ page } }')).toEqual(['Syntax Error: Unexpected "}".']);
    expect(await messages('{ page(first: "x") { id } }')).toEqual([
      'Int cannot represent non-integer value: (what was given is not repeated here).',
    ]);
    const find = 'query ($f: Filter!) { find(filter: $f) { id } }';
    expect(await messages(find, { f: { sex: 'x' } })).toEqual([
      'Variable "$f" cannot be used at "f.sex": Value (what was given is not repeated here) does not exist in "Sex" enum.',
    ]);
    expect(await messages(find, { f: { height: 1 } })).toEqual([
      'Variable "$f" cannot be used: Field "height" is not defined by type "Filter".',
    ]);
    expect(await messages(find)).toEqual(['Variable "$f" of required type "Filter!" was not provided.']);
    expect(await messages(find, { f: null })).toEqual(['Variable "$f" of non-null type "Filter!" must not be null.']);
  });
});

import { afterAll, describe, expect, it } from 'vitest';
import { smallHub } from '../support/small-hub.ts';

const FIELDS = Array.from({ length: 150 }, (_, index) => `aLongNameOfAFieldThatSaysMuchOfWhatItHolds${index}`);
const wide = {
  name: 'wide',
  owner: 'public-security',
  sdl: `type Query { row: Row @sharing(class: UNCONDITIONAL) } type Row @sharing(class: UNCONDITIONAL) { ${FIELDS.map((each) => `${each}: Int`).join(' ')} }`,
  resolvers: { Query: { row: () => Object.fromEntries(FIELDS.map((each, index) => [each, index])) } },
};
const other = {
  name: 'other',
  owner: 'archives',
  sdl: 'type Query { ping: String @sharing(class: UNCONDITIONAL) }',
  resolvers: { Query: { ping: () => 'pong' } },
};
const hub = await smallHub({ subgraphs: [wide, other] });
afterAll(() => hub.close());
const asking = (count: number): string => `{ ping row { ${FIELDS.slice(0, count).join(' ')} } }`;

describe('an operation that asks one subgraph for more than a signed context can name', () => {
  it('is told so and what to do, at that part alone', async () => {
    const { status, data, errors } = await hub.ask(asking(150));
    expect([status, data]).toEqual([200, { ping: 'pong', row: null }]);
    expect(errors).toMatchObject([{ path: ['row'], extensions: { code: 'CONTEXT_TOO_LARGE', subgraph: 'wide' } }]);
    expect(errors?.[0]?.message).toMatch(
      /wide makes a signed context of .* characters; 6144 is the limit\. Ask for fewer/,
    );
    expect(hub.fetches.map(({ subgraph }) => subgraph)).toEqual(['other']);
  });

  it('is answered once it asks for less', async () => {
    const { data, errors } = await hub.ask(asking(60));
    expect(errors).toBeUndefined();
    expect(data?.['row']).toMatchObject({ [FIELDS[59] ?? '']: 59 });
  });
});

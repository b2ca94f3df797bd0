/** What one department publishes must not open what another owns: each is refused, or has no effect. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { buildSupergraph } from '../../gateway/supergraph.ts';
import { localTransport } from '../../lib/local-transport.ts';
import type { Caller } from '../../lib/caller.ts';
import { DateScalar } from '../../lib/scalars.ts';
import { readPolicy } from '../../schema/read-policy.ts';
import { type GraphqlAnswer, smallHub, type SmallSubgraph } from '../support/small-hub.ts';
import { ZHANG } from './fixtures.ts';
import { bareSteps, CALLER, carelesslyComposed, composed, directUnguarded } from './support.ts';

const other = (sdl: string, resolvers: SmallSubgraph['resolvers'] = {}, name = 'zeta'): SmallSubgraph => ({
  name,
  owner: 'tourism',
  sdl,
  resolvers,
});
const register = (sdl: string): SmallSubgraph => ({
  name: 'people',
  owner: 'public-security',
  sdl: `type Query { person: Person @sharing(class: UNCONDITIONAL) } ${sdl}`,
  resolvers: { Query: { person: () => ZHANG }, Person: { __resolveReference: () => ZHANG } },
});
/** What gateways answer over the same subgraphs, had nothing been checked when they were composed, in the one order or the other. */
async function askUnchecked(subgraphs: SmallSubgraph[], query: string, caller: Partial<Caller>): Promise<string> {
  const answers = [subgraphs, subgraphs.toReversed()].map((each) =>
    bareSteps(each, () => ({}), carelesslyComposed(each))(query, { caller: { ...CALLER, ...caller } }),
  );
  return text(await Promise.all(answers));
}
/** The answer, or the refusal to compose, which is as good; first what is leaked where nothing is checked. */
async function ask(
  subgraphs: SmallSubgraph[],
  query: string,
  { leaked, caller = {} }: { leaked: string; caller?: Partial<Caller> },
): Promise<Partial<GraphqlAnswer> & { fetched?: string }> {
  expect(await askUnchecked(subgraphs, query, caller)).toContain(leaked);
  try {
    composed(subgraphs);
  } catch {
    return {};
  }
  const hub = await smallHub({ subgraphs });
  const answer = await hub.ask(query, { caller });
  await hub.close();
  return { ...answer, fetched: hub.fetches.map((each) => each.query).join() };
}
const text = (answer: object): string => JSON.stringify(answer);

describe('a protected item', () => {
  for (const cls of ['CONDITIONAL', 'WITHHELD, basis: "test"'])
    it(`is not handed to another department that makes it its @key: ${cls}`, async () => {
      const answer = await ask(
        [
          register(
            `type Person @key(fields: "ref") { ref: ID! @inaccessible id: ID! @sharing(class: UNCONDITIONAL) phone: String @sharing(class: ${cls}) }`,
          ),
          other(
            'type Person @key(fields: "phone") { phone: String @external echo: String @sharing(class: UNCONDITIONAL) }',
            { Person: { echo: ({ phone }: { phone: string }) => phone } },
          ),
        ],
        '{ person { echo } }',
        { leaked: ZHANG.phone },
      );
      expect(text(answer)).not.toContain(ZHANG.phone);
    });
  it('is not read by a filter whose @reads an input type of the same name in another subgraph takes away', async () => {
    const answer = await ask(
      [
        {
          ...register(
            'type Person { id: ID! @sharing(class: UNCONDITIONAL) birthDate: String @sharing(class: CONDITIONAL) } input Filter { bornFrom: String @reads(items: ["Person.birthDate"]) } extend type Query { found(filter: Filter): [Person] @sharing(class: UNCONDITIONAL) }',
          ),
          resolvers: { Query: { found: () => [ZHANG] } },
        },
        other(
          'type Query { mine(filter: Filter): Thing @sharing(class: UNCONDITIONAL) } type Thing @sharing(class: UNCONDITIONAL) { x: String } input Filter { bornFrom: String @reads(items: ["Thing.x"]) }',
        ),
      ],
      '{ found(filter: { bornFrom: "1949" }) { id } }',
      { leaked: 'p1' },
    );
    expect(text(answer)).not.toContain('p1');
  });
  it('does not come to belong to whoever restates its key first', async () => {
    const answer = await ask(
      [
        other(
          'type Person @key(fields: "id") { id: ID! @sharing(class: CONDITIONAL) extra: String @sharing(class: UNCONDITIONAL) }',
          {},
          'aaa',
        ),
        register('type Person @key(fields: "id") { id: ID! @sharing(class: CONDITIONAL) }'),
      ],
      '{ person { id } }',
      { leaked: 'p1', caller: { department: 'tourism' } },
    );
    expect(text(answer)).not.toContain('p1');
  });
  it('does not come out by an unclassified copy that requires it, asked beside its masked self', async () => {
    const answer = await ask(
      [
        register(
          'type Person @key(fields: "ref") { ref: ID! @inaccessible phone: String @sharing(class: CONDITIONAL, mask: PHONE) }',
        ),
        other(
          'type Query { d: Person @sharing(class: UNCONDITIONAL) } type Person @key(fields: "ref", resolvable: false) { ref: ID! @inaccessible label: String @shareable @sharing(class: UNCONDITIONAL) }',
          {},
          'yota',
        ),
        other(
          'type Person @key(fields: "ref") { ref: ID! @inaccessible phone: String @external label: String @shareable @requires(fields: "phone") }',
          { Person: { label: ({ phone }: { phone: string }) => phone } },
        ),
      ],
      '{ person { phone label } }',
      { leaked: ZHANG.phone },
    );
    expect(text(answer)).not.toContain(ZHANG.phone);
  });
  it('is not shown undecided where a release changes between validation and decision', async () => {
    const withRef = (directives: string): SmallSubgraph =>
      register(`type Person @key(fields: "ref") { ref: ID! ${directives} id: ID! @sharing(class: UNCONDITIONAL) }`);
    const hub = await smallHub({ subgraphs: [withRef('@sharing(class: UNCONDITIONAL)')] });
    const authorization = `Bearer ${await hub.token({})}`;
    const send = async () =>
      hub.gateway.answer({
        method: 'POST',
        search: '',
        headers: { 'content-type': 'application/json', authorization },
        body: { query: '{ person { ref } }' },
        address: '192.0.2.1',
        requestId: randomUUID(),
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
        signal: AbortSignal.timeout(5_000),
      });
    const releaseOf = (each: SmallSubgraph) => ({
      supergraph: buildSupergraph(composed([each]).supergraphSdl),
      table: composed([each]).policy,
      transports: new Map(hub.servers.map((server) => [server.name, localTransport(server)])),
    });
    const [before, after] = [
      releaseOf(withRef('@sharing(class: UNCONDITIONAL)')),
      releaseOf(withRef('@inaccessible @sharing(class: WITHHELD, basis: "test")')),
    ];
    for (let ticks = 0; ticks < 60; ticks += 1) {
      hub.gateway.replace(before);
      await send();
      const asked = send();
      for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve();
      hub.gateway.replace(after);
      const shown = (await asked).body.includes(ZHANG.ref);
      expect([ticks, shown && !hub.entries.at(-1)?.items?.allowed.includes('Person.ref')]).toEqual([ticks, false]);
    }
    await hub.close();
  });
  it('is not left open by a class that only an interface states', async () => {
    const answer = await ask(
      [
        register(
          'interface Kept { phone: String @sharing(class: WITHHELD, basis: "test") } type Person implements Kept @sharing(class: UNCONDITIONAL) { phone: String }',
        ),
      ],
      '{ person { phone } }',
      { leaked: ZHANG.phone },
    );
    expect(text(answer)).not.toContain(ZHANG.phone);
  });
  it('does not come back in the error of the subgraph that refused it', async () => {
    const refusing: SmallSubgraph = {
      name: 'r',
      owner: 'o',
      sdl: 'scalar Date type Query { on(day: Date!): Int @sharing(class: UNCONDITIONAL) }',
      resolvers: { Date: DateScalar, Query: { on: () => 1 } },
    };
    const query = 'query ($v: Date!) { on(day: $v) }';
    const variables = { v: 'zhangsan' };
    const said = await directUnguarded(refusing, { query, variables });
    expect(text(said.errors ?? [])).toContain('zhangsan');
    const hub = await smallHub({ subgraphs: [refusing] });
    const { errors } = await hub.ask(query, { variables });
    await hub.close();
    expect(errors).toHaveLength(1);
    expect(text(errors ?? [])).not.toContain('zhangsan');
  });
});

describe('what the keeper of rows leaves closed', () => {
  const keeping = register(
    'type Person @key(fields: "id") @resource(code: "1", title: "人口", updateCycle: DAILY) { id: ID! phone: String @sharing(class: CONDITIONAL) }',
  );
  it.each([
    ['a key that another department classifies', 'id: ID! @sharing(class: UNCONDITIONAL)'],
    ['an item that another department also has', 'id: ID! phone: String @shareable'],
  ])('is not opened by %s', async (_, fields) => {
    const kept = { ...keeping, sdl: keeping.sdl.replace('phone: String', 'phone: String @shareable') };
    const taking = other(`type Person @key(fields: "id") @sharing(class: UNCONDITIONAL) { ${fields} }`);
    const query = fields.includes('phone') ? '{ person { phone } }' : '{ person { id } }';
    const answer = await ask([kept, taking], query, { leaked: fields.includes('phone') ? ZHANG.phone : 'p1' });
    expect(text(answer)).not.toMatch(/p1|138/);
  });
  it('is for its keeper to classify: the refusal says so', () => {
    const taking = other('type Person @key(fields: "id") { id: ID! @sharing(class: UNCONDITIONAL) }');
    for (const order of [
      [keeping, taking],
      [taking, keeping],
    ])
      expect(() => composed(order)).toThrow(
        'Person.id is classified by tourism in zeta, and public-security keeps the rows: classify it in people.',
      );
    const stub = other('type Person @key(fields: "id") { id: ID! }');
    expect(composed([keeping, stub]).policy.items.get('Person.id')?.class).toBeUndefined();
  });
  it.each(['@personal', '@resource(code: "2", title: "别的", updateCycle: DAILY)', '@scopedBy(division: "id")'])(
    'stays a resource, scoped and personal as its keeper says: %s',
    (directive) => {
      const taking = other(`type Person @key(fields: "id") ${directive} { id: ID! }`);
      const { resources, scopedBy, subjects } = readPolicy([keeping, taking]);
      const said = resources.get('Person')?.code === '2' || scopedBy.has('Person') || subjects.has('Person');
      expect(said).toBe(true);
      expect(() => composed([keeping, taking])).toThrow(/one department keeps its rows|is scoped by division in zeta/);
    },
  );
});

/** What one department publishes must not open what another owns: each is refused, or has no effect. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { buildSupergraph } from '../../gateway/supergraph.ts';
import { localTransport } from '../../lib/local-transport.ts';
import { DateScalar } from '../../lib/scalars.ts';
import { type GraphqlAnswer, smallHub, type SmallSubgraph } from '../support/small-hub.ts';
import { ZHANG } from './fixtures.ts';
import { composed } from './support.ts';

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
/** The answer, or the refusal to compose, which is as good. */
async function ask(
  subgraphs: SmallSubgraph[],
  query: string,
  asked = {},
): Promise<Partial<GraphqlAnswer> & { fetched?: string }> {
  try {
    composed(subgraphs);
  } catch {
    return {};
  }
  const hub = await smallHub({ subgraphs });
  const answer = await hub.ask(query, asked);
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
      { caller: { department: 'tourism' } },
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
    );
    expect(text(answer)).not.toContain(ZHANG.phone);
  });
  it('does not come back in the error of the subgraph that refused it', async () => {
    const answer = await ask(
      [
        {
          name: 'r',
          owner: 'o',
          sdl: 'scalar Date type Query { on(day: Date!): Int @sharing(class: UNCONDITIONAL) }',
          resolvers: { Date: DateScalar, Query: { on: () => 1 } },
        },
      ],
      'query ($v: Date!) { on(day: $v) }',
      { variables: { v: 'zhangsan' } },
    );
    expect(text(answer.errors ?? [])).not.toContain('zhangsan');
  });
});

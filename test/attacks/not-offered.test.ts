import { getIntrospectionQuery, type GraphQLField, type GraphQLInputField } from 'graphql';
import { describe, expect, it } from 'vitest';
import { buildSupergraph } from '../../gateway/supergraph.ts';
import { compose } from '../../schema/compose.ts';
import { discoverSubgraphs } from '../../scripts/subgraphs.ts';
import { smallHub } from '../support/small-hub.ts';
import { people } from './fixtures.ts';
import { composed } from './support.ts';

/*
 * Ways around field rights that have no place here: class 1 by `@fromContext`, class 5 by Relay's `node(id)` (CVE-2025-31481), class 6 by
 * an order that the caller chooses, class 9 by `@defer`, `@stream`, subscriptions and stored operations. Nothing holds them but
 * that nobody offers them; whoever begins to must meet a test.
 */
const definitions = await discoverSubgraphs();
const { supergraphSdl } = compose(definitions.map((each) => ({ ...each, url: `local:${each.name}` })));
const { apiSchema } = buildSupergraph(supergraphSdl);
type Field = GraphQLField<unknown, unknown> | GraphQLInputField;
const fields = Object.values(apiSchema.getTypeMap()).flatMap((type) =>
  'getFields' in type && !type.name.startsWith('__') ? Object.values<Field>(type.getFields()) : [],
);
const argumentNames = fields.flatMap((field) => ('args' in field ? field.args.map(({ name }) => name) : [field.name]));

describe('the schema of the hub', () => {
  it('has no door that takes any id, and no type of everything', () => {
    const query = apiSchema.getQueryType()?.getFields() ?? {};
    expect(Object.keys(query).filter((name) => /^(node|nodes|entity|_entities|_service)$/.test(name))).toEqual([]);
    expect(['Node', '_Any', '_Entity'].filter((name) => apiSchema.getType(name))).toEqual([]);
  });

  it('has no order, grouping or condition that its caller chooses', () => {
    expect(argumentNames.filter((name) => /sort|order|group|where|having|distinct|aggregate/i.test(name))).toEqual([]);
  });

  it('has no directive but those of GraphQL, and no subscription', () => {
    const names = apiSchema.getDirectives().map(({ name }) => name);
    expect(names.filter((name) => !['skip', 'include', 'deprecated', 'specifiedBy', 'oneOf'].includes(name))).toEqual(
      [],
    );
    expect(apiSchema.getSubscriptionType()).toBeUndefined();
  });
});

describe('a subgraph', () => {
  it('cannot read from a context: the hub’s header imports none', () => {
    const reading = {
      ...people,
      sdl: people.sdl
        .replace('@key(fields: "ref") {', '@key(fields: "ref") @context(name: "p") {')
        .replace(
          'household: String @sharing',
          'echo(x: String @fromContext(field: "$p { phone }")): String household: String @sharing',
        ),
    };
    expect(() => composed([reading])).toThrow(/@context|@fromContext/);
  });
});

describe('the endpoint', () => {
  it.each([
    ['stored operation', { extensions: { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } } }],
    ['operation by id', { id: 'x', documentId: 'x' }],
    ['subscription', { query: 'subscription { person { id } }' }],
  ])('takes no %s', async (_, body) => {
    const hub = await smallHub({ subgraphs: [people] });
    const answer = await hub.ask('', { body });
    expect([answer.data ?? null, answer.errors?.length]).toEqual([null, 1]);
    expect(hub.fetches).toEqual([]);
    await hub.close();
  });

  it('takes no operation by a link, as another site could send one, and acts by none at all', async () => {
    const hub = await smallHub({ subgraphs: [people] });
    const search = `?query=${encodeURIComponent('{ person { id } }')}`;
    const plain = { 'content-type': undefined, 'apollo-require-preflight': undefined };
    const { status } = await hub.ask('', { method: 'GET', search, body: undefined, headers: plain });
    expect(status).toBe(400);
    expect(hub.fetches).toEqual([]);
    const introspected = await hub.ask(getIntrospectionQuery());
    expect(JSON.stringify(introspected.data)).not.toMatch(/"defer"|"stream"/);
    await hub.close();
  });
});

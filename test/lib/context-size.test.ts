import {
  getNamedType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  Kind,
  parse,
} from 'graphql';
import { generateKeyPair } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { authoriser } from '../../gateway/authorise.ts';
import { contextSigner } from '../../gateway/contexts.ts';
import { planner } from '../../gateway/plan.ts';
import { type BuiltSupergraph, buildSupergraph } from '../../gateway/supergraph.ts';
import { discoverSubgraphs } from '../../scripts/subgraphs.ts';
import { compose, type Composition } from '../../schema/compose.ts';
import { grantView, type Use } from '../../sharing/policy/grant.ts';

/*
 * How large contexts get, with the schema of all subgraphs: nothing that callers can ask may come near the limit, or whoever
 * asks for much would be refused. Nothing is executed; arguments only have to be there.
 */
const CALLER = {
  department: 'civil-affairs',
  application: 'relief',
  purpose: 'low-income-check',
  officer: '张建国',
  roles: [],
};
const USES: readonly Use[] = ['OUTPUT', 'LOOKUP', 'VERIFY', 'FILTER'];
const LIMIT = 6_144;

let composition: Composition;
let supergraph: BuiltSupergraph;

beforeAll(async () => {
  composition = compose((await discoverSubgraphs()).map((each) => ({ ...each, url: `local:${each.name}` })));
  supergraph = buildSupergraph(composition.supergraphSdl);
});

/** The lengths of the contexts that an operation needs, by subgraph, where every conditional item is granted. */
async function contextLengths(source: string, divisions: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const document = parse(source);
  const [operation] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('one operation was expected');
  const owners = new Map<string, string[]>();
  for (const { coordinate, owner, class: sharing } of composition.policy.items.values())
    if (sharing === 'CONDITIONAL') owners.set(owner, [...(owners.get(owner) ?? []), coordinate]);
  const grants = [...owners].map(([owner, coordinates], index) => ({
    ...CALLER,
    id: `G-0f8fad5b-d9cb-469f-a165-70867728950${index}`,
    owner,
    basis: 'test',
    items: coordinates.map((coordinate) => ({ coordinate, uses: USES })),
    divisions,
    validFrom: 0,
    validUntil: 9e12,
  }));
  const policy = { table: composition.policy, grants: grantView(1, grants), stale: false };
  const asking = { source, document, operation, variables: {}, caller: CALLER };
  const authorised = authoriser(supergraph)(asking, policy, Date.now());
  if (!authorised.pruned) throw new Error('nothing is left of the operation');
  const plan = planner(supergraph).plan(authorised.pruned);
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
  const contextFor = contextSigner(supergraph, composition.policy, () =>
    Promise.resolve({ kid: 'k'.repeat(43), privateKey }),
  );
  const lengths = new Map<string, number>();
  for (const subgraph of plan.parts.keys())
    lengths.set(subgraph, (await contextFor(subgraph, { authorised, plan, caller: CALLER })).length);
  return lengths;
}

describe('the signed context', () => {
  it('of every item there is, asked in one operation, fits', async () => {
    const lengths = await contextLengths(everything(), ['532300']);
    expect([...lengths.keys()].sort()).toEqual((await discoverSubgraphs()).map(({ name }) => name).sort());
    for (const [subgraph, length] of lengths) expect([subgraph, length < LIMIT]).toEqual([subgraph, true]);
  });

  it('of thirty fetches of one text to one subgraph names the text once', async () => {
    const parcels = (count: number): string =>
      Array.from(
        { length: count },
        (_, index) => `p${index}: parcel(code: "${index}") { owner { ... on Person { name } } }`,
      ).join(' ');
    const [one, thirty] = await Promise.all(
      [1, 30].map((count) => contextLengths(`{ ${parcels(count)} }`, ['532300'])),
    );
    expect(thirty?.get('population')).toBe(one?.get('population'));
  });
});

/** An operation that selects every field of every type once, on the first way that leads to its type. */
function everything(): string {
  const seen = new Set<string>();
  const fieldsOf = (type: GraphQLObjectType): string => {
    seen.add(type.name);
    return Object.values(type.getFields()).map(field).join(' ');
  };
  const field = ({ name, args, type }: GraphQLField<unknown, unknown>): string => {
    const required = args.filter(isRequiredArgument).map((argument) => `${argument.name}: ${literal(argument.type)}`);
    const given = required.length > 0 ? `(${required.join(' ')})` : '';
    const inner = getNamedType(type);
    if (!isCompositeType(inner)) return `${name}${given}`;
    const possible = isAbstractType(inner) ? supergraph.apiSchema.getPossibleTypes(inner) : [inner];
    const parts = possible
      .filter((each) => !seen.has(each.name))
      .map((each) => `... on ${each.name} { ${fieldsOf(each)} }`);
    return `${name}${given} { __typename ${parts.join(' ')} }`;
  };
  const query = supergraph.apiSchema.getQueryType();
  if (!isObjectType(query)) throw new Error('the API schema has no query type');
  return `{ ${fieldsOf(query)} }`;
}

function literal(type: GraphQLInputType): string {
  if (isNonNullType(type)) return literal(type.ofType);
  if (isListType(type)) return `[${literal(type.ofType)}]`;
  if (isEnumType(type)) return type.getValues()[0]?.name ?? '';
  if (isInputObjectType(type)) {
    const required = Object.values(type.getFields()).filter(isRequiredInputField);
    return `{ ${required.map((each) => `${each.name}: ${literal(each.type)}`).join(' ')} }`;
  }
  return type.name === 'Int' || type.name === 'Float' ? '1' : type.name === 'Boolean' ? 'true' : '"1"';
}

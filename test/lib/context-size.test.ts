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
 * How large contexts get, with the schema of all subgraphs: nothing that callers have a use for may come near the limit, or whoever
 * asks for much would be refused. Nothing is executed; arguments only have to be there.
 */
/** Every role that a mutation is for. */
const ROLES = ['sharing-applicant', 'sharing-officer', 'schema-publisher', 'hub-operator'];
const CALLER = {
  department: 'civil-affairs',
  application: 'relief',
  purpose: 'low-income-check',
  officer: '张建国',
  roles: ROLES,
};
const USES: readonly Use[] = ['OUTPUT', 'LOOKUP', 'VERIFY', 'FILTER'];
const LIMIT = 6_144;
/** The owner of exchange. */
const HUB = 'data-bureau';

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
  const ofExchange = (field: string): boolean => composition.policy.items.get(`Query.${field}`)?.owner === HUB;
  const rootsOf = (type: GraphQLObjectType | undefined | null): string[] => Object.keys(type?.getFields() ?? {});

  it('of every item of all departments, asked in one operation, fits', async () => {
    const roots = rootsOf(supergraph.apiSchema.getQueryType()).filter((field) => !ofExchange(field));
    const lengths = await contextLengths(everything('query', roots), ['532300']);
    const departments = (await discoverSubgraphs()).filter(({ owner }) => owner !== HUB);
    expect([...lengths.keys()].sort()).toEqual(departments.map(({ name }) => name).sort());
    for (const [subgraph, length] of lengths) expect([subgraph, length < LIMIT]).toEqual([subgraph, true]);
  });

  it('of every item that one query or mutation of exchange leads to fits, and has a quarter of the room to spare', async () => {
    const queries = rootsOf(supergraph.apiSchema.getQueryType()).filter(ofExchange);
    const asked = [
      ...queries.map((field) => ['query', field] as const),
      ...rootsOf(supergraph.apiSchema.getMutationType()).map((field) => ['mutation', field] as const),
    ];
    expect(asked.length).toBeGreaterThan(25);
    for (const [operation, field] of asked) {
      const length = (await contextLengths(everything(operation, [field]), ['532300'])).get('exchange') ?? LIMIT;
      expect([field, length, length < (3 * LIMIT) / 4]).toEqual([field, length, true]);
    }
  });

  // What one page shows an officer. The first is the largest operation there is a use for: of 3,782 characters.
  it.each([
    ['sharing', ['grants', 'requests', 'auditEntries', 'purposes']],
    ['publishing', ['releases', 'subgraphs', 'publishingKeys', 'proposals', 'notices']],
  ])('of all that exchange tells of %s, in one operation, fits', async (_page, roots) => {
    const length = (await contextLengths(everything('query', roots), ['532300'])).get('exchange') ?? 0;
    expect(length).toBeGreaterThan(3_000);
    expect(length).toBeLessThan(4_000);
  });

  it('of every query of exchange at once is refused, saying of which subgraph there must be less', async () => {
    const roots = rootsOf(supergraph.apiSchema.getQueryType()).filter(ofExchange);
    await expect(contextLengths(everything('query', roots), ['532300'])).rejects.toMatchObject({
      code: 'CONTEXT_TOO_LARGE',
      message: expect.stringMatching(
        /^What this operation asks of the subgraph exchange makes a signed context of \d+ characters; 6144 is the limit\. Ask for fewer items or root fields in one operation\.$/,
      ) as string,
    });
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

/** An operation that selects these root fields and below them every field of every type once, on the first way to its type. */
function everything(operation: 'query' | 'mutation', roots: readonly string[]): string {
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
  const { apiSchema } = supergraph;
  const root = operation === 'query' ? apiSchema.getQueryType() : apiSchema.getMutationType();
  if (!root) throw new Error(`the API schema has no ${operation} type`);
  const chosen = Object.values(root.getFields()).filter(({ name }) => roots.includes(name));
  return `${operation} { ${chosen.map(field).join(' ')} }`;
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

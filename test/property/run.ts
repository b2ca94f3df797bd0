import fc from 'fast-check';
import { buildSchema, type DocumentNode, type GraphQLSchema, parse, validate } from 'graphql';
import { smallHub, type SmallHub, type SmallSubgraph } from '../support/small-hub.ts';
import { buildWorld } from './build-world.ts';
import { compare, type Compared } from './compare.ts';
import { type Asker, asker, grantRecipe, type GrantRecipe, writeGrants } from './grants.ts';
import { operationRecipe, type OperationRecipe, writeOperation } from './operations.ts';
import { worldRecipe, type WorldRecipe } from './recipes.ts';
import type { Case } from './reference.ts';
import { smallSubgraphs } from './resolvers.ts';
import { wholeSdl } from './sdl.ts';
import type { World } from './world.ts';

export interface CaseRecipe {
  readonly operation: OperationRecipe;
  readonly caller: Asker;
  readonly grants: readonly GrantRecipe[];
  readonly stale: boolean;
}

/** A world and what is asked of it. */
export interface Scenario {
  readonly world: WorldRecipe;
  readonly cases: readonly CaseRecipe[];
}

const caseRecipe = fc.record<CaseRecipe>({
  operation: operationRecipe,
  caller: asker,
  grants: fc.array(grantRecipe, { maxLength: 5, size: 'max' }),
  stale: fc.nat(19).map((chance) => chance === 19),
});

/** Composing costs most: each world is asked many times. */
export function scenario(cases: number): fc.Arbitrary<Scenario> {
  return fc.record<Scenario>({
    world: worldRecipe,
    cases: fc.array(caseRecipe, { minLength: 1, maxLength: cases, size: 'max' }),
  });
}

const GENEROUS = {
  limits: { maxDepth: 50, maxFields: 100_000, maxRootFields: 1_000, maxCost: Number.MAX_SAFE_INTEGER },
  rate: { perSecond: 1e9, burst: 1e9 },
  requestTimeoutMs: 60_000,
  subgraphTimeoutMs: 60_000,
};

export type OpenHub = (subgraphs: readonly SmallSubgraph[], world: World) => Promise<SmallHub>;

export const openHub: OpenHub = (subgraphs) => smallHub({ ...GENEROUS, subgraphs });

export interface Met {
  readonly asked: Case;
  readonly query: string;
  readonly compared: Compared;
}

/**
 * Asks a hub of this world everything in the scenario.
 * @param onCase told of every case that was compared.
 * @throws Error that shows the first case in which hub and reference disagree.
 */
export async function play(
  { world: recipe, cases }: Scenario,
  { open = openHub, onCase }: { open?: OpenHub; onCase?: ((met: Met) => void) | undefined } = {},
): Promise<void> {
  const world = buildWorld(recipe);
  const schema = buildSchema(wholeSdl(world));
  const subgraphs = smallSubgraphs(world);
  const hub = await open(subgraphs, world);
  try {
    for (const each of cases) {
      const { query, variables } = writeOperation(world, each.operation);
      const document = parsed(schema, query);
      const at = Date.now();
      const { caller, stale } = each;
      const grants = writeGrants(world, each.grants, { caller, at });
      const asked: Case = { world, schema, document, variables, caller, grants, stale, at };
      const compared = await compare(hub, query, asked);
      if (compared.differences.length > 0) throw new Error(described({ asked, query, compared }, subgraphs));
      onCase?.({ asked, query, compared });
    }
  } finally {
    await hub.close();
  }
}

/** @throws Error where the generator wrote what the schema does not allow. */
function parsed(schema: GraphQLSchema, query: string): DocumentNode {
  const document = parse(query);
  const problems = validate(schema, document);
  if (problems.length > 0)
    throw new Error(`the generator wrote an invalid operation: ${problems.join('; ')}\n${query}`);
  return document;
}

function described({ asked, query, compared }: Met, subgraphs: readonly SmallSubgraph[]): string {
  const { variables, caller, grants, stale, world } = asked;
  const tables = [...world.tables].map(([name, rows]) => `${name}: ${JSON.stringify(Object.fromEntries(rows))}`);
  return [
    'The hub and the reference disagree on',
    ...compared.differences.map((difference) => `  ${difference}`),
    ...subgraphs.map(({ name, owner, sdl }) => `--- ${name} of ${owner}\n${sdl}`),
    `--- query\n${query}`,
    `--- variables ${JSON.stringify(variables)}`,
    `--- caller ${JSON.stringify(caller)}${stale ? ', the grants are stale' : ''}`,
    ...grants.map((grant) => `--- grant ${JSON.stringify(grant)}`),
    ...tables.map((table) => `--- rows of ${table}`),
    `--- actual ${JSON.stringify(compared.actual)}`,
    `--- expected ${JSON.stringify(compared.expected.data)}`,
  ].join('\n');
}

import fc from 'fast-check';
import { buildSchema, type GraphQLSchema, parse, validate } from 'graphql';
import { smallHub, type SmallHub, type SmallSubgraph } from '../support/small-hub.ts';
import { buildWorld } from './build-world.ts';
import { compare, type Compared } from './compare.ts';
import { type Asker, asker, grantRecipe, type GrantRecipe, writeGrants } from './grants.ts';
import { operationRecipe, type OperationRecipe, writeOperation } from './operations.ts';
import { worldRecipe, type WorldRecipe } from './recipes.ts';
import type { Case } from './case.ts';
import { smallSubgraphs } from './resolvers.ts';
import { wholeSdl } from './sdl.ts';
import { sometimes } from './weighted.ts';
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
  grants: fc.array(grantRecipe, { maxLength: 7, size: 'max' }),
  stale: sometimes(5),
});

const scenario = (least: number): fc.Arbitrary<Scenario> =>
  fc.record<Scenario>({
    // First, as what stands first is shrunk first: a short operation lets go of most of its world.
    cases: fc.array(caseRecipe, { minLength: least, maxLength: 90, size: 'max' }),
    world: worldRecipe,
  });

/** Cases of a world at least: composing costs most, so that each is asked many times. */
export const LEAST_CASES = 40;

/** No limit of requests is in the way. */
export const GENEROUS = {
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

/** A case in which hub and reference disagree, as text that can be read. */
export class Disagreement extends Error {
  readonly scenario: Scenario;

  constructor(message: string, scenario: Scenario) {
    super(message);
    this.scenario = scenario;
  }
}

export interface Search {
  /** Worlds to try. */
  readonly worlds: number;
  readonly seed: number;
  readonly open?: OpenHub;
  readonly onCase?: (met: Met) => void;
  /** How long to look for a smaller case once one is found, in milliseconds. */
  readonly shrinkMs?: number;
}

/** Looks for a case in which the hub and the reference disagree, and for the least like it; undefined where there is none. */
export async function disagreement({
  worlds,
  seed,
  open = openHub,
  onCase,
  shrinkMs = 120_000,
}: Search): Promise<string | undefined> {
  const found = await fc.check(
    fc.asyncProperty(scenario(LEAST_CASES), (each) => play(each, { open, onCase })),
    { numRuns: worlds, seed, endOnFailure: true },
  );
  if (!found.failed) return undefined;
  const { errorInstance: first } = found;
  if (!(first instanceof Disagreement)) throw first;
  // Shrunk alone: the other cases of its world would be asked again each time.
  const least = await fc.check(
    fc.asyncProperty(scenario(1), (each) => play(each, { open })),
    { examples: [[first.scenario]], numRuns: 1, seed, interruptAfterTimeLimit: shrinkMs },
  );
  const { errorInstance: last } = least;
  const { message } = last instanceof Disagreement ? last : first;
  return `${message}\n--- seed ${seed}, world ${found.numRuns}, shrunk ${least.numShrinks} times`;
}

/**
 * Asks a hub of this world everything in the scenario.
 * @throws Disagreement in the first case in which hub and reference disagree.
 */
async function play(
  { world: recipe, cases }: Scenario,
  { open, onCase }: { open: OpenHub; onCase?: ((met: Met) => void) | undefined },
): Promise<void> {
  const world = buildWorld(recipe);
  const schema = buildSchema(wholeSdl(world));
  const subgraphs = smallSubgraphs(world);
  const hub = await open(subgraphs, world);
  try {
    for (const each of cases) {
      const { query, variables } = writeOperation(world, each.operation);
      const document = parse(query);
      const at = Date.now();
      const { caller, stale } = each;
      const grants = writeGrants(world, each.grants, { caller, at });
      const asked: Case = { world, schema, document, variables, caller, grants, stale, at };
      const compared = await compare(hub, query, asked);
      const met = { asked, query, compared };
      if (compared.differences.length > 0) refuseInvalid(schema, met);
      if (compared.differences.length > 0)
        throw new Disagreement(described(met, subgraphs), { world: recipe, cases: [each] });
      onCase?.(met);
    }
  } finally {
    await hub.close();
  }
}

/** @throws Error where hub and reference disagree because the generator wrote what the schema does not allow. */
function refuseInvalid(schema: GraphQLSchema, { asked, query }: Met): void {
  const problems = validate(schema, asked.document);
  if (problems.length > 0)
    throw new Error(`the generator wrote an invalid operation: ${problems.join('; ')}\n${query}`);
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

import { GraphQLError, type GraphQLSchema, parse, Source } from 'graphql';
import { HubError, messageOf } from '../../lib/errors.ts';
import { apiSchemaOf } from '../../schema/api-schema.ts';
import { type Catalogue, catalogueOf } from '../../schema/catalogue.ts';
import { catalogueTexts } from '../../schema/catalogue-texts.ts';
import { compose, type CompositionProblem, type RoutedSubgraph } from '../../schema/compose.ts';
import { lintChange } from '../../schema/lint/lint-change.ts';
import type { Finding } from '../../schema/lint/rule.ts';
import { type PolicyChange, policyChanges, retiredAfter } from '../../schema/policy-change.ts';
import { policyFromJson, policyToJson } from '../../schema/policy-json.ts';
import { MAX_TOKENS, parsedSubgraph } from '../../schema/documents.ts';
import { EMPTY_POLICY, type PolicyTable } from '../../schema/policy-table.ts';
import { reachChanges } from '../../schema/reach-change.ts';
import {
  type BrokenOperation,
  brokenOperations,
  inputSlots,
  type KnownOperation,
  type SchemaChange,
  schemaChanges,
} from '../../schema/schema-change.ts';
import { takenFromOthers } from '../../schema/taken-from-others.ts';
import type { ReleaseContent } from './release.ts';

/** What is to be checked: every subgraph as it would be, and the release it would follow. */
export interface Preparation {
  readonly subgraphs: readonly RoutedSubgraph[];
  /** Those in force: what is wrong with them already is not held against who publishes. */
  readonly before: readonly RoutedSubgraph[];
  /** The one that is new. Absent, no rules are asked. */
  readonly candidate?: string | undefined;
  readonly inForce?: (ReleaseContent & { readonly retired: string }) | undefined;
  /** Operations that were used and must go on working. */
  readonly operations: readonly KnownOperation[];
}

/** What a release would be made of, and what it changes. Plain values: it crosses from a thread of its own. */
export interface Prepared extends ReleaseContent {
  readonly retired: string;
  readonly catalogue: Catalogue;
  readonly findings: readonly Finding[];
  readonly changes: readonly SchemaChange[];
  readonly rights: readonly PolicyChange[];
  readonly broken: readonly BrokenOperation[];
}

/** Why there can be no release of it. */
export interface Unprepared {
  readonly findings: readonly Finding[];
  readonly problems: readonly CompositionProblem[];
}

/** Lints, composes and compares. Pure, and as slow as the schemas are large: run it where nothing waits for it. */
export async function prepare(preparation: Preparation): Promise<Prepared | Unprepared> {
  const { subgraphs, before, candidate, inForce, operations } = preparation;
  const unreadable = subgraphs.flatMap(problemOfReading);
  if (unreadable.length > 0) return { findings: [], problems: unreadable };
  const findings = candidate === undefined ? [] : lintChange(subgraphs, { changed: [candidate], before });
  let composition: ReturnType<typeof compose>;
  try {
    composition = compose(subgraphs);
  } catch (thrown) {
    return { findings, problems: problemsOf(thrown) };
  }
  const { supergraphSdl: supergraph, policy } = composition;
  const apiSchema = apiSchemaOf(supergraph);
  const apiBefore = inForce && apiSchemaBefore(inForce.supergraph);
  const taken = apiBefore ? problemsOfTaking(preparation, { before: apiBefore, after: apiSchema }) : [];
  if (taken.length > 0) return { findings, problems: taken };
  const slots = { before: apiBefore ? inputSlots(apiBefore) : new Set<string>(), after: inputSlots(apiSchema) };
  const policyBefore = inForce ? policyFromJson(inForce.policy) : EMPTY_POLICY;
  const retired = inForce ? policyFromJson(inForce.retired) : EMPTY_POLICY;
  return {
    supergraph,
    policy: policyToJson(policy),
    retired: policyToJson(retiredAfter(policyBefore, policy, retired)),
    catalogue: catalogueOf(policy, catalogueTexts(apiSchema, subgraphs)),
    findings,
    changes: apiBefore ? await schemaChanges(apiBefore, apiSchema) : [],
    rights: [
      ...policyChanges(policyBefore, policy, { retired, slots }),
      ...(apiBefore ? reachOf(preparation, { before: [apiBefore, policyBefore], after: [apiSchema, policy] }) : []),
    ],
    broken: apiBefore ? brokenOperations(operations, apiBefore, apiSchema) : [],
  };
}

function reachOf(
  { before, subgraphs }: Preparation,
  sides: Readonly<Record<'before' | 'after', readonly [GraphQLSchema, PolicyTable]>>,
): readonly PolicyChange[] {
  const reach = (of: readonly RoutedSubgraph[], [schema, policy]: readonly [GraphQLSchema, PolicyTable]) => ({
    ...{ schema, policy },
    subgraphs: of.map(parsedSubgraph),
  });
  return reachChanges(reach(before, sides.before), reach(subgraphs, sides.after));
}

/** The thread that checks is asked again against the same release. */
let last: { readonly supergraph: string; readonly schema: GraphQLSchema } | undefined;

function apiSchemaBefore(supergraph: string): GraphQLSchema {
  if (last?.supergraph !== supergraph) last = { supergraph, schema: apiSchemaOf(supergraph) };
  return last.schema;
}

/** One department must not take from callers what another one publishes. */
function problemsOfTaking(
  { subgraphs, candidate }: Preparation,
  schemas: { readonly before: GraphQLSchema; readonly after: GraphQLSchema },
): CompositionProblem[] {
  const owner = subgraphs.find(({ name }) => name === candidate)?.owner;
  if (owner === undefined) return [];
  const others = subgraphs.filter((each) => each.owner !== owner).map(parsedSubgraph);
  return takenFromOthers(others, schemas).map(({ coordinate, subgraph, owner: of }) => ({
    message: `Callers would no longer have ${coordinate} as ${of} publishes it in ${subgraph}: what is copied of an input type, an enum or a shared field must be the whole of it, and hide nothing. Say the same, or name your own otherwise.`,
    places: [],
  }));
}

function problemOfReading({ name, sdl }: RoutedSubgraph): CompositionProblem[] {
  try {
    parse(new Source(sdl, name), { noLocation: true, maxTokens: MAX_TOKENS });
    return [];
  } catch (thrown) {
    const [place] = thrown instanceof GraphQLError ? (thrown.locations ?? []) : [];
    return [{ message: messageOf(thrown), places: place ? [{ subgraph: name, ...place }] : [] }];
  }
}

function problemsOf(thrown: unknown): readonly CompositionProblem[] {
  if (!(thrown instanceof HubError)) return [{ message: messageOf(thrown), places: [] }];
  const { problems } = thrown.extensions;
  if (Array.isArray(problems)) return problems as readonly CompositionProblem[];
  return [{ message: thrown.message, places: [] }];
}

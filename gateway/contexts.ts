import { LRUCache } from 'lru-cache';
import type { Caller } from '../lib/caller.ts';
import { signContext, type SigningKey, variablesHash } from '../lib/signed-context.ts';
import type { PolicyTable } from '../schema/policy-table.ts';
import { EVERYWHERE } from '../sharing/policy/row-scope.ts';
import type { Authorised } from './authorise.ts';
import type { Plan, SubgraphPart } from './plan.ts';
import { requiredItems } from '../schema/required-items.ts';
import type { BuiltSupergraph } from './supergraph.ts';

export interface ContextRequest {
  readonly authorised: Authorised;
  readonly plan: Plan;
  readonly caller: Caller;
  /** Of a mutation: the values it is sent with. What it does, a copy of its context must not do with others. */
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
}

/** The signed context for one subgraph's part of a plan; rejects with HubError CONTEXT_TOO_LARGE where it names too much. */
export type ContextFor = (subgraph: string, request: ContextRequest) => Promise<string>;

/** Contexts live ten seconds; one is sent again for five, so that it has five left when it arrives. */
const REUSE_MS = 5_000;

const NO_PART: SubgraphPart = { fetches: [], touched: new Set(), possible: new Set() };

/** Signs contexts and keeps them for a few seconds: a signature costs more than most of a request. */
export function contextSigner(
  supergraph: BuiltSupergraph,
  table: PolicyTable,
  key: () => Promise<SigningKey>,
): ContextFor {
  const signed = new LRUCache<string, Promise<string>>({ max: 5_000, ttl: REUSE_MS });
  return (subgraph, request) => {
    const { authorised, plan, caller } = request;
    const variables = request.variables && variablesHash(request.variables);
    const id = JSON.stringify([authorised.id, caller, subgraph, variables ?? null]);
    const known = signed.get(id);
    if (known) return known;
    const part = plan.parts.get(subgraph) ?? NO_PART;
    const context = {
      caller,
      // One text may be fetched at many places of a plan.
      fetches: [...new Set(part.fetches)],
      asked: authorised.asked.filter((coordinate) => part.touched.has(coordinate) || part.possible.has(coordinate)),
      internal: internalOf(part, authorised, supergraph, table),
      divisions: authorised.scopes[subgraph] ?? EVERYWHERE,
      grants: authorised.grants,
      epoch: authorised.epoch,
      release: supergraph.release,
      ...(variables !== undefined && { variables }),
    };
    const token = key().then((current) => signContext(context, subgraph, current));
    signed.set(id, token);
    token.catch(() => signed.delete(id));
    return token;
  };
}

/**
 * What a fetch touches beyond what was asked must be a key or be required by what was asked. Anything else would be an
 * item nobody decided on: the request fails instead.
 */
function internalOf(
  { touched, possible }: SubgraphPart,
  authorised: Authorised,
  supergraph: BuiltSupergraph,
  table: PolicyTable,
): string[] {
  const asked = new Set(authorised.asked);
  const required = new Set(authorised.asked.flatMap((coordinate) => requiredItems(table, coordinate)));
  const probes = new Set(authorised.probes);
  const isInternal = (coordinate: string): boolean =>
    supergraph.keys.has(coordinate) || required.has(coordinate) || probes.has(coordinate);
  // A field of an interface is decided on the types that implement it: one that is asked explains the text.
  const isExplained = (coordinate: string): boolean =>
    isInternal(coordinate) ||
    supergraph.implementations(coordinate).some((each) => asked.has(each) || isInternal(each));
  const beyond = [...touched].filter((coordinate) => !asked.has(coordinate));
  const unexplained = beyond.filter((coordinate) => !isExplained(coordinate));
  if (unexplained.length > 0)
    throw new Error(`the plan fetches items that were not decided: ${unexplained.join(', ')}`);
  return [...beyond, ...[...possible].filter((coordinate) => !asked.has(coordinate) && isInternal(coordinate))];
}

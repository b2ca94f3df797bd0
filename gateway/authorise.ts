import { type DocumentNode, type OperationDefinitionNode, OperationTypeNode, print } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Caller } from '../lib/caller.ts';
import { fetchHash } from '../lib/signed-context.ts';
import { ALLOWED, decide, type Decision, type Policy } from '../sharing/policy/decide.ts';
import { grantKey, type Quota, type Use } from '../sharing/policy/grant.ts';
import { restorable } from '../sharing/policy/mask-combinations.ts';
import type { RowScope } from '../sharing/policy/row-scope.ts';
import { accessRequirements, type MeetsRequirements } from './access-requirements.ts';
import { variablePresence } from './argument-reads.ts';
import { fragmentsOf, operationOf } from './operation.ts';
import { prune } from './prune.ts';
import { REMEMBERED } from './remembered.ts';
import { probesOf } from './probes.ts';
import type { MaskedPath, ObjectShape, Refusal } from './shape.ts';
import type { BuiltSupergraph } from './supergraph.ts';

/** An operation as one caller may have it. */
export interface Authorised {
  /** Unambiguous name of (operation, decisions); equal ids have equal contents. */
  readonly id: string;
  /** What is left to plan; undefined when nothing is. */
  readonly pruned: { readonly document: DocumentNode; readonly text: string } | undefined;
  readonly shape: ObjectShape | undefined;
  readonly refusals: readonly Refusal[];
  readonly masked: readonly MaskedPath[];
  /** Coordinates that are fetched to be shown, sorted. */
  readonly asked: readonly string[];
  readonly grants: readonly string[];
  /** Those of the grants whose use is counted. */
  readonly quotas: readonly MeteredGrant[];
  /** The rows that exist for it, by subgraph; everywhere where none is named. */
  readonly scopes: Readonly<Record<string, RowScope>>;
  /** Coordinates fetched to confirm that a row is in scope. */
  readonly probes: readonly string[];
  readonly epoch: number;
  /** Milliseconds since 1970. */
  readonly validUntil: number;
}

export interface MeteredGrant {
  readonly grant: string;
  readonly quota: Quota;
}

export interface Asking {
  readonly source: string;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly caller: Caller;
}

export type Authorise = (asking: Asking, policy: Policy, at: number) => Authorised;

export interface AuthoriserOptions {
  /** Serves everything to everybody: a gateway for supergraphs without sharing. */
  readonly open?: boolean;
  /** Told of every decision as it is made; remembered ones are not made again. */
  readonly onDecision?: ((decided: Decided) => void) | undefined;
}

export interface Decided {
  readonly coordinate: string;
  readonly use: Use;
  readonly decision: Decision;
}

/**
 * Decides every coordinate an operation touches and prunes what is denied. What was decided is kept per operation, holder,
 * epoch and the variables given, until the first boundary of any grant considered.
 */
export function authoriser(
  supergraph: BuiltSupergraph,
  { open = false, onDecision }: AuthoriserOptions = {},
): Authorise {
  const known = new LRUCache<string, Authorised>({ max: 5_000, ...REMEMBERED });
  const meets = accessRequirements(supergraph.planning);
  return (asking, policy, at) => {
    const { operation, caller } = asking;
    const presence = variablePresence(supergraph.apiSchema, operation.variableDefinitions ?? [], asking.variables);
    // JSON of a list of strings cannot be read two ways, so that no key can pass for another (GHSA-hx78-272p-mqqh).
    const key = JSON.stringify([
      asking.source,
      operation.name?.value ?? null,
      presence,
      grantKey(caller),
      Boolean(caller.officer),
      [...caller.roles].sort(),
      [...(caller.scopes ?? [])].sort(),
      policy.grants.epoch,
      policy.stale,
    ]);
    const remembered = known.get(key);
    if (remembered && at < remembered.validUntil) return remembered;
    const decided = authorise(supergraph, asking, recorder(policy, { caller, at, open, meets, onDecision }));
    // What holds until another moment is another decision: a context signed for the one must not be sent for the other.
    const id = fetchHash(JSON.stringify([key, decided.validUntil]));
    const authorised = { id, ...decided, epoch: policy.grants.epoch };
    known.set(key, authorised);
    return authorised;
  };
}

interface Recorder {
  readonly policy: Policy;
  readonly decide: (coordinate: string, use: Use, aside?: boolean) => Decision;
  validUntil: number;
}

interface Deciding {
  readonly caller: Caller;
  readonly at: number;
  readonly open: boolean;
  readonly meets: MeetsRequirements;
  readonly onDecision: AuthoriserOptions['onDecision'];
}

const FOREVER = Number.POSITIVE_INFINITY;

/** Decides, and remembers until when all of it holds. */
function recorder(policy: Policy, deciding: Deciding): Recorder {
  const self: Recorder = {
    policy,
    validUntil: FOREVER,
    decide: (coordinate, use, aside = false) => {
      const decision = decideUnder(policy, deciding, { coordinate, use });
      if (!aside) deciding.onDecision?.({ coordinate, use, decision });
      self.validUntil = Math.min(self.validUntil, decision.validUntil);
      return decision;
    },
  };
  return self;
}

function decideUnder(
  policy: Policy,
  { caller, at, open, meets }: Deciding,
  { coordinate, use }: { coordinate: string; use: Use },
): Decision {
  // Whoever comes to an open gateway is nobody: what asks for a known caller stays closed.
  if (!meets(coordinate, open ? undefined : caller))
    return { kind: 'DENY', reason: 'ACCESS_REQUIREMENT', validUntil: FOREVER };
  if (open) return ALLOWED;
  return decide(policy, { caller, coordinate, use, at });
}

function authorise(supergraph: BuiltSupergraph, asking: Asking, recorder: Recorder): Omit<Authorised, 'id' | 'epoch'> {
  const { operation, document, variables } = asking;
  const root = supergraph.apiSchema.getRootType(operation.operation);
  if (!root) throw new Error(`the API schema has no ${operation.operation} type`);
  const fragments = fragmentsOf(document);
  const { table, grants: known } = recorder.policy;
  const held = known.byHolder.get(grantKey(asking.caller)) ?? [];
  const metered = held.flatMap(({ id, quota }) => (quota ? [{ grant: id, quota }] : []));
  const pruning = {
    schema: supergraph.apiSchema,
    fragments,
    variables,
    table,
    decide: recorder.decide,
    metered: new Set(metered.map(({ grant }) => grant)),
    use: operation.operation === OperationTypeNode.MUTATION ? 'WRITE' : 'OUTPUT',
  } as const;
  const first = prune(root, operation.selectionSet, pruning);
  const probes = probesOf(first.scopes, table);
  const combined = restorable(table, first);
  // Which rows exist and what comes together is known only when everything is decided: then it is pruned again with that.
  const pruned =
    probes.size + combined.size === 0
      ? first
      : prune(root, operation.selectionSet, { ...pruning, probes, restorable: combined });
  const { selections, shape, refusals, masked, asked, grants, scopes } = pruned;
  const left = selections.length > 0 ? operationOf(operation, selections, fragments) : undefined;
  return {
    pruned: left && { document: left, text: print(left) },
    shape,
    refusals,
    masked,
    asked: [...asked].sort(),
    grants: [...grants].sort(),
    quotas: metered.filter(({ grant }) => grants.has(grant)),
    scopes: Object.fromEntries([...scopes].sort()),
    probes: [...probes].map(([type, field]) => `${type}.${field}`).sort(),
    validUntil: recorder.validUntil,
  };
}

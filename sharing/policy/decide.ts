import { type Caller, isAggregateOnly } from '../../lib/caller.ts';
import { today } from '../../lib/today.ts';
import { isItemOfRow } from '../../schema/aggregate-schema.ts';
import type { ItemPolicy, Mask, PolicyTable } from '../../schema/policy-table.ts';
import { type Grant, grantKey, type GrantView, type Obligation, type Use } from './grant.ts';
import { effectiveDivisions, EVERYWHERE, type RowScope, unionOf } from './row-scope.ts';

export type DenyReason =
  | 'NO_GRANT'
  | 'NO_PURPOSE'
  | 'WITHHELD'
  | 'NOT_CLASSIFIED'
  | 'NOT_AN_ACTOR'
  /** A grant covers it, for calls that name their officer. */
  | 'OFFICER_REQUIRED'
  /** A grant covers it, for counting rows and not for showing them. */
  | 'AGGREGATE_ONLY'
  /** The caller lacks what a subgraph asks for by `@authenticated`, `@requiresScopes` or `@policy`, beside sharing. */
  | 'ACCESS_REQUIREMENT'
  /** The gateway has not heard from its store for too long to trust its grants. */
  | 'POLICY_STALE';

interface Bounded {
  /** Milliseconds since 1970 until which the decision holds if no grant is changed: the next boundary of any grant considered. */
  readonly validUntil: number;
}

export type Decision =
  | (Bounded & {
      readonly kind: 'ALLOW';
      readonly grants: readonly string[];
      /** The rows it is allowed of. */
      readonly divisions: RowScope;
      /** Rows may be counted by it and not be shown: no grant without that obligation allows it. */
      readonly aggregateOnly?: true;
    })
  | (Bounded & { readonly kind: 'MASK'; readonly mask: Mask })
  | (Bounded & { readonly kind: 'DENY'; readonly reason: DenyReason });

export interface Policy {
  readonly table: PolicyTable;
  readonly grants: GrantView;
  /** True when the grants may be out of date: nothing CONDITIONAL is shared then. */
  readonly stale: boolean;
}

export interface Question {
  readonly caller: Caller;
  readonly coordinate: string;
  readonly use: Use;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const FOREVER = Number.POSITIVE_INFINITY;

/** Without any grant, and everywhere. */
export const ALLOWED: Decision & { readonly kind: 'ALLOW' } = {
  kind: 'ALLOW',
  grants: [],
  divisions: EVERYWHERE,
  validUntil: FOREVER,
};

/**
 * Decides one use of one item by one caller. Pure and total: everything that is not allowed here is denied, items that no
 * policy mentions included.
 */
export function decide(policy: Policy, question: Question): Decision {
  const item = policy.table.items.get(question.coordinate);
  if (!item) return deny('NOT_CLASSIFIED');
  // Their schema has no such item. Should a way to it be left, it is denied here, whoever owns or was granted it.
  if (isAggregateOnly(question.caller) && (question.use === 'WRITE' || isItemOfRow(policy.table, item.coordinate)))
    return deny('AGGREGATE_ONLY');
  if (question.use === 'WRITE') return decideWrite(item, question.caller);
  if (item.class === undefined) return deny('NOT_CLASSIFIED');
  if (item.class === 'UNCONDITIONAL' || item.owner === question.caller.department) return ALLOWED;
  if (item.class === 'WITHHELD') return deny('WITHHELD');
  return decideConditional(policy, item, question);
}

/** A mutation says who may call it; one that does not is nobody's. */
function decideWrite(item: ItemPolicy, caller: Caller): Decision {
  return item.actors?.some((role) => caller.roles.includes(role)) ? ALLOWED : deny('NOT_AN_ACTOR');
}

function decideConditional(policy: Policy, item: ItemPolicy, { caller, use, at }: Question): Decision {
  if (policy.stale) return deny('POLICY_STALE', at);
  const held = policy.grants.byHolder.get(grantKey(caller)) ?? [];
  const covering = held.filter((grant) => covers(grant, item, use));
  const validUntil = nextBoundary(covering, at);
  const active = covering.filter((grant) => grant.validFrom <= at && at < grant.validUntil);
  const unusable = new Map(active.map((grant) => [grant, unfulfilled(grant, { caller, item, use, policy })]));
  const usable = active.filter((grant) => unusable.get(grant) === undefined);
  const showing = usable.filter((grant) => !binds(grant, 'AGGREGATE_ONLY'));
  // Rows of a division that may only be counted must not be shown by a grant for other divisions.
  const relied = showing.length > 0 ? showing : usable;
  if (relied.length > 0) {
    const day = today(at);
    return {
      kind: 'ALLOW',
      grants: relied.map((grant) => grant.id),
      divisions: unionOf(relied.map((grant) => effectiveDivisions(grant.divisions, day))),
      ...(showing.length === 0 && { aggregateOnly: true }),
      validUntil,
    };
  }
  // A masked value may be shown, but must not steer a filter or a look-up: that would read what the mask hides.
  if (use === 'OUTPUT' && item.mask) return { kind: 'MASK', mask: item.mask, validUntil };
  const [first] = unusable.values();
  return deny(first ?? (caller.purpose === undefined ? 'NO_PURPOSE' : 'NO_GRANT'), validUntil);
}

/** The obligation of a grant in force that keeps it from being used here. */
function unfulfilled(
  grant: Grant,
  { caller, item, use, policy }: { caller: Caller; item: ItemPolicy; use: Use; policy: Policy },
): DenyReason | undefined {
  if (binds(grant, 'OFFICER_NAMED') && !caller.officer) return 'OFFICER_REQUIRED';
  if (binds(grant, 'AGGREGATE_ONLY') && use !== 'FILTER' && isItemOfRow(policy.table, item.coordinate))
    return 'AGGREGATE_ONLY';
  return undefined;
}

function binds({ obligations }: Grant, obligation: Obligation): boolean {
  return obligations?.includes(obligation) === true;
}

/** Nobody can grant what another department owns, whatever the grant says. */
function covers(grant: Grant, { coordinate, owner }: ItemPolicy, use: Use): boolean {
  return grant.owner === owner && grant.items.some((item) => item.coordinate === coordinate && item.uses.includes(use));
}

/** The earliest future start or end; a grant that has not begun yet changes the decision as surely as one that ends. */
function nextBoundary(grants: readonly Grant[], at: number): number {
  const ahead = grants.flatMap((grant) => [grant.validFrom, grant.validUntil]).filter((boundary) => boundary > at);
  return Math.min(FOREVER, ...ahead);
}

function deny(reason: DenyReason, validUntil = FOREVER): Decision {
  return { kind: 'DENY', reason, validUntil };
}

import type { Caller } from '../../lib/caller.ts';
import { policyFromJson } from '../../schema/policy-json.ts';
import { EMPTY_POLICY, type Mask, type PolicyTable } from '../../schema/policy-table.ts';
import { requiredItems } from '../../schema/required-items.ts';
import { decide, type Decision, type DenyReason, type Policy } from '../../sharing/policy/decide.ts';
import { grantView } from '../../sharing/policy/grant.ts';
import { howToApply } from '../../sharing/policy/how-to-apply.ts';
import type { SharingModels } from '../../sharing/store/models.ts';
import { latestNumber } from '../../sharing/store/release-store.ts';

/** What a caller may do now with an item, as `decide` has it for its being shown. */
export interface ItemAccess {
  readonly access: 'FREE' | 'GRANTED' | 'MASKED' | 'REFUSED';
  readonly mask?: Mask | undefined;
  readonly reason?: DenyReason | undefined;
  /** Ids of the grants it rests on. */
  readonly grants: readonly string[];
  readonly onlyCounted: boolean;
  /** When it has to be decided again if no grant is changed; absent where it holds for good. */
  readonly until?: Date | undefined;
  readonly howToApply?: string | undefined;
}

/** What the release in force says, to decide by. */
export interface InForce {
  readonly table: PolicyTable;
  /** The coordinates that callers see. */
  readonly visible: ReadonlySet<string>;
}

/** The policy table of the release in force, read once for each release. */
export function inForceOf(models: Pick<SharingModels, 'releases' | 'catalogue'>): () => Promise<InForce> {
  let known: InForce & { readonly number: number } = { number: 0, table: EMPTY_POLICY, visible: new Set() };
  return async () => {
    const number = await latestNumber(models);
    if (number === known.number) return known;
    const release = await models.releases.findById(number, { policy: 1 }).lean();
    const items = await models.catalogue.find({}, { _id: 1 }).lean();
    const visible = new Set(items.map(({ _id }) => _id));
    known = { number, visible, table: release ? policyFromJson(release.policy) : EMPTY_POLICY };
    return known;
  };
}

/** What decides on what one caller may see, in one operation. */
export interface CallersPolicy extends Policy {
  readonly visible: InForce['visible'];
  readonly caller: Caller;
  readonly at: Date;
}

/** What the gateway would decide for a caller by: the table in force, and the caller's own grants, whatever others hold. */
export async function callersPolicy(
  { grants }: Pick<SharingModels, 'grants'>,
  caller: Caller,
  inForce: InForce,
): Promise<CallersPolicy> {
  const at = new Date();
  const { department, application, purpose } = caller;
  const policy = { ...inForce, caller, at, stale: false };
  if (purpose === undefined) return { ...policy, grants: grantView(0, []) };
  const held = await grants
    .find({ department, application, purpose, status: 'ACTIVE', validUntil: { $gt: at } })
    .lean();
  const own = held.map(({ _id: id, validFrom, validUntil, ...terms }) => ({
    ...{ id, ...terms, validFrom: validFrom.getTime(), validUntil: validUntil.getTime() },
  }));
  return { ...policy, grants: grantView(0, own) };
}

/** What a caller may do with an item now, and how it could do more. */
export function itemAccess(policy: CallersPolicy, coordinate: string): ItemAccess {
  const { caller } = policy;
  const { decision, of } = shown(policy, coordinate);
  const { kind, validUntil } = decision;
  const until = Number.isFinite(validUntil) ? { until: new Date(validUntil) } : {};
  if (kind === 'ALLOW') {
    const { grants, aggregateOnly } = decision;
    return { access: grants.length > 0 ? 'GRANTED' : 'FREE', grants, onlyCounted: aggregateOnly === true, ...until };
  }
  // What is masked would be shown by a grant.
  const reason = kind === 'DENY' ? decision.reason : caller.purpose === undefined ? 'NO_PURPOSE' : 'NO_GRANT';
  const denied = { coordinate: of, use: 'OUTPUT', reason, owner: policy.table.items.get(of)?.owner } as const;
  return {
    ...(kind === 'DENY' ? { access: 'REFUSED', reason } : { access: 'MASKED', mask: decision.mask }),
    ...{ grants: [], onlyCounted: false, ...until },
    // An item may be computed from one that has no name for callers.
    ...(policy.visible.has(of) && { howToApply: howToApply(denied, caller, { byMutation: true }) }),
  };
}

/**
 * Whether an item is shown: it must be allowed, and so must everything it is computed from (`@requires`), as the gateway asks.
 * @returns the decision, and the item it is of.
 */
function shown(policy: CallersPolicy, coordinate: string): { readonly decision: Decision; readonly of: string } {
  const { caller, at } = policy;
  const decideOn = (item: string): Decision =>
    decide(policy, { caller, coordinate: item, use: 'OUTPUT', at: at.getTime() });
  const own = decideOn(coordinate);
  if (own.kind === 'DENY') return { decision: own, of: coordinate };
  const grants = own.kind === 'ALLOW' ? [...own.grants] : [];
  let validUntil = own.validUntil;
  let aggregateOnly = own.kind === 'ALLOW' && own.aggregateOnly === true;
  for (const item of requiredItems(policy.table, coordinate)) {
    const decision = decideOn(item);
    validUntil = Math.min(validUntil, decision.validUntil);
    if (decision.kind === 'DENY') return { decision: { ...decision, validUntil }, of: item };
    if (decision.kind === 'MASK') return { decision: { kind: 'DENY', reason: 'NO_GRANT', validUntil }, of: item };
    grants.push(...decision.grants);
    aggregateOnly ||= decision.aggregateOnly === true;
  }
  const bound = aggregateOnly ? ({ aggregateOnly } as const) : {};
  const decision =
    own.kind === 'ALLOW'
      ? { ...own, ...bound, grants: [...new Set(grants)].sort(), validUntil }
      : { ...own, validUntil };
  return { decision, of: coordinate };
}

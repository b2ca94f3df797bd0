import type { Mask } from '../../schema/policy-table.ts';
import type { Case } from './case.ts';
import { itemOf, type Use } from './world.ts';

export type Verdict =
  /** `divisions` of each grant that allows it; undefined where it is allowed of every row. */
  | { readonly kind: 'ALLOW'; readonly grants: readonly string[]; readonly divisions: readonly string[] | undefined }
  | { readonly kind: 'MASK'; readonly mask: Mask }
  | { readonly kind: 'DENY'; readonly reason: string };

/**
 * UNCONDITIONAL: any authenticated department. WITHHELD: only the owner. CONDITIONAL: an active grant of the owner for
 * (department, application, purpose) that covers the item for that use; without one the mask, when it is to be shown.
 * What nobody classified is nobody's.
 */
export function verdictOn(given: Case, coordinate: string, use: Use): Verdict {
  const item = itemOf(given.world, coordinate);
  const { caller, at } = given;
  if (!item?.sharing) return { kind: 'DENY', reason: 'NOT_CLASSIFIED' };
  const { owner } = item.subgraph;
  if (item.sharing.class === 'UNCONDITIONAL' || caller.department === owner)
    return { kind: 'ALLOW', grants: [], divisions: undefined };
  if (item.sharing.class === 'WITHHELD') return { kind: 'DENY', reason: 'WITHHELD' };
  if (given.stale) return { kind: 'DENY', reason: 'POLICY_STALE' };
  const allowing = given.grants.filter(
    (grant) =>
      grant.owner === owner &&
      grant.department === caller.department &&
      grant.application === caller.application &&
      grant.purpose === caller.purpose &&
      grant.validFrom <= at &&
      at < grant.validUntil &&
      grant.items.some((covered) => covered.coordinate === coordinate && covered.uses.includes(use)),
  );
  if (allowing.length > 0)
    return {
      kind: 'ALLOW',
      grants: allowing.map(({ id }) => id),
      divisions: allowing.flatMap(({ divisions }) => divisions),
    };
  if (use === 'OUTPUT' && item.sharing.mask) return { kind: 'MASK', mask: item.sharing.mask };
  return { kind: 'DENY', reason: caller.purpose === undefined ? 'NO_PURPOSE' : 'NO_GRANT' };
}

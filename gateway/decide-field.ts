import { type FieldNode, getNamedType, type GraphQLField, isCompositeType } from 'graphql';
import type { Mask, PolicyTable } from '../schema/policy-table.ts';
import type { Decision, DenyReason } from '../sharing/policy/decide.ts';
import type { Use } from '../sharing/policy/grant.ts';
import type { RowScope } from '../sharing/policy/row-scope.ts';
import { argumentReads } from './argument-reads.ts';
import { requiredItems } from './required-items.ts';

/** What an allowed field relies on: the grants, and the rows for which each item was allowed. */
interface Relied {
  readonly grants: readonly string[];
  readonly rows: readonly { readonly item: string; readonly divisions: RowScope }[];
}

/** The verdict on one selected field with its arguments. */
export type FieldVerdict =
  | (Relied & { readonly kind: 'ALLOW' })
  | (Relied & { readonly kind: 'MASK'; readonly mask: Mask })
  | { readonly kind: 'DENY'; readonly coordinate: string; readonly use: Use; readonly reason: DenyReason };

export interface Deciding {
  readonly table: PolicyTable;
  readonly decide: (coordinate: string, use: Use) => Decision;
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * A field may be shown if the caller may read it, everything its arguments read (for its use) and everything the
 * federation would fetch for it by `@requires`: else a free field would tell a protected one (GHSA-m8jr-fxqx-8xx6).
 */
export function decideField(
  coordinate: string,
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
  deciding: Deciding & { readonly use: Use },
): FieldVerdict {
  const { table, decide } = deciding;
  const own = decide(coordinate, deciding.use);
  if (own.kind === 'DENY') return { kind: 'DENY', coordinate, use: deciding.use, reason: own.reason };
  // A mask is of a value. An object has none: shown "masked", it would be shown as it is.
  if (own.kind === 'MASK' && isCompositeType(getNamedType(field.type)))
    return { kind: 'DENY', coordinate, use: deciding.use, reason: 'NO_GRANT' };
  const reads = argumentReads(field, node, { coordinate, table, variables: deciding.variables });
  const needed: [string, Use][] = [
    ...reads.flatMap(({ items, use }) => items.map((item): [string, Use] => [item, use])),
    ...requiredItems(table, coordinate).map((item): [string, Use] => [item, 'OUTPUT']),
  ];
  const grants = own.kind === 'ALLOW' ? [...own.grants] : [];
  const rows = own.kind === 'ALLOW' ? [{ item: coordinate, divisions: own.divisions }] : [];
  for (const [item, use] of needed) {
    const decision = decide(item, use);
    if (decision.kind === 'DENY') return { kind: 'DENY', coordinate: item, use, reason: decision.reason };
    if (decision.kind === 'MASK') return { kind: 'DENY', coordinate: item, use, reason: 'NO_GRANT' };
    grants.push(...decision.grants);
    rows.push({ item, divisions: decision.divisions });
  }
  return own.kind === 'MASK' ? { kind: 'MASK', mask: own.mask, grants, rows } : { kind: 'ALLOW', grants, rows };
}

import { type FieldNode, getNamedType, type GraphQLField, isCompositeType } from 'graphql';
import type { Mask, PolicyTable } from '../schema/policy-table.ts';
import type { Decision, DenyReason } from '../sharing/policy/decide.ts';
import type { Use } from '../sharing/policy/grant.ts';
import type { AppliedMask } from '../sharing/policy/mask.ts';
import { restoring, stricter } from '../sharing/policy/mask-combinations.ts';
import type { RowScope } from '../sharing/policy/row-scope.ts';
import { argumentReads } from './argument-reads.ts';
import { requiredItems } from '../schema/required-items.ts';

/** What an allowed field relies on: the grants, and the rows for which each item was allowed. */
interface Relied {
  readonly grants: readonly string[];
  readonly rows: readonly { readonly item: string; readonly divisions: RowScope }[];
  /** Those of the grants by which its arguments are read: whoever asks by them learns something even where no row is found. */
  readonly asks: readonly string[];
  /** Set where one of the grants allows to count rows and not to show them. */
  readonly aggregateOnly: boolean;
}

/** The verdict on one selected field with its arguments. */
export type FieldVerdict =
  | (Relied & { readonly kind: 'ALLOW' })
  | (Relied & { readonly kind: 'MASK'; readonly mask: AppliedMask })
  | { readonly kind: 'DENY'; readonly coordinate: string; readonly use: Use; readonly reason: DenyReason };

export interface Deciding {
  readonly table: PolicyTable;
  /** @param aside true where the decision only bears on another item and is none on what was asked. */
  readonly decide: (coordinate: string, use: Use, aside?: boolean) => Decision;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Masked items that other items of the same answer would restore. */
  readonly restorable?: ReadonlySet<string>;
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
  const needed = [
    ...reads.flatMap(({ items, use }) => items.map((item) => ({ item, use, asked: true }))),
    ...requiredItems(table, coordinate).map((item) => ({ item, use: 'OUTPUT' as const, asked: false })),
  ];
  const grants = own.kind === 'ALLOW' ? [...own.grants] : [];
  const rows = own.kind === 'ALLOW' ? [{ item: coordinate, divisions: own.divisions }] : [];
  const asks: string[] = [];
  let aggregateOnly = own.kind === 'ALLOW' && own.aggregateOnly === true;
  for (const { item, use, asked } of needed) {
    const decision = decide(item, use);
    if (decision.kind === 'DENY') return { kind: 'DENY', coordinate: item, use, reason: decision.reason };
    if (decision.kind === 'MASK') return { kind: 'DENY', coordinate: item, use, reason: 'NO_GRANT' };
    grants.push(...decision.grants);
    if (asked) asks.push(...decision.grants);
    aggregateOnly ||= decision.aggregateOnly === true;
    rows.push({ item, divisions: decision.divisions });
  }
  const relied = { grants, rows, asks, aggregateOnly };
  return own.kind === 'MASK'
    ? { kind: 'MASK', mask: appliedMask(coordinate, own.mask, deciding), ...relied }
    : { kind: 'ALLOW', ...relied };
}

/** To narrow rows by a value, or to have it compared, tells it as surely as to be shown it: a search ends at one value. */
const TELLING = ['OUTPUT', 'FILTER', 'LOOKUP', 'VERIFY'] as const;

/** Whoever may read by another question what a mask hides would only have to ask twice. */
function appliedMask(coordinate: string, mask: Mask, { table, decide, restorable }: Deciding): AppliedMask {
  const beside = restoring(table, coordinate).some((other) =>
    TELLING.some((use) => decide(other, use, true).kind === 'ALLOW'),
  );
  return beside || restorable?.has(coordinate) === true ? stricter(mask) : mask;
}

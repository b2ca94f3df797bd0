import type { Mask, PolicyTable } from '../../schema/policy-table.ts';
import type { AppliedMask } from './mask.ts';

const MASKED_NUMBER: Mask = 'RESIDENT_NUMBER';
/** A resident number without its birth date is whole again beside the date of birth; beside the year some thirty are left. */
const DATE: Mask = 'YEAR';

const dates = new WeakMap<PolicyTable, ReadonlyMap<string, readonly string[]>>();

/** The items of a type that say, plain or masked, what the mask of its resident number hides. */
export function restoring(table: PolicyTable, coordinate: string): readonly string[] {
  const item = table.items.get(coordinate);
  if (item?.mask !== MASKED_NUMBER) return [];
  const known = dates.get(table) ?? datesOf(table);
  dates.set(table, known);
  return known.get(typeOf(coordinate)) ?? [];
}

/** The mask that applies where the reader can have what another mask of the same row hides. */
export function stricter(mask: Mask): AppliedMask {
  return mask === MASKED_NUMBER ? 'RESIDENT_REGION' : mask;
}

/** Masked items of an answer that other items of the same type in it would restore. */
export function restorable(
  table: PolicyTable,
  {
    masked,
    asked,
  }: { readonly masked: readonly { readonly coordinate: string }[]; readonly asked: ReadonlySet<string> },
): ReadonlySet<string> {
  return new Set(
    masked
      .map(({ coordinate }) => coordinate)
      .filter((coordinate) => restoring(table, coordinate).some((other) => asked.has(other))),
  );
}

function datesOf({ items }: PolicyTable): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { coordinate, mask } of items.values())
    if (mask === DATE) found.set(typeOf(coordinate), [...(found.get(typeOf(coordinate)) ?? []), coordinate]);
  return found;
}

function typeOf(coordinate: string): string {
  return coordinate.split('.')[0] ?? '';
}

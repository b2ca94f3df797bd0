import type { Mask, SharingClass } from '../policy-table.ts';
import { type Contract, type Field, STRICTNESS } from './contract.ts';

/** A copy of a field that says how it is shared. */
export interface StatedField extends Field {
  readonly stated: { readonly class: SharingClass; readonly mask: Mask | undefined };
}

/**
 * The copies of a field that say how it is shared. A key that has its class from its type alone is but the stub of another
 * department's where that one says it too.
 */
export function statedCopies(coordinate: string, { copies }: Contract): readonly StatedField[] {
  const stated = (copies.get(coordinate) ?? []).flatMap((field) => {
    const { class: of, mask } = field.sharing ?? {};
    return of === undefined || field.isExternal ? [] : [{ ...field, stated: { class: of, mask } }];
  });
  const maybeStub = (field: StatedField): boolean => field.isKey && field.sharing?.byDefault === true;
  const kept = stated.filter((field) => !maybeStub(field));
  return stated.filter((field) => !maybeStub(field) || kept.every(({ owner }) => owner === field.owner));
}

/** The strictest that any of them says; undefined where nobody classified it, and it is denied. */
export function statedPolicy(coordinate: string, contract: Contract): StatedField['stated'] | undefined {
  return statedCopies(coordinate, contract)
    .map(({ stated }) => stated)
    .sort((one, other) => STRICTNESS[other.class] - STRICTNESS[one.class])[0];
}

/** How a sentence says it: `CONDITIONAL, mask NAME`. */
export function inWords({ class: of, mask }: StatedField['stated']): string {
  return mask === undefined ? of : `${of}, mask ${mask}`;
}

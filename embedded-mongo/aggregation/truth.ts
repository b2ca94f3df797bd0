import { isNumeric } from '../values/order.ts';
import { toNumber } from '../values/numbers.ts';

/** What counts as true in an expression: everything but false, null, what is missing, and zero. */
export function truthy(value: unknown): boolean {
  if (value === null || value === undefined || value === false) return false;
  return !isNumeric(value) || toNumber(value) !== 0;
}

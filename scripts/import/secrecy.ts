import { isStateSecret, secrecyLevels } from '../../lib/codes/secrecy.ts';
import { invalid, valid } from '../../lib/codes/verdict.ts';
import type { FieldVerdict } from './resource.ts';

/** A level of GB/T 7156. State secrets are refused: the hub is no place for them. */
export function readSecrecy(value: string): FieldVerdict {
  const level = secrecyLevels.find((known) => known === value);
  if (level === undefined)
    return invalid('UNKNOWN_CODE', `The level is none of ${secrecyLevels.join(', ')}; use one of these.`);
  if (isStateSecret(level)) {
    return invalid(
      'STATE_SECRET',
      'State secrets may not be entered into the hub; remove the row and report how it came here.',
    );
  }
  return valid(level);
}

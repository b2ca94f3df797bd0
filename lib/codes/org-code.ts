import { invalid, valid } from './verdict.ts';
import type { Verdict } from './verdict.ts';

/**
 * Organisation code, GB 11714: eight characters (digits or capital letters) and a check character. It was the key of
 * legal persons before 2015 and lives on as characters 9–17 of the unified social credit code.
 */

const weights = [3, 7, 9, 10, 5, 8, 4, 2];

export type OrgCodeReason = 'FORMAT' | 'CHECK_CHARACTER';

/** The check character: 11 − Σ(value × weight) mod 11, written X for 10 and 0 for 11. A = 10 … Z = 35. */
export function orgCodeCheck(body: string): string {
  let sum = 0;
  for (let index = 0; index < weights.length; index++) {
    sum += Number.parseInt(body.charAt(index), 36) * (weights[index] ?? 0);
  }
  const check = 11 - (sum % 11);
  return check === 10 ? 'X' : check === 11 ? '0' : String(check);
}

/** Gives the code as nine characters; the printed form with a hyphen before the check character is accepted. */
export function parseOrgCode(text: string): Verdict<string, OrgCodeReason> {
  const match = /^([0-9A-Z]{8})-?([0-9X])$/.exec(text);
  const [, body, check] = match ?? [];
  if (body === undefined || check === undefined) {
    return invalid(
      'FORMAT',
      'An organisation code has eight digits or capital letters, then a check character 0–9 or X.',
    );
  }
  if (orgCodeCheck(body) !== check) {
    return invalid(
      'CHECK_CHARACTER',
      'The check character of the organisation code does not fit; compare it with the certificate.',
    );
  }
  return valid(body + check);
}

/** The printed form, with a hyphen. */
export function formatOrgCode(code: string): string {
  return `${code.slice(0, 8)}-${code.slice(8)}`;
}

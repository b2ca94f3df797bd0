import { orgCodeCheck } from './org-code.ts';
import { provinces } from './provinces.ts';
import { invalid, valid } from './verdict.ts';
import type { Verdict } from './verdict.ts';

/**
 * Unified social credit code, GB 32100-2015: registering authority 1, category 1, division 6, organisation code 9,
 * check 1. Both check characters are tested: the code's own (modulo 31) and the one of the organisation code inside.
 */

const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
/** Powers of 3 modulo 31. */
const weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/** The registering authorities of the standard of 2015; later additions are given as UNKNOWN rather than guessed. */
const registrars: ReadonlyMap<string, Registrar> = new Map([
  ['1', 'ESTABLISHMENT_OFFICE'],
  ['5', 'CIVIL_AFFAIRS'],
  ['9', 'MARKET_REGULATION'],
  ['Y', 'OTHER'],
]);

type Registrar = 'ESTABLISHMENT_OFFICE' | 'CIVIL_AFFAIRS' | 'MARKET_REGULATION' | 'OTHER' | 'UNKNOWN';

export type CreditCode = {
  readonly code: string;
  readonly registrar: Registrar;
  /** Second character, meaningful within the registrar (9: 1 enterprise, 2 sole trader, 3 farmers' cooperative). */
  readonly category: string;
  /** Division of the authority at registration; it does not follow later moves. */
  readonly division: string;
  /** GB 11714, nine characters. */
  readonly orgCode: string;
};

export type CreditCodeReason = 'LENGTH' | 'CHARACTERS' | 'DIVISION' | 'ORGANISATION_CODE' | 'CHECK_CHARACTER';

/** The check character of the first 17: alphabet[(31 − Σ(value × 3^(i−1)) mod 31) mod 31]. */
export function creditCodeCheck(body: string): string {
  let sum = 0;
  for (let index = 0; index < weights.length; index++) {
    sum += alphabet.indexOf(body.charAt(index)) * (weights[index] ?? 0);
  }
  return alphabet.charAt((31 - (sum % 31)) % 31);
}

/** Reads a credit code in capital letters, 18 characters. */
export function parseCreditCode(text: string): Verdict<CreditCode, CreditCodeReason> {
  if (text.length !== 18)
    return invalid('LENGTH', 'A unified social credit code has 18 characters; add what is missing.');
  if (!/^[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$/.test(text)) {
    return invalid(
      'CHARACTERS',
      'A unified social credit code uses digits and capital letters without I, O, S, V and Z, and digits in places 3–8.',
    );
  }
  const division = text.slice(2, 8);
  if (division !== '100000' && !provinces.has(division.slice(0, 2))) {
    return invalid('DIVISION', 'Places 3–8 are not a division of GB/T 2260; compare the code with the certificate.');
  }
  const orgCode = text.slice(8, 17);
  if (orgCodeCheck(orgCode) !== orgCode.charAt(8)) {
    return invalid(
      'ORGANISATION_CODE',
      'The check character of the organisation code inside (place 17) does not fit; compare it with the certificate.',
    );
  }
  if (creditCodeCheck(text) !== text.charAt(17)) {
    return invalid(
      'CHECK_CHARACTER',
      'The last character does not fit the others; compare the code with the certificate.',
    );
  }
  return valid({
    code: text,
    registrar: registrars.get(text.charAt(0)) ?? 'UNKNOWN',
    category: text.charAt(1),
    division,
    orgCode,
  });
}

/** Puts a code together; `orgBody` is the organisation code's first eight characters. */
export function composeCreditCode(parts: {
  registrar: string;
  category: string;
  division: string;
  orgBody: string;
}): string {
  const body = parts.registrar + parts.category + parts.division + parts.orgBody + orgCodeCheck(parts.orgBody);
  return body + creditCodeCheck(body);
}

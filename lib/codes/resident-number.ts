import { isCalendarDay, formatDate } from './calendar-date.ts';
import { provinces } from './provinces.ts';
import { invalid, valid } from './verdict.ts';
import type { Verdict } from './verdict.ts';

/**
 * Citizen identification number, GB 11643-1999: area 6, birth date 8, sequence 3, check 1 (ISO 7064 MOD 11-2).
 * Residence permits of people from Hong Kong (810000), Macao (820000) and Taiwan (830000) and identity cards of foreign
 * permanent residents (9, issuing province 2, nationality 3) have the same shape and the same check character.
 */

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const checkCharacters = '10X98765432';

type ResidentNumberKind =
  'CITIZEN' | 'HONG_KONG_PERMIT' | 'MACAO_PERMIT' | 'TAIWAN_PERMIT' | 'FOREIGN_PERMANENT_RESIDENT';

export type ResidentNumber = {
  /** Always the 18-character form. */
  readonly number: string;
  readonly kind: ResidentNumberKind;
  /** True where the text was the 15-digit form issued before 1999. */
  readonly legacy: boolean;
  /** Division that first issued the number, often abolished since: valid for life, says nothing about residence today. */
  readonly areaAtFirstIssue: string;
  /** 'YYYY-MM-DD' */
  readonly birthDate: string;
  /** GB/T 2261.1: '1' male (odd sequence), '2' female (even). */
  readonly sex: '1' | '2';
  readonly sequence: string;
};

export type ResidentNumberReason =
  'LENGTH' | 'CHARACTERS' | 'AREA' | 'BIRTH_DATE' | 'BORN_IN_THE_FUTURE' | 'CHECK_CHARACTER';

/** Check character of the first 17 digits. */
function residentNumberCheck(body: string): string {
  let sum = 0;
  for (let index = 0; index < weights.length; index++) {
    sum += Number(body.charAt(index)) * (weights[index] ?? 0);
  }
  return checkCharacters.charAt(sum % 11);
}

/**
 * Reads an 18-character number, or a 15-digit one of before 1999, which is upgraded. A small x is taken as X.
 * With `at` ('YYYY-MM-DD') a later birth date is refused; the function has no clock of its own.
 */
export function parseResidentNumber(text: string, at?: string): Verdict<ResidentNumber, ResidentNumberReason> {
  if (text.length !== 18 && text.length !== 15) {
    return invalid('LENGTH', 'A resident number has 18 characters (15 before 1999); add what is missing.');
  }
  if (!/^(\d{17}[\dXx]|\d{15})$/.test(text)) {
    return invalid('CHARACTERS', 'A resident number has half-width digits only, with X allowed in the last place.');
  }
  const legacy = text.length === 15;
  const number = legacy ? upgrade(text) : text.toUpperCase();
  const area = number.slice(0, 6);
  const kind = kindOf(area);
  if (kind === undefined || (legacy && kind !== 'CITIZEN')) {
    return invalid(
      'AREA',
      'The first six digits are not an area that issues resident numbers; compare the certificate.',
    );
  }
  const [year, month, day] = [Number(number.slice(6, 10)), Number(number.slice(10, 12)), Number(number.slice(12, 14))];
  if (year < 1850 || !isCalendarDay(year, month, day)) {
    return invalid(
      'BIRTH_DATE',
      'The birth date inside the number is not a day of the calendar; compare the certificate.',
    );
  }
  const birthDate = formatDate(year, month, day);
  if (at !== undefined && birthDate > at) {
    return invalid(
      'BORN_IN_THE_FUTURE',
      'The birth date inside the number lies in the future; compare the certificate.',
    );
  }
  if (residentNumberCheck(number) !== number.charAt(17)) {
    return invalid(
      'CHECK_CHARACTER',
      'The last character does not fit the other 17; compare the number with the certificate.',
    );
  }
  const sequence = number.slice(14, 17);
  const sex = Number(sequence) % 2 === 1 ? '1' : '2';
  return valid({ number, kind, legacy, areaAtFirstIssue: area, birthDate, sex, sequence });
}

/** The 15-digit form has no century: 19, but 18 for sequences 996–999, kept for those already a hundred years old. */
function upgrade(legacy: string): string {
  const century = Number(legacy.slice(12)) >= 996 ? '18' : '19';
  const body = legacy.slice(0, 6) + century + legacy.slice(6);
  return body + residentNumberCheck(body);
}

function kindOf(area: string): ResidentNumberKind | undefined {
  if (area === '810000') return 'HONG_KONG_PERMIT';
  if (area === '820000') return 'MACAO_PERMIT';
  if (area === '830000') return 'TAIWAN_PERMIT';
  if (area.startsWith('8')) return undefined;
  if (area.startsWith('9')) return provinces.has(area.slice(1, 3)) ? 'FOREIGN_PERMANENT_RESIDENT' : undefined;
  return provinces.has(area.slice(0, 2)) ? 'CITIZEN' : undefined;
}

/** Puts a number together from an area, a birth date 'YYYY-MM-DD' and a three-digit sequence. */
export function composeResidentNumber(area: string, birthDate: string, sequence: string): string {
  const body = area + birthDate.replaceAll('-', '') + sequence;
  return body + residentNumberCheck(body);
}

/** The 15-digit form of a number of someone born in 1900–1999. */
export function legacyResidentNumber(number: string): string {
  return number.slice(0, 6) + number.slice(8, 17);
}

import { allRecords, completePrefectures, levelOf, recordsOf } from './division-table.ts';
import type { Division } from './division-table.ts';

/**
 * Administrative divisions (GB/T 2260) as at a date. What the table covers is said in data/division-history.ts; beyond it
 * the present-day counties of the country are known without their past. An answer is never guessed: what is not known is
 * UNKNOWN with its reason.
 */

export type DivisionAnswer =
  | {
      readonly kind: 'IN_FORCE';
      readonly division: Division;
      /** False within the year of a change of which only the year is known: the code may not have been in force yet. */
      readonly certain: boolean;
    }
  | { readonly kind: 'NOT_YET_IN_FORCE'; readonly division: Division; readonly certain: boolean }
  | { readonly kind: 'ABOLISHED'; readonly division: Division; readonly certain: boolean }
  | {
      readonly kind: 'UNKNOWN';
      readonly reason: 'NOT_A_CODE' | 'NO_SUCH_CODE' | 'NOT_COVERED' | 'NO_HISTORY';
      readonly message: string;
    };

/** What the code meant on a day ('YYYY-MM-DD'). Longer codes are answered for their county. */
export function divisionAt(code: string, at: string): DivisionAnswer {
  if (levelOf(code) === undefined) {
    return unknown('NOT_A_CODE', 'A division code has 6, 9 or 12 digits.');
  }
  const records = recordsOf(code.slice(0, 6));
  const [first] = records;
  const last = records.at(-1);
  if (first === undefined || last === undefined) {
    return completePrefectures.includes(code.slice(0, 4))
      ? unknown('NO_SUCH_CODE', 'This prefecture has never had such a county code; compare it with the register.')
      : unknown('NOT_COVERED', 'The division table does not cover this code; extend the table or correct the code.');
  }
  const current = records.find(({ validFrom, validTo }) => validFrom <= at && (validTo === null || at < validTo));
  if (current !== undefined) {
    return { kind: 'IN_FORCE', division: current, certain: !inYearOf(at, current.validFrom, current.precision.from) };
  }
  if (first.source === 'SNAPSHOT') {
    return unknown('NO_HISTORY', 'Only the present state of this code is known, not what it meant on that day.');
  }
  if (at < first.validFrom) return { kind: 'NOT_YET_IN_FORCE', division: first, certain: true };
  const ended = records.findLast(({ validTo }) => validTo !== null && validTo <= at) ?? last;
  return { kind: 'ABOLISHED', division: ended, certain: !inYearOf(at, ended.validTo ?? '', ended.precision.to) };
}

/** The beginning of the table is not a change, so nothing is uncertain in 1980. */
function inYearOf(at: string, boundary: string, precision: 'DAY' | 'YEAR'): boolean {
  return precision === 'YEAR' && boundary !== '1980-01-01' && at.slice(0, 4) === boundary.slice(0, 4);
}

function unknown(
  reason: Extract<DivisionAnswer, { kind: 'UNKNOWN' }>['reason'],
  message: string,
): Extract<DivisionAnswer, { kind: 'UNKNOWN' }> {
  return { kind: 'UNKNOWN', reason, message };
}

/** Name on a day, undefined where the code was not in force or is not known. */
export function divisionName(code: string, at: string): string | undefined {
  const answer = divisionAt(code, at);
  return answer.kind === 'IN_FORCE' && code.length === 6 ? answer.division.name : undefined;
}

/**
 * The division above on a day: village → township → county → prefecture → province → null. Counties under no prefecture
 * (those of the municipalities, and cities run by the province directly) belong to the province.
 */
export function parentOf(code: string, at: string): string | null {
  if (code.length === 12 && !code.endsWith('000')) return code.slice(0, 9);
  if (code.length > 6) return code.slice(0, 6);
  if (code.endsWith('0000')) return null;
  if (code.endsWith('00')) return `${code.slice(0, 2)}0000`;
  const prefecture = `${code.slice(0, 4)}00`;
  const known = divisionAt(prefecture, at);
  const exists = known.kind === 'IN_FORCE' || (known.kind === 'UNKNOWN' && known.reason === 'NO_HISTORY');
  return exists ? prefecture : `${code.slice(0, 2)}0000`;
}

/** Counties in force under a prefecture or province on a day, in the order of their codes. */
export function countiesOf(parent: string, at: string): Division[] {
  const prefix = parent.replace(/0{2,4}$/, '');
  return allRecords()
    .filter(({ code, level, validFrom, validTo }) => {
      return level === 'COUNTY' && code.startsWith(prefix) && validFrom <= at && (validTo === null || at < validTo);
    })
    .sort((left, right) => left.code.localeCompare(right.code));
}

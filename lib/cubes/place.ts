import { successorsOf } from '../codes/division-changes.ts';
import { levelOf } from '../codes/division-table.ts';
import { divisionAt, parentOf } from '../codes/divisions.ts';

/** Where the rows of a stored county code count. */
export interface PlaceOfCounty {
  readonly prefecture: string;
  /** Null where the county cannot be told: the rows count for the prefecture alone, as its rest. */
  readonly county: string | null;
}

/**
 * The divisions in force on a day for which rows of a stored county code count. A code that was renamed or went into another as
 * a whole counts there. Of one that was split it cannot be told which row went where: its rows count for the prefecture only,
 * as do those of a code that never was. Undefined for a code of no known prefecture: such rows are in no table.
 */
export function placeOfCounty(code: string, asOf: string): PlaceOfCounty | undefined {
  if (levelOf(code) === 'COUNTY' && code.length === 6) {
    if (isThere(code, asOf)) return { prefecture: parentOf(code, asOf) ?? code, county: code };
    const successors = successorsOf(code, asOf);
    const [only] = successors;
    if (only?.whole && successors.length === 1 && levelOf(only.code) === 'COUNTY')
      return { prefecture: parentOf(only.code, asOf) ?? only.code, county: only.code };
    const above = new Set(successors.map((each) => parentOf(each.code, asOf)));
    const [prefecture] = above;
    if (above.size === 1 && prefecture) return { prefecture, county: null };
  }
  const prefecture = `${code.slice(0, 4)}00`;
  return /^\d{6}$/.test(code) && !prefecture.endsWith('0000') && isThere(prefecture, asOf)
    ? { prefecture, county: null }
    : undefined;
}

/** Whether a code is in force; of those whose past is not known, whether it is there at all. */
export function isThere(code: string, asOf: string): boolean {
  const answer = divisionAt(code, asOf);
  return answer.kind === 'IN_FORCE' || (answer.kind === 'UNKNOWN' && answer.reason === 'NO_HISTORY');
}

/** What is in a division and in none of its parts: rows whose part is not known. It is a cell like others, and never published. */
export function restOf(code: string): string {
  return `${code}+`;
}

export function isRest(place: string): boolean {
  return place.endsWith('+');
}

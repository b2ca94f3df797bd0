import { archiveOpensOn, openingYears } from '../../lib/codes/archive-opening.ts';
import { addDays, addYears } from '../../lib/codes/calendar-date.ts';
import { longestSecrecyYears, type SecrecyLevel, secrecyLevels } from '../../lib/codes/secrecy.ts';

/** A row whose day and level decide who may see it. */
export interface Dated {
  readonly formedOn: string;
  readonly secrecy: string;
}

/** First day on which an item is open to all; null where its level is not of the standard: such an item does not open. */
export function openingDate({ formedOn, secrecy }: Dated): string | null {
  const level = secrecyLevels.find((known) => known === secrecy);
  return level === undefined ? null : archiveOpensOn(formedOn, level);
}

export function isOpen(item: Dated, day: string): boolean {
  const opens = openingDate(item);
  return opens !== null && opens <= day;
}

/** The filter for the items that are open on a day, the same rule as `isOpen`. */
export function openOn(day: string): Record<string, unknown> {
  return reached('formedOn', day, (level) => Math.max(openingYears, longestSecrecyYears.get(level) ?? 0));
}

/**
 * The filter for the rows that are no state secret on a day: those that never were, and those whose longest term has
 * passed. State secrets stand outside data sharing (State Council Order 809, article 3), so that not even their existence
 * is told; a level that is not of the standard counts as one.
 * @param field stored field with the day the row was formed.
 */
export function noSecretOn(field: string, day: string): Record<string, unknown> {
  return reached(field, day, (level) => longestSecrecyYears.get(level));
}

/** Rows for which so many years are complete, by their level; a level without years has nothing to wait for. */
function reached(
  field: string,
  day: string,
  yearsOf: (level: SecrecyLevel) => number | undefined,
): Record<string, unknown> {
  const levels = new Map<number | undefined, SecrecyLevel[]>();
  for (const level of secrecyLevels) levels.set(yearsOf(level), [...(levels.get(yearsOf(level)) ?? []), level]);
  const branches = [...levels].map(([years, of]) => ({
    secrecy: { $in: of },
    ...(years !== undefined && { [field]: { $lte: lastFormed(day, years) } }),
  }));
  return { $or: branches };
}

/** The last day of forming for which the years are complete before `day`: complete on its eve at the latest. */
function lastFormed(day: string, years: number): string {
  const around = addYears(day, -years);
  const isComplete = (formedOn: string): boolean => addYears(formedOn, years) < day;
  // Years begin and end on the same day but for 29 February, so the answer lies within a few days.
  const found = [1, 0, -1, -2].map((days) => addDays(around, days)).find(isComplete);
  return found ?? addDays(around, -3);
}

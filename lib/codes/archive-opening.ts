import { addDays, addYears } from './calendar-date.ts';
import { longestSecrecyYears } from './secrecy.ts';
import type { SecrecyLevel } from './secrecy.ts';

/** Years after which archives open to all (Archives Law 2020, article 27). */
export const openingYears = 25;

/**
 * First day on which an archived item may be open to all: the day after 25 years from its forming are complete, or after
 * the longest term of its secrecy where that is later. The day of forming is not counted and the last day is counted to
 * its end (Civil Code articles 201–203), so an item of 1999-05-20 opens on 2024-05-21.
 *
 * A lower bound: an archive may open items earlier or extend the term; both are the owner's decisions, not computed here.
 */
export function archiveOpensOn(formedOn: string, secrecy: SecrecyLevel): string {
  const years = Math.max(openingYears, longestSecrecyYears.get(secrecy) ?? 0);
  return addDays(addYears(formedOn, years), 1);
}

import { divisionAt } from '../../lib/codes/divisions.ts';
import { today } from '../../lib/today.ts';
import { divisionPrefix } from '../../lib/within-division.ts';

const MOST = 100;

/** What is wrong with a list of division codes. Codes are named by their place: a wrong one may be anything, a person's number too. */
export function checkDivisions(divisions: readonly string[], now: Date): readonly string[] {
  if (divisions.length === 0) return ['divisions: empty. Name the divisions whose rows are needed, such as 532301.'];
  if (divisions.length > MOST) return [`divisions: more than ${MOST}. Name the division above them.`];
  const day = today(now.getTime());
  return divisions.flatMap((code, index) => {
    const place = `divisions[${index}]`;
    if (divisions.indexOf(code) < index) return [`${place}: listed twice. Leave one out.`];
    const answer = divisionAt(code, day);
    switch (answer.kind) {
      case 'IN_FORCE':
        return [];
      case 'UNKNOWN':
        return [`${place}: no known division. ${answer.message}`];
      case 'ABOLISHED':
      case 'NOT_YET_IN_FORCE':
        return [`${place}: not in force today. Give the code of today; rows under its predecessors belong to it.`];
    }
  });
}

/** Whether a division is one of others or lies inside one of them. */
export function isWithin(code: string, divisions: readonly string[]): boolean {
  return divisions.some((outer) => outer === code || code.startsWith(divisionPrefix(outer)));
}

import { countyCodesInScope } from './codes/division-changes.ts';
import { HubError } from './errors.ts';
import { today } from './today.ts';
import { type DivisionFields, divisionPrefix, withinDivision } from './within-division.ts';

const EVERYWHERE = '*';

/**
 * The filter for the rows that exist for a caller: those of the divisions its signed context names. Empty where these are
 * all. Rows kept by county are not shown to a scope finer than a county: which of them belong to it cannot be told.
 */
export function rowScope(divisions: readonly string[], fields: DivisionFields): Record<string, unknown> {
  if (divisions.includes(EVERYWHERE)) return {};
  const known = divisions.filter((code) => code.length === 6 || fields.division !== undefined);
  const listed = known.filter(isListed);
  const others = known.filter((code) => !isListed(code)).map((code) => withinDivision(code, fields));
  const byCounty = { [fields.county]: { $in: [...new Set(listed.flatMap(codesOfRows))].sort() } };
  return others.length === 0 ? byCounty : { $or: [byCounty, ...others] };
}

/** A county or a prefecture; a province has too many counties to list, townships and villages have no counties. */
function isListed(code: string): boolean {
  return code.length === 6 && !code.endsWith('0000');
}

/** What rows of a county or prefecture may bear: its own code, those of its counties and of what these were before. */
function codesOfRows(code: string): string[] {
  return [code, ...countyCodesInScope(code, today())];
}

/** Both filters at once, whatever fields they name. */
export function both(filter: Record<string, unknown>, further: Record<string, unknown>): Record<string, unknown> {
  if (Object.keys(further).length === 0) return filter;
  return Object.keys(filter).length === 0 ? further : { $and: [filter, further] };
}

/**
 * A total over a division is told only to a caller who may read every row behind it: of a part it would be a wrong number.
 * @throws HubError PARTIAL_SCOPE
 */
export function requireWhole(divisions: readonly string[], code: string): void {
  const isCounty = code.length === 6 && !code.endsWith('00');
  const whole = divisions.some((scope) => {
    if (scope === EVERYWHERE || code === scope) return true;
    return isCounty && isListed(scope) ? codesOfRows(scope).includes(code) : code.startsWith(divisionPrefix(scope));
  });
  if (!whole)
    throw new HubError(
      'PARTIAL_SCOPE',
      'Your grants do not cover the whole of this division. Ask for a division inside their scope, or apply for this one.',
    );
}

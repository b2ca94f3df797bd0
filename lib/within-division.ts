import { HubError } from './errors.ts';

export interface DivisionFields {
  /** Stored field with the six-digit county code. */
  readonly county: string;
  /** Stored field with the finest known code, 6, 9 or 12 digits; absent where rows end at the county. */
  readonly division?: string | undefined;
}

/**
 * The filter for the rows of a division: province (53 0000), prefecture (5323 00), county (6 digits), township (9), village (12).
 * Equality where the code allows it, else one range, so that an index serves it.
 * @throws HubError BAD_USER_INPUT for anything else.
 */
export function withinDivision(code: string, fields: DivisionFields): Record<string, unknown> {
  if (!/^(\d{6}|\d{9}|\d{12})$/.test(code))
    throw new HubError(
      'BAD_USER_INPUT',
      'division: not a division code. Give 6 digits (county or above), 9 (township) or 12 (village).',
    );
  if (code.length > 6) {
    if (!fields.division)
      throw new HubError('BAD_USER_INPUT', 'division: these rows are kept by county. Give the first 6 digits.');
    return { [fields.county]: code.slice(0, 6), [fields.division]: range(divisionPrefix(code)) };
  }
  return { [fields.county]: code.endsWith('00') ? range(divisionPrefix(code)) : code };
}

/** The digits with which every code of the division begins: 53 for 530000, 5323 for 532300, 532301101 for 532301101000. */
export function divisionPrefix(code: string): string {
  if (code.length === 6) return code.replace(/(00){1,2}$/, '');
  return code.length === 12 && code.endsWith('000') ? code.slice(0, 9) : code;
}

/** Strings of digits that begin so: ':' is the character after '9'. */
function range(digits: string): Record<string, unknown> {
  return { $gte: digits, $lt: `${digits}:` };
}

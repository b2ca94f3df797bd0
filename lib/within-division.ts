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
    return { [fields.county]: code.slice(0, 6), [fields.division]: prefix(code) };
  }
  if (code.endsWith('0000')) return { [fields.county]: prefix(code.slice(0, 2)) };
  if (code.endsWith('00')) return { [fields.county]: prefix(code.slice(0, 4)) };
  return { [fields.county]: code };
}

/** Strings of digits that begin so: ':' is the character after '9'. */
function prefix(digits: string): Record<string, unknown> {
  return { $gte: digits, $lt: `${digits}:` };
}

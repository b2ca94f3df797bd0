import { parseCalendarDate } from '../../lib/codes/calendar-date.ts';
import { divisionAt } from '../../lib/codes/divisions.ts';
import { invalid, valid } from '../../lib/codes/verdict.ts';
import type { Field, FieldVerdict, ImportContext } from './resource.ts';

/** Builders of fields: how the text of a cell is read, and what is said where it cannot be. */

type Reader = (text: string, context: ImportContext) => FieldVerdict;

export function required(name: string, headers: string, read: Reader): Field {
  return { name, headers: [name, ...headers.split(' ')], required: true, read };
}

export function optional(name: string, headers: string, read: Reader): Field {
  return { name, headers: [name, ...headers.split(' ')], required: false, read };
}

/** Text up to a number of characters, without control characters and without signs of a wrong encoding. */
export function text(longest: number): Reader {
  return (value) => {
    if (/\p{Cc}/u.test(value))
      return invalid('CONTROL_CHARACTER', 'The text holds a control character; remove line breaks and tabs.');
    if (value.length > longest)
      return invalid('TOO_LONG', `The text is longer than ${longest} characters; shorten it.`);
    return valid(value);
  };
}

export function pattern(form: RegExp, message: string): Reader {
  return (value) => (form.test(value) ? valid(value) : invalid('FORMAT', message));
}

/** A code of a list, given as the code or as its name; a name may leave out 族. */
export function code(list: ReadonlyMap<string, string>, title: string): Reader {
  const byName = new Map(
    [...list].flatMap(([key, name]) => [name, name.replace(/族$/, '')].map((form) => [form, key] as const)),
  );
  return (value) => {
    const found = list.has(value) ? value : byName.get(value);
    return found === undefined
      ? invalid('UNKNOWN_CODE', `The value is not in the list ${title}; use a code or a name of it.`)
      : valid(found);
  };
}

/** One of a few words, each with the names it may have in the file. */
export function choice(words: Readonly<Record<string, string>>): Reader {
  const byName = new Map(
    Object.entries(words).flatMap(([word, names]) => [word, ...names.split(' ')].map((name) => [name, word] as const)),
  );
  return (value) => {
    const found = byName.get(value);
    return found === undefined
      ? invalid('UNKNOWN_CODE', `The value is none of ${[...byName.keys()].join(', ')}; use one of these.`)
      : valid(found);
  };
}

/** A day that is not in the future. */
export const pastDate: Reader = (value, { today }) => {
  const date = parseCalendarDate(value);
  if (date.kind === 'VALID' && date.value > today)
    return invalid('IN_THE_FUTURE', 'The date lies in the future; correct it.');
  return date;
};

/**
 * A division code. Codes that are abolished are taken as they are: records keep the code they were made with. Codes that
 * the table does not know are refused, since nobody could later say where the record belongs.
 */
export function division(lengths: readonly number[]): Reader {
  return (value, { today }) => {
    if (!/^\d+$/.test(value) || !lengths.includes(value.length)) {
      return invalid('FORMAT', `A division code here has ${lengths.join(' or ')} digits.`);
    }
    const answer = divisionAt(value, today);
    return answer.kind === 'UNKNOWN' && answer.reason !== 'NO_HISTORY'
      ? invalid(answer.reason, answer.message)
      : valid(value);
  };
}

/** A whole number of 0 or more, and of the 15 digits that survive every conversion. */
export const wholeNumber: Reader = (value) =>
  /^\d{1,15}$/.test(value)
    ? valid(Number(value))
    : invalid('FORMAT', 'The value is not a whole number; write digits only.');

export const decimalNumber: Reader = (value) =>
  /^-?\d{1,15}(\.\d{1,10})?$/.test(value)
    ? valid(Number(value))
    : invalid('FORMAT', 'The value is not a number; write digits and a decimal point, without separators and units.');

/**
 * Money given in a larger unit with decimals, as a whole number of fen. Exact: the decimals are moved as text, since
 * 0.29 × 100 is not 29 in binary fractions. `places` is 2 for yuan, 6 for ten thousand yuan.
 */
export function money(places: number): Reader {
  return (value) => {
    const match = /^(\d{1,15})(?:\.(\d+))?$/.exec(value);
    if (match === null)
      return invalid(
        'FORMAT',
        'The amount is not a number; write digits and a decimal point, without separators and units.',
      );
    const [, whole = '', decimals = ''] = match;
    if (decimals.length > places)
      return invalid('TOO_FINE', `The amount is finer than one fen; give at most ${places} decimals.`);
    const fen = Number(whole + decimals.padEnd(places, '0'));
    return Number.isSafeInteger(fen)
      ? valid(fen)
      : invalid('TOO_LARGE', 'The amount is larger than the hub can keep exactly; check the unit.');
  };
}

export const personRef = pattern(
  /^[0-9a-f]{32}$/,
  'A person reference has 32 hexadecimal digits; use the reference of the population register.',
);

export const phone = pattern(
  /^(1[3-9]\d{9}|0\d{2,3}-?\d{7,8})$/,
  'The phone number is neither a mobile number of 11 digits nor a fixed line with its area code.',
);

/** Instant with a time zone, kept as a date object. */
export const instant: Reader = (value, { today }) => {
  if (
    !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(value) ||
    Number.isNaN(Date.parse(value))
  ) {
    return invalid('FORMAT', 'The time is not readable; write it as 2025-01-31T08:00:00+08:00.');
  }
  if (new Date(value).toISOString().slice(0, 10) > today)
    return invalid('IN_THE_FUTURE', 'The time lies in the future; correct it.');
  return valid(new Date(value));
};

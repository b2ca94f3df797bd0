/** Expressions over text. Positions count characters (code points), or bytes where the operator says so. */
import { badValue, typeMismatch } from '../errors.ts';
import { compilePattern } from '../queries/pattern.ts';
import { toNumber } from '../values/numbers.ts';
import { isNumeric, textOf } from '../values/order.ts';
import { typeNames } from '../values/type-names.ts';
import { isMissing, ofNamed, ofPresent, ofValues, type Operators } from './evaluate.ts';

function text(value: unknown, name: string): string {
  if (typeof value !== 'string')
    throw typeMismatch(`${name} requires a string argument, found: ${typeNames(value)[0] ?? 'missing'}`);
  return value;
}
/** Numbers and dates count as their text for the few operators that MongoDB lets take them; null as nothing. */
function loose(value: unknown): string {
  if (isMissing(value)) return '';
  return value instanceof Date ? value.toISOString() : isNumeric(value) ? String(toNumber(value)) : textOf(value);
}
const at = (value: unknown): number => toNumber(value);

function substringBytes([value, from, length]: readonly unknown[]): string {
  const bytes = Buffer.from(loose(value));
  const start = at(from);
  const end = at(length) < 0 ? bytes.length : start + at(length);
  if (start < 0) throw badValue('$substrBytes: the starting index must be non-negative');
  const inMiddle = (position: number): boolean => ((bytes[position] ?? 0) & 0xc0) === 0x80;
  if (inMiddle(start) || inMiddle(end))
    throw badValue('$substrBytes: the range starts or ends in the middle of a character');
  return bytes.toString('utf8', start, end);
}

function trimmer(name: string, sides: { readonly left: boolean; readonly right: boolean }): Operators {
  const run = ({ input, chars }: Readonly<Record<string, unknown>>): unknown => {
    if (isMissing(input) || chars === null) return null;
    const characters = Array.from(text(input, name));
    const doomed = chars === undefined ? undefined : new Set(text(chars, name));
    const isDoomed = (character = 'x'): boolean => doomed?.has(character) ?? /[\s\0]/.test(character);
    let start = 0;
    let end = characters.length;
    if (sides.left) while (start < end && isDoomed(characters[start])) start++;
    if (sides.right) while (end > start && isDoomed(characters[end - 1])) end--;
    return characters.slice(start, end).join('');
  };
  return { [name]: ofNamed(['input'], ['chars'], run) };
}

function indexOf([value, find, from = 0, to]: readonly unknown[], name: string): number | null {
  if (isMissing(value)) return null;
  const characters = Array.from(text(value, name)).slice(0, to === undefined ? undefined : at(to));
  const before = characters.slice(0, at(from)).join('').length;
  const found = characters.join('').indexOf(text(find, name), before);
  return found < 0 || at(from) > characters.length ? -1 : Array.from(characters.join('').slice(0, found)).length;
}

const replacer = (name: string, run: (input: string, find: string, by: string) => string): Operators => ({
  [name]: ofNamed(['input', 'find', 'replacement'], [], ({ input, find, replacement }) =>
    [input, find, replacement].some(isMissing)
      ? null
      : run(text(input, name), text(find, name), text(replacement, name)),
  ),
});

function find(input: unknown, regex: unknown, options: unknown): Record<string, unknown> | null {
  if (isMissing(input)) return null;
  const found = compilePattern(regex, options ?? undefined).exec(text(input, '$regexFind'));
  if (!found) return null;
  const [match, ...captures] = found;
  return {
    match,
    idx: Array.from(found.input.slice(0, found.index)).length,
    captures: captures.map((part: string | undefined) => part ?? null),
  };
}

export const STRINGS: Operators = {
  $concat: ofPresent(0, Infinity, (values) => values.map((value) => text(value, '$concat')).join('')),
  $toUpper: ofValues(1, 1, ([value]) => loose(value).replace(/[a-z]/g, (letter) => letter.toUpperCase())),
  $toLower: ofValues(1, 1, ([value]) => loose(value).replace(/[A-Z]/g, (letter) => letter.toLowerCase())),
  $strcasecmp: ofValues(2, 2, ([a, b]) => {
    const [x, y] = [loose(a).toUpperCase(), loose(b).toUpperCase()];
    return x < y ? -1 : Number(x > y);
  }),
  $substrCP: ofValues(3, 3, ([value, from, length]) =>
    Array.from(loose(value))
      .slice(at(from), at(from) + at(length))
      .join(''),
  ),
  $substrBytes: ofValues(3, 3, substringBytes),
  $substr: ofValues(3, 3, substringBytes),
  $strLenCP: ofValues(1, 1, ([value]) => Array.from(text(value, '$strLenCP')).length),
  $strLenBytes: ofValues(1, 1, ([value]) => Buffer.byteLength(text(value, '$strLenBytes'))),
  $split: ofPresent(2, 2, ([value, separator]) => text(value, '$split').split(text(separator, '$split'))),
  $indexOfCP: ofValues(2, 4, (values) => indexOf(values, '$indexOfCP')),
  $regexMatch: ofNamed(['input', 'regex'], ['options'], ({ input, regex, options }) =>
    isMissing(input) ? false : compilePattern(regex, options ?? undefined).test(text(input, '$regexMatch')),
  ),
  $regexFind: ofNamed(['input', 'regex'], ['options'], ({ input, regex, options }) => find(input, regex, options)),
  ...trimmer('$trim', { left: true, right: true }),
  ...trimmer('$ltrim', { left: true, right: false }),
  ...trimmer('$rtrim', { left: false, right: true }),
  ...replacer('$replaceAll', (input, wanted, by) => input.replaceAll(wanted, () => by)),
  ...replacer('$replaceOne', (input, wanted, by) => input.replace(wanted, () => by)),
};

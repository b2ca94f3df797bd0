/** The ranges of one field's index keys that hold every value its conditions let through. */
import type { Document } from '../values/document.ts';
import { isDocument } from '../values/document.ts';
import { after, encodeValue, inverted, LONGEST_TEXT } from '../values/key-encoder.ts';
import { rankOf, RANK } from '../values/order.ts';
import { isIndexable } from './conditions.ts';
import { isPattern } from './pattern.ts';

/** `exact` when every key between them has a value that the conditions let through. */
export type Bounds = { readonly low: Buffer; readonly high: Buffer; readonly exact: boolean };
type Half = { readonly low?: Buffer; readonly high?: Buffer; readonly rank: number; readonly exact: boolean };

/** The values a field must be equal to one of, if its conditions say so. */
export function equalTo(conditions: readonly Document[]): readonly unknown[] | undefined {
  let fewest: readonly unknown[] | undefined;
  for (const condition of conditions) {
    const values = valuesOf(condition);
    if (values && (!fewest || values.length < fewest.length)) fewest = values;
  }
  return fewest;
}
function valuesOf(condition: Document): readonly unknown[] | undefined {
  if ('$eq' in condition && isIndexable(condition['$eq'])) return [condition['$eq']];
  const list = condition['$in'];
  return Array.isArray(list) && list.every(isIndexable) ? (list as unknown[]) : undefined;
}

/**
 * One range that all the comparisons of a field allow. With several values of a document in the index, two bounds may hold
 * for two different ones, so only the first counts, unless both stand in one `$elemMatch`.
 */
export function boundsOf(
  conditions: readonly Document[],
  options: { descending: boolean; multikey: boolean },
): Bounds | undefined {
  let low: Buffer | undefined;
  let high: Buffer | undefined;
  let rank: number | undefined;
  let exact = true;
  const narrow = (bounds: Half): void => {
    exact &&= bounds.exact && (rank === undefined || rank === bounds.rank);
    if (rank !== undefined && (options.multikey || rank !== bounds.rank)) return;
    rank = bounds.rank;
    if (bounds.low && (!low || Buffer.compare(bounds.low, low) > 0)) low = bounds.low;
    if (bounds.high && (!high || Buffer.compare(bounds.high, high) < 0)) high = bounds.high;
  };
  for (const condition of conditions.flatMap(withElementConditions)) {
    for (const [operator, value] of Object.entries(condition)) {
      const bounds =
        operator === '$regex' ? prefixBounds(value, condition['$options']) : comparisonBounds(operator, value);
      if (bounds) narrow(bounds);
      else exact = false;
    }
  }
  if (rank === undefined) return undefined;
  low ??= Buffer.from([rank]);
  high ??= Buffer.from([rank + 1]);
  // NaN lies below all numbers, but no comparison lets it through.
  exact &&= rank !== RANK.number;
  return options.descending ? { low: mirror(high), high: mirror(low), exact } : { low, high, exact };
}

/** `{ $elemMatch: { $gt: 1 } }` on an array of plain values says of one of them what `{ $gt: 1 }` says. */
function withElementConditions(condition: Document): Document[] {
  const inner = condition['$elemMatch'];
  return isDocument(inner) ? [condition, inner] : [condition];
}

function comparisonBounds(operator: string, value: unknown): Half | undefined {
  if (!['$gt', '$gte', '$lt', '$lte'].includes(operator) || !isIndexable(value) || isDocument(value) || value === null)
    return undefined;
  const rank = rankOf(value);
  // The key of a longer text is cut: what is equal in it so far may lie on either side.
  const long = typeof value === 'string' && Buffer.byteLength(value) > LONGEST_TEXT;
  const key = long
    ? Buffer.concat([Buffer.from([rank]), Buffer.from(value).subarray(0, LONGEST_TEXT)])
    : encodeValue(value);
  switch (operator) {
    case '$gt':
      return { low: long ? key : after(key), rank, exact: !long };
    case '$gte':
      return { low: key, rank, exact: !long };
    case '$lt':
      return { high: long ? after(key) : key, rank, exact: !long };
    default:
      return { high: after(key), rank, exact: !long };
  }
}

/** `/^text/` is a range; anything a plain prefix does not express is left to the filter. */
function prefixBounds(pattern: unknown, options: unknown): Half | undefined {
  const source = isPattern(pattern) ? pattern.pattern : String(pattern);
  const flags = typeof options === 'string' ? options : isPattern(pattern) ? pattern.options : '';
  const [, prefix, next = ''] = /^\^([\p{L}\p{N} _@:-]+)(.?)/u.exec(source) ?? [];
  if (prefix === undefined || /[imx]/.test(flags) || source.includes('|') || Buffer.byteLength(prefix) > LONGEST_TEXT)
    return undefined;
  const sure = '*?{'.includes(next) && next !== '' ? Array.from(prefix).slice(0, -1).join('') : prefix;
  if (sure === '') return undefined;
  const low = Buffer.concat([Buffer.from([RANK.string]), Buffer.from(sure)]);
  return { low, high: after(low), rank: RANK.string, exact: false };
}

/** The descending image of an ascending bound: where keys below the bound are at or above its image. */
const mirror = (bound: Buffer): Buffer => after(inverted(bound));

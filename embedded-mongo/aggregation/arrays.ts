/** Expressions over arrays and sets. */
import { badValue, CommandError, typeMismatch } from '../errors.ts';
import { sortDocuments } from '../queries/sort.ts';
import { isDocument } from '../values/document.ts';
import { keyOf } from '../values/key-encoder.ts';
import { toNumber } from '../values/numbers.ts';
import { compareValues, equal, isNumeric } from '../values/order.ts';
import { typeNames } from '../values/type-names.ts';
import { sum } from './arithmetic.ts';
import { isMissing, namedArguments, ofNamed, ofPresent, ofValues, type Operator, type Operators } from './evaluate.ts';
import { truthy } from './truth.ts';

function list(value: unknown, name: string): readonly unknown[] {
  if (!Array.isArray(value))
    throw typeMismatch(`the argument of ${name} must be an array, but is ${typeNames(value)[0] ?? 'missing'}`);
  return value as unknown[];
}

/** `{ input, as, in }` and its like: runs an expression for each item of an array, the item being a variable. */
const forEach =
  (
    inner: string,
    optional: readonly string[],
    run: (items: readonly unknown[], test: (item: unknown) => unknown, limit: unknown) => unknown,
  ): Operator =>
  (argument, compile, name) => {
    const given = namedArguments(argument, name, ['input', inner], ['as', ...optional]);
    const as = given['as'] ?? 'this';
    if (typeof as !== 'string') throw badValue(`'as' of ${name} must be a string`);
    const input = compile(given['input']);
    const limit = 'limit' in given ? compile(given['limit']) : undefined;
    const body = compile(given[inner], [as]);
    return (scope) => {
      const items = input(scope);
      if (isMissing(items)) return null;
      const each = (item: unknown): unknown => body({ ...scope, variables: { ...scope.variables, [as]: item } });
      return run(list(items, name), each, limit?.(scope));
    };
  };

const fold: Operator = (argument, compile, name) => {
  const given = namedArguments(argument, name, ['input', 'initialValue', 'in']);
  const input = compile(given['input']);
  const initial = compile(given['initialValue']);
  const body = compile(given['in'], ['this', 'value']);
  return (scope) => {
    const items = input(scope);
    if (isMissing(items)) return null;
    return list(items, name).reduce<unknown>(
      (value, item) => body({ ...scope, variables: { ...scope.variables, this: item, value } }),
      initial(scope),
    );
  };
};

function slice([value, first, second]: readonly unknown[]): unknown {
  const items = list(value, '$slice');
  const [from, count] = second === undefined ? [undefined, toNumber(first)] : [toNumber(first), toNumber(second)];
  if (from === undefined) return count < 0 ? items.slice(count) : items.slice(0, count);
  if (count <= 0) throw badValue('the third argument of $slice must be greater than 0');
  const start = from < 0 ? Math.max(0, items.length + from) : from;
  return items.slice(start, start + count);
}

function range([start, end, step = 1]: readonly unknown[]): number[] {
  const [from, to, by] = [toNumber(start), toNumber(end), toNumber(step)];
  if (by === 0) throw badValue('$range requires a non-zero step value');
  return Array.from({ length: Math.max(0, Math.ceil((to - from) / by)) }, (_, i) => from + i * by);
}

const distinct = (items: readonly unknown[]): unknown[] => [
  ...new Map(items.map((item) => [keyOf(item), item])).values(),
];
const sets = (run: (a: readonly unknown[], b: readonly unknown[]) => unknown): Operator =>
  ofPresent(2, 2, ([a, b]) => run(list(a, 'a set operator'), list(b, 'a set operator')));
const within = (items: readonly unknown[]): ((item: unknown) => boolean) => {
  const keys = new Set(items.map(keyOf));
  return (item) => keys.has(keyOf(item));
};

/** `$sum`, `$avg`, `$min` and `$max` standing in an expression: over their arguments, or over the one array they are given. */
const over = (run: (values: readonly unknown[]) => unknown): Operator =>
  ofValues(0, Infinity, (values) =>
    run(values.length === 1 && Array.isArray(values[0]) ? (values[0] as unknown[]) : values),
  );

export const total = (values: readonly unknown[]): unknown => values.filter(isNumeric).reduce(sum, 0);
export function average(values: readonly unknown[]): number | null {
  const numbers = values.filter(isNumeric);
  return numbers.length === 0 ? null : toNumber(total(numbers)) / numbers.length;
}
export const extreme = (values: readonly unknown[], sign: 1 | -1): unknown =>
  values
    .filter((value) => !isMissing(value))
    .reduce<unknown>((best, value) => (best === null || compareValues(value, best) * sign > 0 ? value : best), null);

export const ARRAYS: Operators = {
  $sum: over(total),
  $avg: over(average),
  $min: over((values) => extreme(values, -1)),
  $max: over((values) => extreme(values, 1)),
  $size: ofValues(1, 1, ([value]) => {
    if (!Array.isArray(value))
      throw new CommandError(
        17124,
        'Location17124',
        `The argument to $size must be an array, but was of type: ${typeNames(value)[0] ?? 'missing'}`,
      );
    return value.length;
  }),
  $isArray: ofValues(1, 1, ([value]) => Array.isArray(value)),
  $arrayElemAt: ofPresent(2, 2, ([value, position]) => list(value, '$arrayElemAt').at(toNumber(position))),
  $first: ofPresent(1, 1, ([value]) => list(value, '$first').at(0)),
  $last: ofPresent(1, 1, ([value]) => list(value, '$last').at(-1)),
  $slice: ofPresent(2, 3, slice),
  $concatArrays: ofPresent(0, Infinity, (values) => values.flatMap((value) => list(value, '$concatArrays'))),
  $reverseArray: ofPresent(1, 1, ([value]) => [...list(value, '$reverseArray')].reverse()),
  $indexOfArray: ofPresent(2, 2, ([value, wanted]) =>
    list(value, '$indexOfArray').findIndex((item) => equal(item, wanted)),
  ),
  $range: ofValues(2, 3, range),
  $filter: forEach('cond', ['limit'], (items, test, limit) => {
    const kept = items.filter((item) => truthy(test(item)));
    return isMissing(limit) ? kept : kept.slice(0, toNumber(limit));
  }),
  $map: forEach('in', [], (items, each) => items.map((item) => each(item) ?? null)),
  $reduce: fold,
  $sortArray: (argument, compile, name) => {
    const { input, sortBy } = namedArguments(argument, name, ['input', 'sortBy']);
    const items = compile(input);
    return (scope) => {
      const value = items(scope);
      if (isMissing(value)) return null;
      const sorted = [...list(value, name)];
      if (isDocument(sortBy)) return sortDocuments(sorted, sortBy, (item) => item);
      return sorted.sort((a, b) => compareValues(a, b) * toNumber(sortBy));
    };
  },
  $zip: ofNamed(['inputs'], ['useLongestLength'], ({ inputs, useLongestLength }) => {
    if (isMissing(inputs)) return null;
    const rows = list(inputs, '$zip').map((row) => list(row, '$zip'));
    const lengths = rows.map((row) => row.length);
    const length = truthy(useLongestLength) ? Math.max(...lengths) : Math.min(...lengths);
    return Array.from({ length }, (_, i) => rows.map((row) => row[i] ?? null));
  }),
  $setUnion: ofPresent(0, Infinity, (values) => distinct(values.flatMap((value) => list(value, '$setUnion')))),
  $setIntersection: sets((a, b) => distinct(a.filter(within(b)))),
  $setDifference: sets((a, b) => {
    const isInB = within(b);
    return distinct(a.filter((item) => !isInB(item)));
  }),
  $setEquals: sets((a, b) => a.every(within(b)) && b.every(within(a))),
  $setIsSubset: sets((a, b) => a.every(within(b))),
  $anyElementTrue: ofValues(1, 1, ([value]) => list(value, '$anyElementTrue').some(truthy)),
  $allElementsTrue: ofValues(1, 1, ([value]) => list(value, '$allElementsTrue').every(truthy)),
};

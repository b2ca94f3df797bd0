/** The operators of an update. Numbers come as BSON types, so that an int stays an int and a long a long. */
import { Int32, Long, Timestamp } from 'bson';

import { badValue, typeMismatch } from '../errors.ts';
import { isDocument, isOperators } from '../values/document.ts';
import { add, multiply, toBigInt, toNumber } from '../values/numbers.ts';
import { compareValues, equal, isNumeric } from '../values/order.ts';
import { typeNames } from '../values/type-names.ts';
import { compileFilter } from './filter.ts';
import { compileOperators } from './filter-operators.ts';
import { isPattern, patternTest } from './pattern.ts';
import { sortDocuments } from './sort.ts';
import type { Change, Place } from './update-paths.ts';

type Operator = {
  /** Missing fields on the way are made. */
  readonly create: boolean;
  readonly change: (argument: unknown) => Change;
};

export const UPDATE_OPERATORS: Readonly<Record<string, Operator>> = {
  $set: { create: true, change: (value) => (place) => place.set(value) },
  $unset: { create: false, change: () => (place) => place.remove() },
  $inc: { create: true, change: (by) => calculation('$inc', by, add, by) },
  $mul: {
    create: true,
    change: (by) => calculation('$mul', by, multiply, multiply(numeric('$mul', by), new Int32(0))),
  },
  $min: { create: true, change: (value) => (place) => keep(place, value, -1) },
  $max: { create: true, change: (value) => (place) => keep(place, value, 1) },
  $currentDate: { create: true, change: (type) => (place) => place.set(now(type)) },
  $push: { create: true, change: push },
  $addToSet: { create: true, change: addToSet },
  $pop: {
    create: false,
    change: (end) => (place) => {
      const items = arrayAt(place, '$pop');
      if (!items) return;
      if (toNumber(end) < 0) items.shift();
      else items.pop();
    },
  },
  $pull: { create: false, change: (condition) => without('$pull', pulls(condition)) },
  $pullAll: {
    create: false,
    change: (values) => {
      if (!Array.isArray(values)) throw badValue('$pullAll requires an array argument');
      return without('$pullAll', (item) => (values as unknown[]).some((value) => equal(value, item)));
    },
  },
  $bit: { create: true, change: bitwise },
};

function numeric(name: string, value: unknown): unknown {
  if (isNumeric(value)) return value;
  throw typeMismatch(
    `Cannot ${name === '$inc' ? 'increment' : 'multiply'} with non-numeric argument of type ${typeNames(value)[0] ?? 'missing'}`,
  );
}

function calculation(
  name: string,
  by: unknown,
  run: (a: unknown, b: unknown) => unknown,
  fromNothing: unknown,
): Change {
  numeric(name, by);
  return (place) => {
    const value = place.get();
    if (value !== undefined && !isNumeric(value)) {
      throw typeMismatch(
        `Cannot apply ${name} to a value of non-numeric type. The field '${place.name}' has type ${typeNames(value)[0] ?? 'missing'}`,
      );
    }
    place.set(value === undefined ? fromNothing : run(value, by));
  };
}

function keep(place: Place, value: unknown, sign: 1 | -1): void {
  const present = place.get();
  if (present === undefined || compareValues(value, present) * sign > 0) place.set(value);
}

function now(type: unknown): Date | Timestamp {
  const wanted = isDocument(type) ? type['$type'] : type;
  if (wanted === true || wanted === 'date') return new Date();
  if (wanted === 'timestamp') return new Timestamp({ t: Math.floor(Date.now() / 1000), i: 1 });
  throw badValue("$currentDate takes true, { $type: 'date' } or { $type: 'timestamp' }");
}

function arrayAt(place: Place, operator: string): unknown[] | undefined {
  const value = place.get();
  if (value === undefined) return undefined;
  if (Array.isArray(value)) return value as unknown[];
  throw badValue(
    `The field '${place.name}' must be an array but is of type ${typeNames(value)[0] ?? 'missing'} (${operator})`,
  );
}

function push(argument: unknown): Change {
  const modifiers = isDocument(argument) && '$each' in argument ? argument : { $each: [argument] };
  for (const name of Object.keys(modifiers)) {
    if (!['$each', '$position', '$slice', '$sort'].includes(name))
      throw badValue(`Unrecognized clause in $push: ${name}`);
  }
  const { $each: each, $position: position, $slice: slice, $sort: sort } = modifiers;
  if (!Array.isArray(each)) throw badValue('The argument to $each in $push must be an array');
  return (place) => {
    const items = [...(arrayAt(place, '$push') ?? [])];
    items.splice(position === undefined ? items.length : toNumber(position), 0, ...(each as unknown[]));
    const sorted = sort === undefined ? items : sortedItems(items, sort);
    place.set(
      slice === undefined
        ? sorted
        : toNumber(slice) < 0
          ? sorted.slice(toNumber(slice))
          : sorted.slice(0, toNumber(slice)),
    );
  };
}
function sortedItems(items: unknown[], sort: unknown): unknown[] {
  if (isDocument(sort)) return sortDocuments(items, sort, (item) => item);
  const sign = toNumber(sort);
  return items.sort((a, b) => compareValues(a, b) * sign);
}

function addToSet(argument: unknown): Change {
  const many = isDocument(argument) && '$each' in argument ? argument['$each'] : [argument];
  if (!Array.isArray(many)) throw badValue('The argument to $each in $addToSet must be an array');
  return (place) => {
    const items = arrayAt(place, '$addToSet');
    const added = items ?? [];
    for (const value of many as unknown[]) if (!added.some((item) => equal(item, value))) added.push(value);
    if (!items) place.set(added);
  };
}

const without =
  (operator: string, isDoomed: (item: unknown) => boolean): Change =>
  (place) => {
    const items = arrayAt(place, operator);
    if (items) place.set(items.filter((item) => !isDoomed(item)));
  };

/** A document among the items is pulled by a filter on its fields, anything else by operators or by being equal. */
function pulls(condition: unknown): (item: unknown) => boolean {
  if (isPattern(condition)) return patternTest(condition);
  if (!isDocument(condition)) return (item) => equal(item, condition);
  const [first = ''] = Object.keys(condition);
  if (isOperators(condition) && !['$and', '$or', '$nor'].includes(first)) {
    const test = compileOperators(condition, compileFilter);
    return (item) => test([item]);
  }
  const test = compileFilter(condition);
  return (item) => isDocument(item) && test(item);
}

function bitwise(argument: unknown): Change {
  if (!isDocument(argument)) throw badValue('$bit needs an object of and, or or xor');
  const steps = Object.entries(argument).map(([name, by]) => {
    if (!['and', 'or', 'xor'].includes(name) || !isNumeric(by))
      throw badValue(`$bit needs and, or or xor with an integer, not '${name}'`);
    return { name, by: toBigInt(by) };
  });
  return (place) => {
    const present = place.get();
    if (present !== undefined && !isNumeric(present))
      throw badValue(`Cannot apply $bit to the field '${place.name}', which is not an integer`);
    let bits = present === undefined ? 0n : toBigInt(present);
    for (const { name, by } of steps) bits = name === 'and' ? bits & by : name === 'or' ? bits | by : bits ^ by;
    place.set(
      !(present instanceof Long) && BigInt.asIntN(32, bits) === bits ? new Int32(Number(bits)) : Long.fromBigInt(bits),
    );
  };
}

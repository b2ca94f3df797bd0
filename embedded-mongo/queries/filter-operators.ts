/** The operators of a filter, each a test of what a path finds. */
import { BSONRegExp } from 'bson';
import type { Geometry } from 'geojson';

import { badValue, unsupported } from '../errors.ts';
import { type Document, isDocument, isOperators } from '../values/document.ts';
import { keyOf } from '../values/key-encoder.ts';
import { toBigInt, toNumber } from '../values/numbers.ts';
import { bytesOf, compareValues, equal, isNumeric, RANK, rankOf } from '../values/order.ts';
import { KNOWN_TYPES, typeNames } from '../values/type-names.ts';
import { geometryOf, geoTest } from './geometry.ts';
import { isPattern, patternTest } from './pattern.ts';

export type Test = (document: unknown) => boolean;

type Values = readonly unknown[];
type Compile = (filter: unknown) => Test;
type ValueTest = (value: unknown) => boolean;

/** `{ a: 5 }` says `{ a: { $eq: 5 } }`, and a pattern stands for `$regex`. */
export function asOperators(condition: unknown): Document {
  if (isOperators(condition)) return condition;
  return condition instanceof BSONRegExp ? { $regex: condition } : { $eq: condition };
}

/** The test that an object of operators stands for. */
export function compileOperators(operators: Document, compile: Compile): (values: Values) => boolean {
  const tests = Object.entries(operators)
    .filter(([name]) => name !== '$options' && name !== '$comment')
    .map(([name, argument]) => one(name, argument, operators, compile));
  const [first] = tests;
  return first && tests.length === 1 ? first : (values) => tests.every((test) => test(values));
}

function one(name: string, argument: unknown, siblings: Document, compile: Compile): (values: Values) => boolean {
  const onValue = VALUE[name];
  if (onValue) {
    const test = onValue(argument, siblings);
    return (values) => some(values, test);
  }
  const onPath = PATH[name];
  if (onPath) return onPath(argument, compile);
  if (REFUSED.has(name)) throw unsupported(`the filter operator ${name}`);
  throw badValue(`unknown operator: ${name}`);
}

const REFUSED = new Set([
  '$near',
  '$nearSphere',
  '$within',
  '$maxDistance',
  '$minDistance',
  '$where',
  '$text',
  '$expr',
  '$jsonSchema',
]);

/** A path passes when a value there does or, that being an array, when some item does. */
const some = (values: Values, test: ValueTest): boolean =>
  values.some((value) => test(value) || (Array.isArray(value) && (value as unknown[]).some(test)));

const VALUE: Readonly<Record<string, (argument: unknown, siblings: Document) => ValueTest>> = {
  $eq: (argument) => equals(argument),
  $gt: (argument) => ordered(argument, (order) => order > 0),
  $gte: (argument) => (argument === null ? isNothing : ordered(argument, (order) => order >= 0)),
  $lt: (argument) => ordered(argument, (order) => order < 0),
  $lte: (argument) => (argument === null ? isNothing : ordered(argument, (order) => order <= 0)),
  $in: (argument) => isOneOf(argument),
  $regex: (argument, { $options }) => patternTest(argument, $options),
  $mod: (argument) => {
    const [divisor, remainder] = Array.isArray(argument) ? (argument as unknown[]).map(toNumber) : [];
    if (divisor === undefined || remainder === undefined || divisor === 0)
      throw badValue('$mod needs a divisor and a remainder');
    return (value) => isNumeric(value) && Math.trunc(toNumber(value)) % Math.trunc(divisor) === Math.trunc(remainder);
  },
  $bitsAllSet: (argument) => bits(argument, (set, mask) => (set & mask) === mask),
  $bitsAnySet: (argument) => bits(argument, (set, mask) => (set & mask) !== 0n),
  $bitsAllClear: (argument) => bits(argument, (set, mask) => (set & mask) === 0n),
  $bitsAnyClear: (argument) => bits(argument, (set, mask) => (set & mask) !== mask),
};

const PATH: Readonly<Record<string, (argument: unknown, compile: Compile) => (values: Values) => boolean>> = {
  $exists: (argument) => {
    const wanted = argument === true || (isNumeric(argument) && toNumber(argument) !== 0);
    return (values) => values.some((value) => value !== undefined) === wanted;
  },
  $size: (argument) => {
    if (!isNumeric(argument) || toNumber(argument) < 0) throw badValue('$size needs a number of at least 0');
    return (values) => values.some((value) => Array.isArray(value) && value.length === toNumber(argument));
  },
  $type: (argument) => {
    const wanted = (Array.isArray(argument) ? (argument as unknown[]) : [argument]).map(String);
    for (const name of wanted) if (!KNOWN_TYPES.has(name)) throw badValue(`unknown type name or number: ${name}`);
    return (values) => some(values, (value) => typeNames(value).some((name) => wanted.includes(name)));
  },
  $all: (argument, compile) => {
    if (!Array.isArray(argument)) throw badValue('$all needs an array');
    const tests = (argument as unknown[]).map((item) =>
      compileOperators(
        isDocument(item) && '$elemMatch' in item ? item : asOperators(isOperators(item) ? { $eq: item } : item),
        compile,
      ),
    );
    return (values) => tests.length > 0 && tests.every((test) => test(values));
  },
  $elemMatch: (argument, compile) => {
    if (!isDocument(argument)) throw badValue('$elemMatch needs an object');
    const test = elementTest(argument, compile);
    return (values) => values.some((value) => Array.isArray(value) && (value as unknown[]).some(test));
  },
  $not: (argument, compile) => {
    if (!isOperators(argument) && !isPattern(argument)) throw badValue('$not needs a regex or a document of operators');
    const test = compileOperators(asOperators(argument), compile);
    return (values) => !test(values);
  },
  $ne: (argument) => {
    if (isPattern(argument)) throw badValue("Can't have regex as arg to $ne");
    const test = equals(argument);
    return (values) => !some(values, test);
  },
  $nin: (argument) => {
    const test = isOneOf(argument, '$nin');
    return (values) => !some(values, test);
  },
  $geoWithin: (argument) => geo(geoTest('$geoWithin', argument).matches),
  $geoIntersects: (argument) => geo(geoTest('$geoIntersects', argument).matches),
};

/** The test of one item of an array, as in `$elemMatch`: operators test the item itself, fields its fields. */
export function elementTest(condition: Document, compile: Compile): ValueTest {
  const [first] = Object.keys(condition);
  if (isOperators(condition) && first !== '$and' && first !== '$or' && first !== '$nor') {
    const test = compileOperators(condition, compile);
    return (item) => test([item]);
  }
  const test = compile(condition);
  return (item) => (isDocument(item) || Array.isArray(item)) && test(item);
}

const isNothing: ValueTest = (value) => value === null || value === undefined;

function equals(argument: unknown): ValueTest {
  if (argument === null || argument === undefined) return isNothing;
  return (value) => equal(value, argument);
}

function ordered(argument: unknown, accepts: (order: number) => boolean): ValueTest {
  if (isPattern(argument)) throw badValue("Can't have a regex as arg to a comparison");
  const rank = rankOf(argument);
  const isNaN = rank === RANK.number && Number.isNaN(toNumber(argument));
  return (value) => {
    if (rankOf(value) !== rank || value === undefined) return false;
    if (rank === RANK.number && Number.isNaN(toNumber(value)) !== isNaN) return false;
    return accepts(compareValues(value, argument));
  };
}

/** From this many values on, a set of keys is quicker than comparing one after the other. */
const MANY = 8;

function isOneOf(argument: unknown, name = '$in'): ValueTest {
  if (!Array.isArray(argument)) throw badValue(`${name} needs an array`);
  const wanted: unknown[] = argument;
  if (wanted.some(isOperators)) throw badValue(`cannot nest $ under ${name}`);
  const patterns = wanted.filter(isPattern).map((pattern) => patternTest(pattern));
  const plain = wanted.filter((value) => !(value instanceof BSONRegExp));
  if (plain.length <= MANY) {
    const tests = [...plain.map(equals), ...patterns];
    return (value) => tests.some((test) => test(value));
  }
  const keys = new Set(plain.map(keyOf));
  return (value) => keys.has(keyOf(value)) || patterns.some((test) => test(value));
}

/** Beyond 63 bits only bytes reach; this many are looked at. */
const WIDEST_MASK = 1024;

function bits(argument: unknown, accepts: (set: bigint, mask: bigint) => boolean): ValueTest {
  const mask = Array.isArray(argument)
    ? (argument as unknown[]).reduce<bigint>((sum, bit) => sum | (1n << BigInt(toNumber(bit))), 0n)
    : bitsOf(argument);
  if (mask === undefined) throw badValue('a bit mask must be a number, binary data or an array of positions');
  return (value) => {
    const set = bitsOf(value);
    return set !== undefined && accepts(set, mask);
  };
}

function bitsOf(value: unknown): bigint | undefined {
  if (rankOf(value) === RANK.binary) {
    return bytesOf(value).reduce<bigint>((sum, byte, i) => sum | (BigInt(byte) << BigInt(i * 8)), 0n);
  }
  return isNumeric(value) && Number.isInteger(toNumber(value))
    ? BigInt.asUintN(WIDEST_MASK, toBigInt(value))
    : undefined;
}

function geo(matches: (geometry: Geometry) => boolean): (values: Values) => boolean {
  return (values) =>
    some(values, (value) => {
      const geometry = geometryOf(value);
      return geometry !== undefined && matches(geometry);
    });
}

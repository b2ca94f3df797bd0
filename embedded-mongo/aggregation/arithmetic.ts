/** Expressions that calculate. */
import { Decimal128, Double, Int32, Long } from 'bson';

import { badValue, typeMismatch } from '../errors.ts';
import { add, multiply, toBigInt, toNumber } from '../values/numbers.ts';
import { isNumeric } from '../values/order.ts';
import { typeNames } from '../values/type-names.ts';
import { ofPresent, type Operators } from './evaluate.ts';

/** 64-bit integers and decimals, which a JavaScript number cannot hold. */
const isWide = (value: unknown): boolean => value instanceof Long || value instanceof Decimal128;
const typed = (value: unknown): unknown => {
  if (typeof value !== 'number') return value;
  if (!Number.isInteger(value)) return new Double(value);
  return Math.abs(value) < 2 ** 31 ? new Int32(value) : Long.fromNumber(value);
};

/** Adds as MongoDB does: plain numbers as numbers, as soon as one is wide all of them exactly. */
export function sum(a: unknown, b: unknown): unknown {
  return typeof a === 'number' && typeof b === 'number' ? a + b : plain(add(typed(a), typed(b)));
}
function product(a: unknown, b: unknown): unknown {
  return typeof a === 'number' && typeof b === 'number' ? a * b : plain(multiply(typed(a), typed(b)));
}
const negated = (value: unknown): unknown => product(value, -1);
const plain = (value: unknown): unknown =>
  value instanceof Int32 || value instanceof Double ? value.valueOf() : value;

function numeric(value: unknown, name: string): unknown {
  if (!isNumeric(value))
    throw typeMismatch(`${name} only supports numeric types, not ${typeNames(value)[0] ?? 'missing'}`);
  return value;
}

function addition(values: readonly unknown[]): unknown {
  const dates = values.filter((value) => value instanceof Date);
  if (dates.length > 1) throw typeMismatch('only one date allowed in an $add expression');
  const total = values.filter((value) => !(value instanceof Date)).reduce((a, b) => sum(a, numeric(b, '$add')), 0);
  const [date] = dates;
  return date ? new Date(date.getTime() + toNumber(total)) : total;
}

function subtraction([a, b]: readonly unknown[]): unknown {
  if (a instanceof Date && b instanceof Date) return a.getTime() - b.getTime();
  if (a instanceof Date) return new Date(a.getTime() - toNumber(numeric(b, '$subtract')));
  return sum(numeric(a, '$subtract'), negated(numeric(b, '$subtract')));
}

function division([a, b]: readonly unknown[]): unknown {
  const divisor = toNumber(numeric(b, '$divide'));
  if (divisor === 0) throw badValue("can't $divide by zero");
  if (a instanceof Decimal128 || b instanceof Decimal128)
    throw badValue('$divide of decimals is not supported by the embedded store');
  return toNumber(numeric(a, '$divide')) / divisor;
}

function remainder([a, b]: readonly unknown[]): unknown {
  const divisor = numeric(b, '$mod');
  if (toNumber(divisor) === 0) throw badValue("can't $mod by zero");
  if (isWide(a) || isWide(b)) return Long.fromBigInt(toBigInt(numeric(a, '$mod')) % toBigInt(divisor));
  return toNumber(numeric(a, '$mod')) % toNumber(divisor);
}

const onNumber = (name: string, run: (value: number) => number): Operators => ({
  [name]: ofPresent(1, 1, ([value]) => run(toNumber(numeric(value, name)))),
});

/** Rounds at a decimal place with the given rule, without the error of multiplying by a power of ten. */
const atPlace = (name: string, rule: (value: number) => number): Operators => ({
  [name]: ofPresent(1, 2, ([value, place = 0]) => {
    const shift = toNumber(place);
    const scaled = Number(shiftBy(toNumber(numeric(value, name)), shift));
    return Number(shiftBy(rule(scaled), -shift));
  }),
});
function shiftBy(value: number, places: number): string {
  const [digits = '0', exponent = '0'] = String(value).split('e');
  return `${digits}e${Number(exponent) + places}`;
}
function halfToEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

export const ARITHMETIC: Operators = {
  $add: ofPresent(0, Infinity, addition),
  $subtract: ofPresent(2, 2, subtraction),
  $multiply: ofPresent(0, Infinity, (values) => values.reduce((a, b) => product(a, numeric(b, '$multiply')), 1)),
  $divide: ofPresent(2, 2, division),
  $mod: ofPresent(2, 2, remainder),
  $abs: ofPresent(1, 1, ([value]) => (toNumber(numeric(value, '$abs')) < 0 ? negated(value) : value)),
  $pow: ofPresent(2, 2, ([base, power]) => toNumber(numeric(base, '$pow')) ** toNumber(numeric(power, '$pow'))),
  $log: ofPresent(
    2,
    2,
    ([value, base]) => Math.log(toNumber(numeric(value, '$log'))) / Math.log(toNumber(numeric(base, '$log'))),
  ),
  ...onNumber('$ceil', Math.ceil),
  ...onNumber('$floor', Math.floor),
  ...onNumber('$sqrt', Math.sqrt),
  ...onNumber('$ln', Math.log),
  ...onNumber('$log10', Math.log10),
  ...onNumber('$exp', Math.exp),
  ...atPlace('$round', halfToEven),
  ...atPlace('$trunc', Math.trunc),
};

/** Numbers of all four BSON types: exact comparison, and arithmetic that keeps the wider type. */
import { Decimal128, Double, Int32, Long } from 'bson';

import { badValue } from '../errors.ts';

/** digits × 10^exponent */
type Decimal = { readonly digits: bigint; readonly exponent: number };
type Calculation = {
  readonly doubles: (x: number, y: number) => number;
  readonly integers: (x: bigint, y: bigint) => bigint;
  readonly decimals: (x: Decimal, y: Decimal) => Decimal;
};

/**
 * A number as the nearest double and what that double leaves over; comparing the pair compares the numbers exactly, which a
 * double alone cannot do for 64-bit integers and decimals.
 */
export function splitNumber(value: unknown): readonly [double: number, rest: number] {
  if (typeof value === 'number') return [value, 0];
  if (value instanceof Int32 || value instanceof Double) return [value.valueOf(), 0];
  if (typeof value === 'bigint') return splitInteger(value);
  if (value instanceof Long) return splitInteger(value.toBigInt());
  return splitDecimal(String(value));
}

function splitInteger(value: bigint): readonly [number, number] {
  const double = Number(value);
  return [double, Number(value - BigInt(double))];
}

/** Beyond these exponents the remainder is below what a double can express. */
const WIDEST_EXPONENT = 300;

function splitDecimal(text: string): readonly [number, number] {
  const double = Number(text);
  const decimal = parseDecimal(text);
  if (!decimal || !Number.isFinite(double) || Math.abs(decimal.exponent) > WIDEST_EXPONENT) return [double, 0];
  const { mantissa, power } = partsOf(double);
  const tens = 10n ** BigInt(Math.max(0, -decimal.exponent));
  const twos = 2n ** BigInt(Math.max(0, -power));
  const exact = decimal.digits * 10n ** BigInt(Math.max(0, decimal.exponent)) * twos;
  const near = mantissa * 2n ** BigInt(Math.max(0, power)) * tens;
  return [double, Number(exact - near) / Number(tens) / Number(twos)];
}

/** A double as mantissa × 2^power, exactly. */
function partsOf(double: number): { mantissa: bigint; power: number } {
  let mantissa = double;
  let power = 0;
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2;
    power--;
  }
  return { mantissa: BigInt(mantissa), power };
}

function parseDecimal(text: string): Decimal | undefined {
  const match = /^(-?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (!match) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  return { digits: BigInt(sign + whole + fraction), exponent: Number(exponent) - fraction.length };
}

export const add = (a: unknown, b: unknown): unknown => calculate(a, b, ADDITION);
export const multiply = (a: unknown, b: unknown): unknown => calculate(a, b, MULTIPLICATION);

const ADDITION: Calculation = {
  doubles: (x, y) => x + y,
  integers: (x, y) => x + y,
  decimals: (x, y) => {
    const exponent = Math.min(x.exponent, y.exponent);
    const scaled = (d: Decimal): bigint => d.digits * 10n ** BigInt(d.exponent - exponent);
    return { digits: scaled(x) + scaled(y), exponent };
  },
};
const MULTIPLICATION: Calculation = {
  doubles: (x, y) => x * y,
  integers: (x, y) => x * y,
  decimals: (x, y) => ({ digits: x.digits * y.digits, exponent: x.exponent + y.exponent }),
};

function calculate(a: unknown, b: unknown, how: Calculation): unknown {
  if (a instanceof Decimal128 || b instanceof Decimal128) {
    const { digits, exponent } = how.decimals(decimalOf(a), decimalOf(b));
    return Decimal128.fromString(`${String(digits)}E${exponent}`);
  }
  if (isDouble(a) || isDouble(b)) return new Double(how.doubles(toNumber(a), toNumber(b)));
  const result = how.integers(toBigInt(a), toBigInt(b));
  if (BigInt.asIntN(64, result) !== result) throw badValue('integer overflow: the result does not fit 64 bits');
  const fits32 = BigInt.asIntN(32, result) === result;
  return a instanceof Long || b instanceof Long || !fits32 ? Long.fromBigInt(result) : new Int32(Number(result));
}

const isDouble = (value: unknown): boolean =>
  value instanceof Double || (typeof value === 'number' && !Number.isInteger(value));
export const toNumber = (value: unknown): number => splitNumber(value)[0];
export function toBigInt(value: unknown): bigint {
  return value instanceof Long
    ? value.toBigInt()
    : typeof value === 'bigint'
      ? value
      : BigInt(Math.trunc(toNumber(value)));
}
function decimalOf(value: unknown): Decimal {
  const decimal = parseDecimal(String(value));
  if (!decimal) throw badValue(`cannot calculate with ${String(value)}`);
  return decimal;
}

/** Expressions that ask for a type or change it. */
import { Decimal128, Long, ObjectId } from 'bson';

import { badValue, CommandError } from '../errors.ts';
import { toBigInt, toNumber } from '../values/numbers.ts';
import { isNumeric } from '../values/order.ts';
import { typeNames } from '../values/type-names.ts';
import { isMissing, ofNamed, ofPresent, ofValues, type Operators } from './evaluate.ts';
import { truthy } from './truth.ts';

const failed = (value: unknown, to: string): CommandError =>
  new CommandError(
    241,
    'ConversionFailure',
    `a value of type ${typeNames(value)[0] ?? 'missing'} cannot be converted to ${to} in $convert with no onError value`,
  );

function toText(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'string' || typeof value === 'boolean') return String(value);
  if (isNumeric(value) || value instanceof ObjectId) return String(value);
  throw failed(value, 'string');
}

/** Text, truth values and dates as numbers too. */
function asNumber(value: unknown, to: string): number {
  if (typeof value === 'boolean') return Number(value);
  if (value instanceof Date && to !== 'int') return value.getTime();
  const number =
    typeof value === 'string' && value.trim() === value && value !== ''
      ? Number(value)
      : isNumeric(value)
        ? toNumber(value)
        : NaN;
  if (Number.isNaN(number) && !isNumeric(value)) throw failed(value, to);
  return number;
}

function toInt(value: unknown): number {
  const number = Math.trunc(asNumber(value, 'int'));
  if (!(Math.abs(number) < 2 ** 31) || (typeof value === 'string' && !/^-?\d+$/.test(value)))
    throw failed(value, 'int');
  return number;
}
function toLong(value: unknown): Long {
  if (value instanceof Long) return value;
  if (typeof value === 'string') {
    if (!/^-?\d+$/.test(value)) throw failed(value, 'long');
    return Long.fromString(value);
  }
  const number = asNumber(value, 'long');
  if (!Number.isFinite(number)) throw failed(value, 'long');
  return Long.fromBigInt(isNumeric(value) ? toBigInt(value) : BigInt(number));
}
function toDate(value: unknown): Date {
  if (value instanceof ObjectId) return value.getTimestamp();
  const date =
    value instanceof Date
      ? value
      : new Date(typeof value === 'string' ? dateText(value) : isNumeric(value) ? toNumber(value) : NaN);
  if (Number.isNaN(date.getTime())) throw failed(value, 'date');
  return date;
}
/** ISO 8601 only, and UTC where no offset is given; JavaScript would guess at other forms and take local time. */
export function dateText(text: string): string {
  const iso = /^(\d{4}-\d{2}(?:-\d{2})?)(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/.exec(
    text,
  );
  if (!iso) return '';
  const [, day = '', time, zone = 'Z'] = iso;
  return time ? `${day}T${time}${zone}` : day;
}
function toObjectId(value: unknown): ObjectId {
  if (value instanceof ObjectId) return value;
  if (typeof value !== 'string' || !/^[0-9a-fA-F]{24}$/.test(value)) throw failed(value, 'objectId');
  return new ObjectId(value);
}
function toDecimal(value: unknown): Decimal128 {
  if (value instanceof Decimal128) return value;
  return Decimal128.fromString(
    value instanceof Long ? String(value) : typeof value === 'string' ? value : String(asNumber(value, 'decimal')),
  );
}

const TO: Readonly<Record<string, (value: unknown) => unknown>> = {
  string: toText,
  int: toInt,
  long: toLong,
  double: (value) => asNumber(value, 'double'),
  decimal: toDecimal,
  bool: (value) => (isNumeric(value) ? truthy(value) : value !== false),
  date: toDate,
  objectId: toObjectId,
};
const BY_NUMBER: Readonly<Record<string, string>> = {
  ...{ 1: 'double', 2: 'string', 7: 'objectId', 8: 'bool', 9: 'date', 16: 'int', 18: 'long', 19: 'decimal' },
};

function convert({ input, to, onError, onNull }: Readonly<Record<string, unknown>>, handles: boolean): unknown {
  if (isMissing(input)) return onNull ?? null;
  const name = isNumeric(to) ? (BY_NUMBER[toNumber(to)] ?? '') : String(to);
  const run = TO[name];
  if (!run) throw badValue(`$convert: unknown target type ${name}`);
  try {
    return run(input);
  } catch (error) {
    if (handles && error instanceof CommandError) return onError;
    throw error;
  }
}

const shorthand = (name: string, type: string): Operators => ({
  [name]: ofPresent(1, 1, ([value]) => TO[type]?.(value)),
});

export const CONVERSIONS: Operators = {
  $type: ofValues(1, 1, ([value]) => typeNames(value)[0] ?? 'missing'),
  $isNumber: ofValues(1, 1, ([value]) => isNumeric(value)),
  $convert: ofNamed(['input', 'to'], ['onError', 'onNull'], (values) => convert(values, 'onError' in values)),
  ...shorthand('$toString', 'string'),
  ...shorthand('$toInt', 'int'),
  ...shorthand('$toLong', 'long'),
  ...shorthand('$toDouble', 'double'),
  ...shorthand('$toDecimal', 'decimal'),
  ...shorthand('$toBool', 'bool'),
  ...shorthand('$toDate', 'date'),
  ...shorthand('$toObjectId', 'objectId'),
};

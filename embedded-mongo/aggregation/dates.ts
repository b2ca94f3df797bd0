/** Expressions over dates, in UTC or in a time zone ('Asia/Shanghai', '+08:00'). */
import { badValue, typeMismatch } from '../errors.ts';
import { ObjectId } from 'bson';
import { isDocument } from '../values/document.ts';
import { toNumber } from '../values/numbers.ts';
import { typeNames } from '../values/type-names.ts';
import { dateText } from './conversions.ts';
import { isMissing, namedArguments, ofNamed, type Operator, type Operators } from './evaluate.ts';
import {
  dayOfYear,
  differenceIn,
  type Fields,
  isoWeek,
  isoWeekYear,
  shift,
  toLocal,
  toUtc,
  truncate,
  unitOf,
  weekOfYear,
} from './calendar.ts';

function dateOf(value: unknown): Date {
  if (value instanceof Date) return value;
  if (value instanceof ObjectId) return value.getTimestamp();
  throw typeMismatch(`can't convert from ${typeNames(value)[0] ?? 'missing'} to Date`);
}
const zoneOf = (value: unknown): string | undefined => (isMissing(value) ? undefined : text(value, 'timezone'));
function text(value: unknown, name: string): string {
  if (typeof value !== 'string') throw typeMismatch(`'${name}' of a date expression must be a string`);
  return value;
}

/** `{ $year: date }` or `{ $year: { date, timezone } }`: a part of the date as the clocks of the zone show it. */
const part =
  (read: (local: Date) => number): Operator =>
  (argument, compile, name) => {
    const { date, timezone } =
      isDocument(argument) && 'date' in argument
        ? namedArguments(argument, name, ['date'], ['timezone'])
        : { date: argument, timezone: undefined };
    const [when, zone] = [
      compile(Array.isArray(date) && date.length === 1 ? (date as unknown[])[0] : date),
      compile(timezone ?? null),
    ];
    return (scope) => {
      const value = when(scope);
      return isMissing(value) ? null : read(toLocal(dateOf(value), zoneOf(zone(scope))));
    };
  };

const PARTS: Readonly<Record<string, (local: Date) => number>> = {
  $year: (local) => local.getUTCFullYear(),
  $month: (local) => local.getUTCMonth() + 1,
  $dayOfMonth: (local) => local.getUTCDate(),
  $dayOfWeek: (local) => local.getUTCDay() + 1,
  $isoDayOfWeek: (local) => local.getUTCDay() || 7,
  $dayOfYear: dayOfYear,
  $week: weekOfYear,
  $isoWeek: isoWeek,
  $isoWeekYear: isoWeekYear,
  $hour: (local) => local.getUTCHours(),
  $minute: (local) => local.getUTCMinutes(),
  $second: (local) => local.getUTCSeconds(),
  $millisecond: (local) => local.getUTCMilliseconds(),
};

const padded = (width: number, read: (local: Date) => number) => (local: Date) =>
  String(read(local)).padStart(width, '0');
const FORMATS: Readonly<Record<string, (local: Date) => string>> = {
  Y: padded(4, (local) => local.getUTCFullYear()),
  m: padded(2, (local) => local.getUTCMonth() + 1),
  d: padded(2, (local) => local.getUTCDate()),
  H: padded(2, (local) => local.getUTCHours()),
  M: padded(2, (local) => local.getUTCMinutes()),
  S: padded(2, (local) => local.getUTCSeconds()),
  L: padded(3, (local) => local.getUTCMilliseconds()),
  j: padded(3, dayOfYear),
  u: padded(1, (local) => local.getUTCDay() || 7),
  w: padded(1, (local) => local.getUTCDay() + 1),
  U: padded(2, weekOfYear),
  V: padded(2, isoWeek),
  G: padded(4, isoWeekYear),
  '%': () => '%',
};

function format({ date, format: pattern, timezone, onNull }: Fields): unknown {
  if (isMissing(date)) return onNull ?? null;
  const when = dateOf(date);
  const zone = zoneOf(timezone);
  const local = toLocal(when, zone);
  const minutes = Math.round((local.getTime() - when.getTime()) / 60_000);
  const shown = pattern ?? (zone === undefined ? '%Y-%m-%dT%H:%M:%S.%LZ' : '%Y-%m-%dT%H:%M:%S.%L%z');
  return text(shown, 'format').replace(/%(.?)/g, (_, letter: string) => {
    if (letter === 'z') {
      const digits = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60].map((n) =>
        String(n).padStart(2, '0'),
      );
      return (minutes < 0 ? '-' : '+') + digits.join('');
    }
    if (letter === 'Z') return String(minutes);
    const write = FORMATS[letter];
    if (!write) throw badValue(`$dateToString: '%${letter}' is not a format the embedded store knows`);
    return write(local);
  });
}

const inZone = (date: Date, timezone: unknown, change: (local: Date) => Date): Date => {
  const zone = zoneOf(timezone);
  return toUtc(change(toLocal(date, zone)), zone);
};

const shifted = (sign: 1 | -1): Operator =>
  ofNamed(['startDate', 'unit', 'amount'], ['timezone'], ({ startDate, unit, amount, timezone }) =>
    [startDate, unit, amount].some(isMissing)
      ? null
      : inZone(dateOf(startDate), timezone, (local) => shift(local, unitOf(unit), sign * toNumber(amount))),
  );

const PART_NAMES = ['year', 'month', 'day', 'hour', 'minute', 'second', 'millisecond'] as const;

export const DATES: Operators = {
  ...Object.fromEntries(Object.entries(PARTS).map(([name, read]) => [name, part(read)])),
  $dateToString: ofNamed(['date'], ['format', 'timezone', 'onNull'], format),
  $dateFromString: ofNamed(['dateString'], ['timezone', 'onError', 'onNull'], (values) => {
    const { dateString, timezone, onError, onNull } = values;
    if (isMissing(dateString)) return onNull ?? null;
    const date = new Date(dateText(text(dateString, 'dateString')));
    if (!Number.isNaN(date.getTime())) return isMissing(timezone) ? date : toUtc(date, zoneOf(timezone));
    if ('onError' in values) return onError;
    throw badValue('$dateFromString: the text is not an ISO 8601 date');
  }),
  $dateTrunc: ofNamed(
    ['date', 'unit'],
    ['binSize', 'timezone', 'startOfWeek'],
    ({ date, unit, binSize, timezone, startOfWeek }) => {
      if (isMissing(date)) return null;
      if (!isMissing(binSize) && toNumber(binSize) !== 1)
        throw badValue('$dateTrunc: a binSize other than 1 is not supported by the embedded store');
      return inZone(dateOf(date), timezone, (local) => truncate(local, unitOf(unit), startOfWeek));
    },
  ),
  $dateAdd: shifted(1),
  $dateSubtract: shifted(-1),
  $dateDiff: ofNamed(
    ['startDate', 'endDate', 'unit'],
    ['timezone', 'startOfWeek'],
    ({ startDate, endDate, unit, timezone, startOfWeek }) => {
      if (isMissing(startDate) || isMissing(endDate)) return null;
      const [from, to] = [startDate, endDate].map((date) => toLocal(dateOf(date), zoneOf(timezone)));
      return from && to ? differenceIn(unitOf(unit), from, to, startOfWeek) : null;
    },
  ),
  $dateToParts: ofNamed(['date'], ['timezone'], ({ date, timezone }) => {
    if (isMissing(date)) return null;
    const local = toLocal(dateOf(date), zoneOf(timezone));
    const numbers = local
      .toISOString()
      .split(/[-T:.Z]/)
      .map(Number);
    return Object.fromEntries(PART_NAMES.map((name, i) => [name, numbers[i] ?? 0]));
  }),
  $dateFromParts: ofNamed(
    ['year'],
    ['month', 'day', 'hour', 'minute', 'second', 'millisecond', 'timezone'],
    ({ timezone, ...parts }) => {
      if (Object.values(parts).some(isMissing)) return null;
      const at = (name: string, otherwise: number): number => (name in parts ? toNumber(parts[name]) : otherwise);
      const local = Date.UTC(
        at('year', 1970),
        at('month', 1) - 1,
        at('day', 1),
        at('hour', 0),
        at('minute', 0),
        at('second', 0),
        at('millisecond', 0),
      );
      return toUtc(new Date(local), zoneOf(timezone));
    },
  ),
};

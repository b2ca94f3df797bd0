import { ethnicGroups } from '../../lib/codes/ethnic-groups.ts';
import type { CubeDefinition } from '../../lib/cubes/cube-definition.ts';
import { modelRows } from '../../lib/cubes/model-rows.ts';
import { models, type PersonRecord } from './models.ts';
import { SEX } from './sex.ts';

const BANDS = ['0-9', '10-19', '20-29', '30-39', '40-49', '50-59', '60-69', '70-79', '80-89', '90+'] as const;

/** 户籍人口: the registered residents, as public security counts them. */
export const RESIDENTS: CubeDefinition = {
  name: 'population',
  title: '户籍人口',
  unit: '人',
  definition: '在公安机关登记户籍且状态为在册的人口；年龄为截至当年12月31日的周岁',
  dimensions: [
    { name: 'SEX', values: ['MALE', 'FEMALE', 'UNKNOWN', 'UNSPECIFIED'] },
    { name: 'AGE_BAND', values: BANDS },
    { name: 'ETHNIC_GROUP', values: [...ethnicGroups.keys()] },
  ],
  tables: [
    { by: [], levels: ['PREFECTURE', 'COUNTY', 'TOWNSHIP'], every: 'MONTH' },
    { by: ['SEX'], levels: ['PREFECTURE', 'COUNTY', 'TOWNSHIP'], every: 'MONTH' },
    { by: ['AGE_BAND'], levels: ['PREFECTURE', 'COUNTY', 'TOWNSHIP'], every: 'MONTH' },
    { by: ['SEX', 'AGE_BAND'], levels: ['PREFECTURE', 'COUNTY'], every: 'YEAR' },
    { by: ['ETHNIC_GROUP'], levels: ['PREFECTURE', 'COUNTY'], every: 'YEAR', sensitive: true },
  ],
  rows: modelRows<PersonRecord>({
    model: (connection) => models(connection).persons,
    filter: () => ({ status: 'REGISTERED' }),
    fields: ['division', 'sex', 'birthDate', 'ethnicGroup'],
    row: ({ division, sex, birthDate, ethnicGroup }, asOf) => ({
      division,
      values: [SEX[sex] ?? 'UNKNOWN', ageBand(birthDate, asOf), ethnicGroup ?? null],
    }),
  }),
};

/** Whether a band is of people aged sixty or more. */
export function isSixtyAndOver(band: string | null): boolean {
  return band !== null && BANDS.indexOf(band as (typeof BANDS)[number]) >= BANDS.indexOf('60-69');
}

/** By the whole years reached at the end of the year; null where the date is none. */
function ageBand(birthDate: string, asOf: string): string | null {
  const age = Number(asOf.slice(0, 4)) - Number(birthDate.slice(0, 4));
  if (Number.isNaN(age)) return null;
  return BANDS[Math.min(BANDS.length - 1, Math.max(0, Math.floor(age / 10)))] ?? null;
}

import { countiesOf } from '../../lib/codes/divisions.ts';
import type { Answer } from '../../web/dashboard/answer.ts';
import { INDICATORS } from '../../web/dashboard/indicators.ts';
import { levelOf, prefectureOf } from '../../web/dashboard/places.ts';

/** What a hub would answer the dashboard: plain numbers derived from codes, so that every cell has one of its own. */
export interface Sample {
  readonly division?: string;
  readonly beside?: string;
  readonly against?: string;
}

type Data = NonNullable<Answer['data']>;
export type SampleWhole = NonNullable<Data['division']>;

const BANDS = ['0-9', '10-19', '20-29', '30-39', '40-49', '50-59', '60-69', '70-79', '80-89', '90+'];
const TOPICS = [
  ['01', '城乡建设'],
  ['02', '交通运输'],
  ['03', '社会保障'],
  ['06', '生态环境'],
] as const;

const ABOUT = {
  population: ['public-security', '户籍人口', '人', '在本行政区划登记常住户口且未注销的人'],
  'legal-persons': ['market-regulation', '法人单位', '个', '在本行政区划登记的法人和非法人组织'],
  parcels: ['natural-resources', '登记宗地', '宗', '已登记不动产权的宗地'],
  complaints: ['government-hotline', '热线诉求', '件', '十二个月内受理的诉求'],
  archives: ['archives-bureau', '馆藏档案', '件', '本级档案馆目录所列、不在保密期内的档案'],
} as const;

function about(name: keyof typeof ABOUT) {
  const [source, title, unit, definition] = ABOUT[name];
  return { source, title, unit, definition, asOf: '2026-11-01', period: '2026-11', release: 3 };
}

/** A whole number that differs for every place and cell, as data has it. */
function made(place: string, ...keys: readonly (string | number)[]): number {
  let hash = 7;
  for (const character of [place, ...keys].join('|')) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003;
  return 1_000 + (hash % 90_000);
}

function count(value: number, name: keyof typeof ABOUT, keys: Record<string, unknown> = {}) {
  return { ...keys, count: value, suppressed: null, about: about(name) };
}

function parcels(value: number, keys: Record<string, unknown> = {}) {
  return { ...count(value, 'parcels', keys), areaSquareMetres: value * 12_345, areaSuppressed: null };
}

function totals(code: string, scale = 1) {
  const of = (name: string): number => Math.round(made(code, name) * scale);
  return {
    residents: [count(of('residents'), 'population')],
    legalPersons: [count(of('legalPersons'), 'legal-persons')],
    parcels: [parcels(of('parcels'))],
    complaints: [count(of('complaints'), 'complaints')],
    ...(levelOf(code) !== 'TOWNSHIP' && { archives: [count(of('archives'), 'archives')] }),
    at: derived(code),
  };
}

function derived(code: string) {
  const of = (name: string, unit: string) => ({
    value: made(code, name) / 100,
    unit,
    definition: `口径：${name}`,
    missing: [],
  });
  return {
    period: '2026-11',
    residentsPerEnterprise: of('residentsPerEnterprise', '人/户'),
    enterprisesPerTenThousandResidents: of('enterprises', '户/万人'),
    parcelAreaPerResident: of('parcelArea', '平方米/人'),
    complaintsPerTenThousandResidents: of('perHead', '件/万人'),
    shareAged60AndOver: of('aged', '%'),
    residentsGrowth: { value: null, unit: '%', definition: '口径', missing: ['DivisionAt.residentsBefore'] },
    enterprisesGrowth: of('growth', '%'),
  };
}

export function wholeOf(code: string, name: string, scale = 1): SampleWhole {
  const of = (...keys: readonly string[]): number => Math.round(made(code, ...keys) * scale);
  const fine = levelOf(code) !== 'TOWNSHIP';
  return {
    code,
    name,
    level: levelOf(code) ?? null,
    ...totals(code, scale),
    bySex: ['MALE', 'FEMALE'].map((sex) => count(of('sex', sex), 'population', { sex })),
    byAge: BANDS.map((ageBand) => count(of('age', ageBand), 'population', { ageBand })),
    ...(fine && {
      pyramid: BANDS.flatMap((ageBand) =>
        ['MALE', 'FEMALE'].map((sex) => count(of('pyramid', sex, ageBand), 'population', { sex, ageBand })),
      ),
      byIndustry: 'A B C D E F G H I J'.split(' ').map((industry) => ({
        ...count(of('industry', industry), 'legal-persons', { industry }),
        revenueFen: of('revenue', industry) * 1_000_000,
        revenueSuppressed: null,
      })),
      byLandUse: ['CULTIVATED', 'ORCHARD', 'FOREST', 'RESIDENTIAL'].map((landUse) =>
        parcels(of('land', landUse), { landUse }),
      ),
      byTopic: TOPICS.map(([topic, title]) =>
        count(of('topic', topic), 'complaints', { topic: { code: topic, title } }),
      ),
      byState: ['ASSIGNED', 'CLOSED'].map((state) => count(of('state', state), 'complaints', { state })),
      byRetention: ['PERMANENT', 'THIRTY_YEARS'].map((retention) =>
        count(of('retention', retention), 'archives', { retention }),
      ),
      ...Object.fromEntries(
        INDICATORS.map(({ code: indicator, frequency }) => [indicator, series(code, indicator, frequency)]),
      ),
    }),
  };
}

const PERIODS = {
  MONTH: Array.from({ length: 24 }, (_, index) => {
    const month = 10 + index;
    return `${2024 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`;
  }),
  QUARTER: Array.from({ length: 12 }, (_, index) => `${2023 + Math.floor((index + 3) / 4)}-Q${((index + 3) % 4) + 1}`),
  YEAR: Array.from({ length: 10 }, (_, index) => String(2016 + index)),
};

function series(place: string, indicator: string, frequency: keyof typeof PERIODS) {
  const start = 100 + (made(place, indicator) % 100);
  return {
    indicator: {
      code: indicator,
      name: indicator,
      definition: '一定时期内本地区常住单位生产活动的最终成果',
      unit: '亿元',
      department: '统计局',
    },
    points: PERIODS[frequency].map((period, index) => ({
      period,
      value: start + index * 1.5 + (made(place, indicator, period) % 9),
      status: 'FINAL',
      publishedOn: '2026-10-26',
    })),
    breaks: frequency === 'YEAR' ? [{ period: '2021', from: ['532331'], to: ['532302'], reason: 'NOT_ADDITIVE' }] : [],
  };
}

function children(codes: readonly (readonly [string, string])[]) {
  return { edges: codes.map(([code, name]) => ({ node: { code, name, ...totals(code) } })) };
}

const COUNTIES = countiesOf('532300', '2026-11-01').map(({ code, name }) => [code, name] as const);
const NAMES = new Map<string, string>([['532300', '楚雄彝族自治州'], ...COUNTIES]);

/** The whole answer about a division, with nothing missing. */
export function sampleAnswer({ division = '532300', beside, against }: Sample = {}): Answer {
  const named = (code: string): string => NAMES.get(code) ?? `${code.slice(-3)}镇`;
  const townships = Array.from({ length: 13 }, (_, index) => {
    const code = `${division.slice(0, 6)}1${String(index).padStart(2, '0')}`;
    return [code, named(code)] as const;
  });
  const level = levelOf(division);
  return {
    data: {
      division: {
        ...wholeOf(division, named(division)),
        ...(level === 'PREFECTURE' && { children: children(COUNTIES) }),
        ...(level === 'COUNTY' && { children: children(townships) }),
      },
      ...(level !== 'PREFECTURE' && {
        prefecture: { code: prefectureOf(division), name: named(prefectureOf(division)), children: children(COUNTIES) },
      }),
      ...(beside !== undefined && { beside: wholeOf(beside, named(beside)) }),
      ...(against !== undefined && { against: wholeOf(division, named(division), 0.9) }),
    },
    errors: [],
  };
}

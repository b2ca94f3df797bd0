import type { Cell } from './answer.ts';
import { type Figure, growthOf, missing, NO_DATA } from './figure.ts';
import { type CodeList, codesOf, nameOf } from './labels.ts';
import {
  CHANGE,
  type Column,
  type Format,
  type Measure,
  measureOf,
  SHARE,
  shareFigure,
  sourceOfCells,
  type Table,
  WHOLE_NUMBER,
} from './table.ts';
import type { Words } from './texts.ts';
import { totalFigure } from './totals.ts';
import type { Side, View } from './view.ts';

type Field = 'byIndustry' | 'byLandUse' | 'byTopic' | 'byState' | 'byRetention' | 'bySex';

type Whole = 'people' | 'legalPersons' | 'area' | 'complaints' | 'archives';

interface Shown {
  readonly measure: Measure;
  readonly label: keyof Words;
  readonly unit: keyof Words;
  readonly format: Format;
  /** What the shares are of. */
  readonly whole?: Whole;
}

/** The field of the answer that a whole is read from. */
const COUNTED = {
  people: 'residents',
  legalPersons: 'legalPersons',
  area: 'parcels',
  complaints: 'complaints',
  archives: 'archives',
} as const;

interface Plan {
  readonly id: string;
  readonly title: keyof Words;
  readonly rowLabel: keyof Words;
  readonly field: Field;
  readonly codeOf: (cell: Cell) => string | null | undefined;
  readonly list?: CodeList;
  readonly shown: readonly [Shown, ...Shown[]];
}

const AREA: Shown = {
  measure: 'area',
  label: 'area',
  unit: 'hectares',
  format: { kind: 'NUMBER', digits: 1 },
  whole: 'area',
};

const PLANS: readonly Plan[] = [
  {
    id: 'sex',
    title: 'bySex',
    rowLabel: 'bySex',
    field: 'bySex',
    codeOf: ({ sex }) => sex,
    list: 'sex',
    shown: [{ measure: 'count', label: 'people', unit: 'persons', format: WHOLE_NUMBER, whole: 'people' }],
  },
  {
    id: 'industry',
    title: 'industryMix',
    rowLabel: 'industry',
    field: 'byIndustry',
    codeOf: ({ industry }) => industry,
    list: 'industry',
    shown: [
      { measure: 'count', label: 'legalPersons', unit: 'units', format: WHOLE_NUMBER, whole: 'legalPersons' },
      { measure: 'revenue', label: 'revenue', unit: 'yuan', format: WHOLE_NUMBER },
    ],
  },
  {
    id: 'land',
    title: 'landUseMix',
    rowLabel: 'landUse',
    field: 'byLandUse',
    codeOf: ({ landUse }) => landUse,
    list: 'landUse',
    shown: [AREA, { measure: 'count', label: 'parcels', unit: 'plots', format: WHOLE_NUMBER }],
  },
  {
    id: 'topics',
    title: 'complaintsByTopic',
    rowLabel: 'topic',
    field: 'byTopic',
    codeOf: ({ topic }) => topic?.code,
    shown: [{ measure: 'count', label: 'complaints', unit: 'cases', format: WHOLE_NUMBER, whole: 'complaints' }],
  },
  {
    id: 'states',
    title: 'complaintsByState',
    rowLabel: 'state',
    field: 'byState',
    codeOf: ({ state }) => state,
    list: 'state',
    shown: [{ measure: 'count', label: 'complaints', unit: 'cases', format: WHOLE_NUMBER, whole: 'complaints' }],
  },
  {
    id: 'retention',
    title: 'archivesByRetention',
    rowLabel: 'retention',
    field: 'byRetention',
    codeOf: ({ retention }) => retention,
    list: 'retention',
    shown: [{ measure: 'count', label: 'archives', unit: 'items', format: WHOLE_NUMBER, whole: 'archives' }],
  },
];

/** How a whole is made up: industries, land uses, topics. Rows stand in the order of their code list, never by size. */
export function distributions(view: View): readonly Table[] {
  return PLANS.map((plan) => distribution(plan, view));
}

function distribution(plan: Plan, view: View): Table {
  const { words, subject } = view;
  const cells = subject.data?.[plan.field];
  const table = { id: plan.id, title: words[plan.title], rowLabel: words[plan.rowLabel] };
  if (!cells) return { ...table, columns: [], rows: [], gap: subject.gapOf(plan.field) };
  const columns = plan.shown.flatMap((shown) => columnsOf(shown, plan, view));
  const rows = codesIn(plan, view).map((code) => ({
    key: code,
    label: labelOf(code, plan, view),
    figures: columns.map(({ figure }) => figure(code)),
  }));
  const source = sourceOfCells(cells);
  return {
    ...table,
    columns: columns.map(({ figure: _figure, ...column }) => ({ ...column, source })),
    rows,
  };
}

/** A column and what it shows for a code. */
type Computed = Column & { readonly figure: (code: string) => Figure };

function columnsOf(shown: Shown, plan: Plan, { words, subject, beside, against }: View): readonly Computed[] {
  const { measure, unit, format, whole } = shown;
  const label = words[shown.label];
  const of = (side: Side) => figures(side, plan, measure);
  const own = of(subject);
  const columns: Computed[] = [{ key: measure, label, unit: words[unit], format, figure: own }];
  if (whole !== undefined && sameRelease(plan.field, whole, subject)) {
    const total = totalFigure(whole, subject.data, subject.gapOf);
    const figure = (code: string): Figure => shareFigure(own(code), total);
    columns.push({ key: `${measure}-share`, label: words.share, unit: '', format: SHARE, figure });
  }
  if (beside)
    columns.push({
      key: `${measure}-beside`,
      label: `${label} · ${beside.label}`,
      unit: words[unit],
      format,
      figure: of(beside),
    });
  if (against) {
    const earlier = of(against);
    columns.push({
      key: `${measure}-against`,
      label: `${label} · ${against.label}`,
      unit: words[unit],
      format,
      figure: earlier,
    });
    columns.push({
      key: `${measure}-change`,
      label: words.change,
      unit: '',
      format: CHANGE,
      figure: (code) => changeFigure(own(code), earlier(code)),
    });
  }
  return columns;
}

/** A yearly table may be of an earlier release than the total, and then neither is a part of the other. */
function sameRelease(field: Field, whole: Whole, { data }: Side): boolean {
  return sourceOfCells(data?.[field])?.release === sourceOfCells(data?.[COUNTED[whole]])?.release;
}

/** Growth, or what keeps it from being shown. */
export function changeFigure(later: Figure, earlier: Figure): Figure {
  const growth = growthOf(later, earlier);
  if (growth !== undefined) return { kind: 'SHOWN', value: growth };
  if (later.kind !== 'SHOWN') return later;
  return earlier.kind === 'SHOWN' ? NO_DATA : earlier;
}

function figures(side: Side, plan: Plan, measure: Measure): (code: string) => Figure {
  const cells = side.data?.[plan.field];
  if (!cells) return () => missing(side.gapOf(plan.field));
  const byCode = new Map(cells.map((cell) => [plan.codeOf(cell) ?? UNKNOWN, cell]));
  return (code) => measureOf(byCode.get(code), measure);
}

const UNKNOWN = 'unknown';

function codesIn(plan: Plan, { subject, beside, against }: View): readonly string[] {
  const found = new Set(
    [subject, beside, against].flatMap(
      (side) => side?.data?.[plan.field]?.map((cell) => plan.codeOf(cell) ?? UNKNOWN) ?? [],
    ),
  );
  const order = plan.list ? codesOf(plan.list) : [...found].sort();
  const known = order.filter((code) => found.has(code) && code !== UNKNOWN);
  return [...known, ...[...found].filter((code) => !known.includes(code))];
}

function labelOf(code: string, plan: Plan, { words, language, subject, beside, against }: View): string {
  if (code === UNKNOWN) return words.unknown;
  if (plan.list) return nameOf(plan.list, code, language);
  const cells = [subject, beside, against].flatMap((side) => side?.data?.[plan.field] ?? []);
  return cells.find(({ topic }) => topic?.code === code)?.topic?.title ?? code;
}

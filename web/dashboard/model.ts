import { countiesOf, divisionName } from '../../lib/codes/divisions.ts';
import type { Language } from '../language.ts';
import { ageTable } from './ages.ts';
import type { Answer, Part } from './answer.ts';
import { areaTable } from './areas.ts';
import { distributions } from './distributions.ts';
import type { Source } from './figure.ts';
import { downDepartments, gapFinder } from './gaps.ts';
import { keyFigures, type KeyFigure } from './key-figures.ts';
import { type Level, levelOf, prefectureOf, trailOf } from './places.ts';
import type { Wish } from './query.ts';
import type { Table } from './table.ts';
import { WORDS } from './texts.ts';
import { totalColumn, totalsOf } from './totals.ts';
import { type Trend, trends } from './trends.ts';
import type { Side, View } from './view.ts';

export interface Place {
  readonly code: string;
  readonly name: string;
}

/** Everything the page, its charts and its exports show. */
export interface Dashboard {
  readonly place: Place & { readonly level: Level };
  /** False where no such division is in force. */
  readonly exists: boolean;
  /** From the prefecture down to the division. */
  readonly trail: readonly Place[];
  readonly beside?: Place | undefined;
  readonly against?: string | undefined;
  readonly keyFigures: readonly KeyFigure[];
  /** The counties of the prefecture; also what the map shows. */
  readonly counties: Table;
  /** The townships of a county. */
  readonly townships?: Table | undefined;
  readonly tables: readonly Table[];
  readonly trends: readonly Trend[];
  /** Codes of departments that did not answer. */
  readonly down: readonly string[];
  /** What the totals are from, one of each department. */
  readonly sources: readonly Source[];
}

/**
 * What the page shows of an answer, whatever is missing from it. Pure; a hidden number is dropped here, so that nothing made of
 * the model can hold it.
 * @param today '2026-11-22', for the names of divisions.
 */
export function dashboardOf(
  { data, errors }: Answer,
  { wish, language, today }: { readonly wish: Wish; readonly language: Language; readonly today: string },
): Dashboard {
  const words = WORDS[language];
  const code = wish.division;
  const level = levelOf(code) ?? 'PREFECTURE';
  const failures = errors ?? [];
  const gapAt = gapFinder(failures);
  const nameOf = namesOf(data, today);
  const side = (root: 'division' | 'beside' | 'against', label: string): Side => ({
    label,
    data: data?.[root],
    gapOf: (field) => gapAt([root, field]),
  });
  const besides = wish.beside === undefined ? undefined : { code: wish.beside, name: nameOf(wish.beside) };
  const view: View = {
    language,
    words,
    subject: side('division', nameOf(code)),
    beside: besides && side('beside', besides.name),
    against: wish.against === undefined ? undefined : side('against', wish.against),
  };
  const parts = (root: 'division' | 'prefecture'): readonly Part[] | undefined =>
    data?.[root]?.children?.edges?.flatMap((edge) => edge?.node ?? []);
  const above = level === 'PREFECTURE' ? 'division' : 'prefecture';
  const counties = parts(above);
  const known = counties ?? countiesOf(prefectureOf(code), today).map(({ code, name }): Part => ({ code, name }));
  const areas = (rows: readonly Part[], root: 'division' | 'prefecture', id: 'counties' | 'townships'): Table =>
    areaTable(rows, {
      id,
      view,
      gapOf: (field) => gapAt([root, 'children', 'edges', 'node', field]),
    });
  return {
    place: { code, name: nameOf(code), level },
    exists: data?.division !== null || failures.some(({ path }) => path?.[0] === 'division'),
    trail: trailOf(code).map((each) => ({ code: each, name: nameOf(each) })),
    beside: besides,
    against: wish.against,
    keyFigures: keyFigures(view, level, level === 'COUNTY' ? counties : undefined),
    counties: areas(known, above, 'counties'),
    townships: level === 'COUNTY' ? areas(parts('division') ?? [], 'division', 'townships') : undefined,
    tables: [ageTable(view), ...distributions(view)],
    trends: level === 'TOWNSHIP' ? [] : trends(view),
    down: downDepartments(failures),
    sources: totalsOf(level).flatMap((total) => totalColumn(total, view.subject.data, words).source ?? []),
  };
}

/** Names as the answer has them; where geospatial does not answer, the country's table of codes knows most. */
function namesOf(data: Answer['data'], today: string): (code: string) => string {
  const places = [data?.division, data?.prefecture, data?.beside, data?.against];
  const parts = [data?.division, data?.prefecture].flatMap(
    (place) => place?.children?.edges?.map((edge) => edge?.node) ?? [],
  );
  const names = new Map(
    [...places, ...parts].flatMap((place) => (place?.name ? [[place.code, place.name] as const] : [])),
  );
  return (code) => names.get(code) ?? divisionName(code, today) ?? code;
}

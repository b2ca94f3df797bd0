import type { Cell } from './answer.ts';
import { changeFigure } from './distributions.ts';
import { type Figure, missing } from './figure.ts';
import { CHANGE, type Column, measureOf, sourceOfCells, type Table, WHOLE_NUMBER } from './table.ts';
import type { Side, View } from './view.ts';

/**
 * Residents by ten-year bands, and by sex within them where that table is published for the division. Each column stands for
 * itself: what a band's men and women leave of its total is never computed.
 */
export function ageTable(view: View): Table {
  const { words, subject, beside, against } = view;
  const table = { id: 'age', title: words.agePyramid, rowLabel: words.ageBand };
  const byAge = subject.data?.byAge;
  const bySexAndAge = subject.data?.pyramid;
  if (!byAge && !bySexAndAge) return { ...table, columns: [], rows: [], gap: subject.gapOf('byAge') };
  const columns: (Column & { readonly figure: (band: string) => Figure })[] = [];
  const add = (key: string, label: string, figure: (band: string) => Figure): void => {
    const source = sourceOfCells(byAge) ?? sourceOfCells(bySexAndAge);
    columns.push({ key, label, unit: words.persons, format: WHOLE_NUMBER, source, figure });
  };
  if (hasPyramid(subject)) {
    add('male', words.male, sexFigures(subject, 'MALE'));
    add('female', words.female, sexFigures(subject, 'FEMALE'));
  }
  add('all', words.people, bandFigures(subject));
  if (beside) {
    if (hasPyramid(beside) && hasPyramid(subject)) {
      add('male-beside', `${words.male} · ${beside.label}`, sexFigures(beside, 'MALE'));
      add('female-beside', `${words.female} · ${beside.label}`, sexFigures(beside, 'FEMALE'));
    }
    add('all-beside', `${words.people} · ${beside.label}`, bandFigures(beside));
  }
  if (against) {
    const [later, earlier] = [bandFigures(subject), bandFigures(against)];
    add('all-against', `${words.people} · ${against.label}`, earlier);
    columns.push({
      key: 'all-change',
      label: words.change,
      unit: '',
      format: CHANGE,
      figure: (band) => changeFigure(later(band), earlier(band)),
    });
  }
  const rows = bandsOf([subject, beside, against]).map((band) => ({
    key: band,
    label: band === UNKNOWN ? words.unknown : band,
    figures: columns.map(({ figure }) => figure(band)),
  }));
  return { ...table, columns: columns.map(({ figure: _figure, ...column }) => column), rows };
}

const UNKNOWN = 'unknown';

function hasPyramid({ data }: Side): boolean {
  return (data?.pyramid ?? []).length > 0;
}

function bandFigures({ data, gapOf }: Side): (band: string) => Figure {
  const cells = data?.byAge;
  if (!cells) return () => missing(gapOf('byAge'));
  return (band) => measureOf(find(cells, band), 'count');
}

function sexFigures({ data, gapOf }: Side, sex: string): (band: string) => Figure {
  const cells = data?.pyramid;
  if (!cells) return () => missing(gapOf('pyramid'));
  const ofSex = cells.filter((cell) => cell.sex === sex);
  return (band) => measureOf(find(ofSex, band), 'count');
}

function find(cells: readonly Cell[], band: string): Cell | undefined {
  return cells.find(({ ageBand }) => (ageBand ?? UNKNOWN) === band);
}

/** The youngest first; the unknown last. */
function bandsOf(sides: readonly (Side | undefined)[]): readonly string[] {
  const cells = sides.flatMap((side) => [...(side?.data?.byAge ?? []), ...(side?.data?.pyramid ?? [])]);
  const bands = new Set(cells.map(({ ageBand }) => ageBand ?? UNKNOWN));
  const start = (band: string): number => (/^\d/.test(band) ? Number.parseInt(band, 10) : 1_000);
  return [...bands].sort((left, right) => start(left) - start(right));
}

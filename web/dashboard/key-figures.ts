import type { Part } from './answer.ts';
import { changeFigure } from './distributions.ts';
import { type Figure, rankOf } from './figure.ts';
import { CHANGE, type Column, type Table } from './table.ts';
import type { Words } from './texts.ts';
import { type Total, totalColumn, totalFigure, totalsOf } from './totals.ts';
import type { Level } from './places.ts';
import type { View } from './view.ts';

/** One of the large numbers at the head of the page. */
export interface KeyFigure {
  readonly total: Total;
  readonly column: Column;
  readonly figure: Figure;
  /** Place among the counties of which the number is shown. */
  readonly rank?: { readonly place: number; readonly of: number } | undefined;
  readonly beside?: Figure | undefined;
  readonly against?: Figure | undefined;
  /** Growth since `against`, of one. */
  readonly change?: Figure | undefined;
}

/** @param siblings the counties among which a county has its place. */
export function keyFigures(view: View, level: Level, siblings: readonly Part[] | undefined): readonly KeyFigure[] {
  const { words, subject, beside, against } = view;
  return totalsOf(level).map((total) => {
    const figure = totalFigure(total, subject.data, subject.gapOf);
    const others = siblings?.map((part) => totalFigure(total, part, () => ({ kind: 'NO_DATA' })));
    const earlier = against && totalFigure(total, against.data, against.gapOf);
    return {
      total,
      column: totalColumn(total, subject.data, words),
      figure,
      rank: others && rankOf(figure, others),
      beside: beside && totalFigure(total, beside.data, beside.gapOf),
      against: earlier,
      change: earlier && changeFigure(figure, earlier),
    };
  });
}

/** The same as a table, for export. */
export function keyFigureTable(
  figures: readonly KeyFigure[],
  {
    words,
    labels,
  }: {
    readonly words: Words;
    readonly labels: { subject: string; beside?: string | undefined; against?: string | undefined };
  },
): Table {
  const column = (key: string, label: string): Column => ({
    key,
    label,
    unit: '',
    format: { kind: 'NUMBER', digits: 2 },
  });
  return {
    id: 'key',
    title: words.keyFigures,
    rowLabel: words.measure,
    columns: [
      column('value', labels.subject),
      ...(labels.beside === undefined ? [] : [column('beside', labels.beside)]),
      ...(labels.against === undefined
        ? []
        : [column('against', labels.against), { ...column('change', words.change), format: CHANGE }]),
    ],
    rows: figures.map(({ total, column: own, figure, beside, against, change }) => ({
      key: total,
      label: own.label,
      figures: [figure, beside, against, change].flatMap((each) => each ?? []),
      own,
    })),
  };
}

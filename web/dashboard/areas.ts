import type { Part } from './answer.ts';
import type { Table } from './table.ts';
import { type GapOf, totalColumn, totalFigure, totalsOf } from './totals.ts';
import type { View } from './view.ts';

interface Options {
  readonly id: 'counties' | 'townships';
  readonly view: View;
  /** Why a number of a part is not there. */
  readonly gapOf: GapOf;
}

/** The parts of a division, a row each with all their totals, in the order of their codes. */
export function areaTable(parts: readonly Part[], { id, view, gapOf }: Options): Table {
  const { words, subject } = view;
  const ofTownships = id === 'townships';
  const totals = totalsOf(ofTownships ? 'TOWNSHIP' : 'COUNTY');
  return {
    id,
    title: ofTownships ? words.townships : words.counties,
    rowLabel: words.place,
    columns: totals.map((total) => totalColumn(total, subject.data, words)),
    rows: parts.map((part) => ({
      key: part.code,
      label: part.name ?? part.code,
      figures: totals.map((total) => totalFigure(total, part, gapOf)),
    })),
    ...(parts.length === 0 && { gap: gapOf('children') }),
  };
}

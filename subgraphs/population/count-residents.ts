import { type CountRow, countRows, partAt, type TableArguments, totalAt } from '../../lib/cubes/count-rows.ts';
import { periodBefore } from '../../lib/cubes/period-before.ts';
import { isSixtyAndOver, RESIDENTS } from './cubes.ts';
import type { PopulationContext } from './loaders.ts';

interface DivisionStub {
  readonly code: string;
}

interface DivisionAtStub extends DivisionStub {
  readonly period: string;
}

const asking = ({ loaders, signed }: PopulationContext) => ({ tables: loaders.tables, signed });

/** What public security counts in a division: released tables, never a live count. */
export const division = {
  __resolveReference: (stub: DivisionStub) => stub,
  population: async ({ code }: DivisionStub, args: TableArguments, context: PopulationContext) =>
    (await countRows(RESIDENTS, { code, ...args }, asking(context))).map(shown),
};

/** Totals for indicators that are derived from several departments' numbers. */
export const divisionAt = {
  __resolveReference: (stub: DivisionAtStub) => stub,
  residents: (stub: DivisionAtStub, _: unknown, context: PopulationContext) =>
    totalAt(RESIDENTS, stub, asking(context)),
  residentsBefore: ({ code, period }: DivisionAtStub, _: unknown, context: PopulationContext) =>
    totalAt(RESIDENTS, { code, period: periodBefore(period) }, asking(context)),
  residentsAged60AndOver: (stub: DivisionAtStub, _: unknown, context: PopulationContext) =>
    partAt(RESIDENTS, { ...stub, by: ['AGE_BAND'], where: ([band = null]) => isSixtyAndOver(band) }, asking(context)),
};

function shown({ count, suppressed, about, of }: CountRow) {
  const [sex, ageBand, ethnicGroup] = [of('SEX'), of('AGE_BAND'), of('ETHNIC_GROUP')];
  return { sex, ageBand, ethnicGroup, count, suppressed, about };
}

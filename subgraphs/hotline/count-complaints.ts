import { type CountRow, countRows, type TableArguments, totalAt } from '../../lib/cubes/count-rows.ts';
import { COMPLAINTS } from './cubes.ts';
import type { HotlineContext } from './loaders.ts';
import { topicOf } from './topics.ts';

interface DivisionStub {
  readonly code: string;
}

interface DivisionAtStub extends DivisionStub {
  readonly period: string;
}

const asking = ({ loaders, signed }: HotlineContext) => ({ tables: loaders.tables, signed });

/** What the hotline counts in a division: released tables, never a live count. */
export const division = {
  __resolveReference: (stub: DivisionStub) => stub,
  complaints: async ({ code }: DivisionStub, args: TableArguments, context: HotlineContext) =>
    (await countRows(COMPLAINTS, { code, ...args }, asking(context))).map(shown),
};

/** Totals for indicators that are derived from several departments' numbers. */
export const divisionAt = {
  __resolveReference: (stub: DivisionAtStub) => stub,
  complaints: (stub: DivisionAtStub, _: unknown, context: HotlineContext) => totalAt(COMPLAINTS, stub, asking(context)),
};

function shown({ count, suppressed, about, of }: CountRow) {
  const group = of('TOPIC');
  const topic = group === null ? null : (topicOf(group) ?? null);
  return { topic, kind: of('KIND'), state: of('STATE'), count, suppressed, about };
}

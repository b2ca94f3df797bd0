import { type CountRow, countRows, partAt, type TableArguments } from '../../lib/cubes/count-rows.ts';
import { periodBefore } from '../../lib/cubes/period-before.ts';
import { ACTIVE, ENTERPRISE, LEGAL_PERSONS } from './cubes.ts';
import type { LegalPersonsContext } from './loaders.ts';

interface DivisionStub {
  readonly code: string;
}

interface DivisionAtStub extends DivisionStub {
  readonly period: string;
}

const asking = ({ loaders, signed }: LegalPersonsContext) => ({ tables: loaders.tables, signed });

/** What market regulation counts in a division: released tables, never a live count. */
export const division = {
  __resolveReference: (stub: DivisionStub) => stub,
  legalPersons: async ({ code }: DivisionStub, args: TableArguments, context: LegalPersonsContext) =>
    (await countRows(LEGAL_PERSONS, { code, ...args }, asking(context))).map(shown),
};

/** Totals for indicators that are derived from several departments' numbers. */
export const divisionAt = {
  __resolveReference: (stub: DivisionAtStub) => stub,
  enterprises: (stub: DivisionAtStub, _: unknown, context: LegalPersonsContext) => enterprisesAt(stub, context),
  enterprisesBefore: ({ code, period }: DivisionAtStub, _: unknown, context: LegalPersonsContext) =>
    enterprisesAt({ code, period: periodBefore(period) }, context),
};

/** Enterprises in operation. */
function enterprisesAt(at: DivisionAtStub, context: LegalPersonsContext): Promise<number | null> {
  const where = ([status, body]: readonly (string | null)[]): boolean => status === ACTIVE && body === ENTERPRISE;
  return partAt(LEGAL_PERSONS, { ...at, by: ['STATUS', 'BODY'], where }, asking(context));
}

function shown({ count, suppressed, sum, sumSuppressed, about, of }: CountRow) {
  const body = of('BODY');
  return {
    ...{ industry: of('INDUSTRY'), status: of('STATUS'), enterprise: body === null ? null : body === ENTERPRISE },
    ...{ count, suppressed, revenueFen: sum, revenueSuppressed: sumSuppressed, about },
  };
}

import { type CountRow, countRows, type TableArguments } from '../../lib/cubes/count-rows.ts';
import { ARCHIVE_ITEMS, OPEN } from './cubes.ts';
import type { ArchivesContext } from './loaders.ts';

interface DivisionStub {
  readonly code: string;
}

/** What the archives bureau counts in a division: released tables, never a live count. */
export const division = {
  __resolveReference: (stub: DivisionStub) => stub,
  archives: async ({ code }: DivisionStub, args: TableArguments, { loaders, signed }: ArchivesContext) =>
    (await countRows(ARCHIVE_ITEMS, { code, ...args }, { tables: loaders.tables, signed })).map(shown),
};

function shown({ count, suppressed, about, of }: CountRow) {
  const open = of('OPEN');
  return { retention: of('RETENTION'), open: open === null ? null : open === OPEN, count, suppressed, about };
}

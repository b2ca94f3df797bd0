/**
 * What an order of the consumer's own (lib/shuffled-page.ts) costs a page of 100 persons, compared with the order of references,
 * which an index gives. Pages follow each other through the largest county of a seeded store.
 */
import { randomBytes } from 'node:crypto';
import type { Page } from '../lib/connection.ts';
import { type CursorCodec, cursorCodec } from '../lib/cursor.ts';
import { searchPage } from '../lib/search-page.ts';
import { shuffledPage } from '../lib/shuffled-page.ts';
import { models, type PersonRecord } from '../subgraphs/population/models.ts';
import { type Contender, measure } from './measure.ts';
import { benchCommand, type BenchOptions, rowsOf, show, table } from './report.ts';
import { seededStores } from './seeded-stores.ts';

const ROWS = 100;
const PERSONS = 70_000;
const PROJECTION = { _id: 1, name: 1, sex: 1, birthDate: 1, division: 1 } as const;
const AGAINST = 'in the order of references';

await benchCommand('list-order', `CPU of a page of ${ROWS} persons, in different orders`)
  .action(async ({ json, ...rounds }: BenchOptions) => {
    const stores = await seededStores(PERSONS);
    try {
      const { persons } = models(stores.connection('population'));
      const counties = await persons.aggregate<{ _id: string; persons: number }>([
        { $group: { _id: '$county', persons: { $sum: 1 } } },
        { $sort: { persons: -1 } },
      ]);
      const [largest] = counties;
      const few = counties.find((county) => county.persons < 2_000);
      if (!largest || !few) throw new Error('a seeded store has counties of all sizes');
      const cursors = cursorCodec(randomBytes(32), 'bench');
      const pageOf =
        (read: typeof inOrder, county: string) =>
        (after: string | undefined): Promise<Page<PersonRecord>> =>
          read({
            list: 'persons',
            filter: { county },
            projection: PROJECTION,
            arguments: { first: ROWS, after },
            cursors,
          });
      const inOrder = (query: ListQuery) => searchPage(persons, { ...query, sort: { county: 1, _id: 1 } });
      const shuffled = (query: ListQuery) => shuffledPage(persons, query);
      const contenders = [
        chain(AGAINST, pageOf(inOrder, largest._id)),
        chain(`${AGAINST}, with the cursor of each row`, pageOf(inOrder, largest._id), allCursors),
        chain('in an order of its own', pageOf(shuffled, largest._id)),
        chain('in an order of its own, with the cursor of each row', pageOf(shuffled, largest._id), allCursors),
        chain('in an order of its own, first pages only', (_) => pageOf(shuffled, largest._id)(undefined)),
        chain('in an order of its own, in a small county', pageOf(shuffled, few._id)),
      ];
      const rows = rowsOf(await measure(contenders, rounds), AGAINST);
      show(json, { rows: ROWS, largest, few, figures: rows }, () =>
        table(`${ROWS} rows a page, of ${largest.persons} persons (small county: ${few.persons})`, rows),
      );
    } finally {
      await stores.close();
    }
  })
  .parseAsync();

interface ListQuery {
  readonly list: string;
  readonly filter: Record<string, unknown>;
  readonly projection: Record<string, 1>;
  readonly arguments: { readonly first: number; readonly after: string | undefined };
  readonly cursors: CursorCodec;
}

/** Each run reads the next page; behind the last one it begins again. */
function chain(
  name: string,
  pageAfter: (after: string | undefined) => Promise<Page<PersonRecord>>,
  use: (page: Page<PersonRecord>) => void = () => undefined,
): Contender {
  let after: string | undefined;
  return {
    name,
    async run() {
      const page = await pageAfter(after);
      use(page);
      after = page.pageInfo.hasNextPage ? (page.pageInfo.endCursor() ?? undefined) : undefined;
    },
  };
}

function allCursors({ edges }: Page<PersonRecord>): void {
  for (const { cursor } of edges) cursor();
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ArchiveItemRecord, models } from '../../subgraphs/archives/models.ts';
import { definition } from '../../subgraphs/archives/subgraph.ts';
import { release } from '../support/build-cubes.ts';
import { type RunningSubgraph, startSubgraph } from '../support/subgraph.ts';

let subgraph: RunningSubgraph;

const item = (number: number, fields: Partial<ArchiveItemRecord> = {}): ArchiveItemRecord => ({
  ...{ _id: `0101-WS·1990-Y-01-${String(number).padStart(7, '0')}`, title: '结婚登记审查处理表', titleTokens: [] },
  ...{ fonds: '0101', fondsName: '楚雄市民政局', retention: '永久', secrecy: '内部', formedOn: '1990-06-01' },
  ...{ opensOn: '1900-01-01', county: '532301', subjects: [] },
  ...fields,
});
const items = (count: number, from: number, fields: Partial<ArchiveItemRecord>) =>
  Array.from({ length: count }, (_, index) => item(from + index, fields));

beforeAll(async () => {
  subgraph = await startSubgraph(definition, models);
  await models(subgraph.connection).archiveItems.insertMany([
    ...items(20, 0, {}),
    ...items(30, 100, { retention: '30年', formedOn: '2015-06-01' }),
    ...items(12, 200, { county: '532302', retention: '十年' }),
    // State secrets under their term: not even their number is told.
    ...items(9, 300, { secrecy: '机密', formedOn: '2020-01-01' }),
  ]);
  await release([{ definition, connection: subgraph.connection }], { period: '2026-11', asOf: '2026-11-22' });
}, 60_000);
afterAll(() => subgraph.close());

async function archivesOf(by: string): Promise<unknown[]> {
  const { data } = await subgraph.ask(
    `query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Division {
      archives(by: [${by}]) { retention open count about { source unit period } } } } }`,
    { refs: [{ __typename: 'Division', code: '532300' }] },
  );
  const [entity] = data?.['_entities'] as { archives: unknown[] }[];
  return entity?.archives ?? [];
}

describe('counts of archived items', () => {
  const about = { source: 'archives-bureau', unit: '件', period: '2026-11' };
  const row = (count: number, fields: object = {}) => ({ retention: null, open: null, count, about, ...fields });

  it('leave state secrets out, and tell what is open on the day of the release', async () => {
    expect(await archivesOf('')).toEqual([row(62)]);
    expect(await archivesOf('OPEN')).toEqual([row(32, { open: true }), row(30, { open: false })]);
  });

  it('name a term that the list does not hold null, after all others', async () => {
    expect(await archivesOf('RETENTION')).toEqual([
      row(20, { retention: 'PERMANENT' }),
      row(30, { retention: 'THIRTY_YEARS' }),
      row(12),
    ]);
  });
});

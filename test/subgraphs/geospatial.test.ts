import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { maskValue } from '../../sharing/policy/mask.ts';
import {
  type DivisionRecord,
  type GeospatialModels,
  models,
  type ParcelRecord,
} from '../../subgraphs/geospatial/models.ts';
import { definition } from '../../subgraphs/geospatial/subgraph.ts';
import { release } from '../support/build-cubes.ts';
import { planOf } from '../support/explain.ts';
import { type RunningSubgraph, startSubgraph } from '../support/subgraph.ts';

let subgraph: RunningSubgraph;
let stored: GeospatialModels;

type Part = Partial<DivisionRecord> & Pick<DivisionRecord, 'code' | 'name'>;

function division({ code, name, ...fields }: Part): DivisionRecord {
  const record = { level: 'COUNTY', parent: '532300', validFrom: '1980-01-01', validTo: null, ...fields } as const;
  return { _id: `${code}@${record.validFrom}`, code, name, predecessors: [], successors: [], ...record };
}

const LUFENG_COUNTY = { code: '532331', name: '禄丰县', validTo: '2021-01-01', successors: ['532302'] };
const LUFENG_CITY = { code: '532302', name: '禄丰市', validFrom: '2021-01-01', predecessors: ['532331'] };

/** A square of `size` degrees whose south-west corner is given. */
function square(west: number, south: number, size: number): [number, number][] {
  const [east, north] = [west + size, south + size];
  return [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
}

function parcel(number: number, fields: Partial<ParcelRecord> = {}): ParcelRecord {
  return {
    _id: `532301101001JC${String(number).padStart(5, '0')}`,
    county: '532301',
    division: '532301101001',
    landUse: '0702',
    areaSquareMetres: 100.25,
    geometry: { type: 'Polygon', coordinates: [square(101.5 + number / 1000, 25, 0.0005)] },
    datum: 'CGCS2000',
    ownerKind: 'PERSON',
    ownerRef: `${number % 2}`.repeat(32),
    certificateNumber: `云(2020)楚雄市不动产权第000000${number}号`,
    registeredOn: '2020-05-01',
    ...fields,
  };
}

beforeAll(async () => {
  subgraph = await startSubgraph(definition, models);
  stored = models(subgraph.connection);
  await stored.divisions.insertMany([
    division({ code: '530000', name: '云南省', level: 'PROVINCE', parent: null }),
    division({ code: '532300', name: '楚雄彝族自治州', level: 'PREFECTURE', parent: '530000' }),
    division({ code: '532301', name: '楚雄市', validFrom: '1983-01-01' }),
    division(LUFENG_COUNTY),
    division(LUFENG_CITY),
    division({ code: '220105', name: '二道河子区', parent: '220100', validTo: '1995-07-06' }),
    division({ code: '220105', name: '二道区', parent: '220100', validFrom: '1995-07-06' }),
    ...['532301101', '532301102', '532301103'].map((code) =>
      division({ code, name: `镇${code.slice(-1)}`, level: 'TOWNSHIP', parent: '532301', validFrom: '2023-12-31' }),
    ),
  ]);
  await stored.parcels.insertMany([
    ...Array.from({ length: 20 }, (_, index) => parcel(index + 1)),
    parcel(30, { landUse: '0601', ownerKind: 'LEGAL_PERSON', ownerRef: '91532301MA6K00014Y' }),
    // Stored with an owner although it has none: what the kind says counts.
    parcel(31, { landUse: '1003', ownerKind: 'STATE', ownerRef: '0'.repeat(32) }),
    parcel(32, {
      _id: '532302100001GB00001',
      county: '532302',
      division: '532302100001',
      landUse: '0101',
      ownerKind: 'COLLECTIVE',
      geometry: { type: 'Polygon', coordinates: [square(102.1, 25.1, 0.0005)] },
    }),
  ]);
  await stored.parcels.updateOne({ _id: '532302100001GB00001' }, { $unset: { ownerRef: 1 } });
}, 60_000);

afterAll(() => subgraph.close());
beforeEach(() => {
  subgraph.reads();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a division', () => {
  const ask = (rest: string, fields = 'code name validFrom validTo') =>
    subgraph.ask(`{ division(${rest}) { ${fields} } }`);

  it('is the one that had the code on a day', async () => {
    const named = async (day: string) => (await ask(`code: "220105", at: "${day}"`, 'name')).data?.division;
    expect(await named('1995-07-05')).toEqual({ name: '二道河子区' });
    expect(await named('1995-07-06')).toEqual({ name: '二道区' });
    expect(await named('1979-12-31')).toBeNull();
  });

  it('is the one in force, or the last one of an abolished code, where no day is given', async () => {
    expect((await ask('code: "220105"')).data?.division).toMatchObject({ name: '二道区', validTo: null });
    expect((await ask('code: "532331"')).data?.division).toMatchObject({ name: '禄丰县', validTo: '2021-01-01' });
    expect((await ask('code: "532331", at: "2021-01-01"')).data?.division).toBeNull();
    expect((await ask('code: "532399"')).data?.division).toBeNull();
  });

  it('knows its neighbours as at the same day', async () => {
    const fields =
      'parent { name parent { name parent { name } } } predecessors { code name } successors { code name validFrom }';
    expect((await ask('code: "532302"', fields)).data?.division).toEqual({
      parent: { name: '楚雄彝族自治州', parent: { name: '云南省', parent: null } },
      predecessors: [{ code: '532331', name: '禄丰县' }],
      successors: [],
    });
    expect((await ask('code: "532331", at: "2015-01-01"', fields)).data?.division).toMatchObject({
      successors: [{ code: '532302', name: '禄丰市', validFrom: '2021-01-01' }],
    });
  });

  it('has the children of its day', async () => {
    const names = async (at: string) => {
      const { data } = await ask(`code: "532300"${at}`, 'children { edges { node { name } } }');
      const { edges } = (data?.division as { children: { edges: { node: { name: string } }[] } }).children;
      return edges.map(({ node }) => node.name);
    };
    expect(await names('')).toEqual(['楚雄市', '禄丰市']);
    expect(await names(', at: "2020-12-31"')).toEqual(['楚雄市', '禄丰县']);
    expect(await names(', at: "1981-01-01"')).toEqual(['禄丰县']);
  });

  it('gives children by pages, for many parents with one query', async () => {
    const query = (after: string) => `{ divisions(level: COUNTY, name: "楚雄市") { edges { node {
      children(first: 2${after}) { edges { node { code } } pageInfo { hasNextPage endCursor } } } } } }`;
    interface Children {
      readonly edges: { node: { code: string } }[];
      readonly pageInfo: { hasNextPage: boolean; endCursor: string };
    }
    const children = async (after: string): Promise<Children> => {
      const { data } = await subgraph.ask(query(after));
      const { edges } = data?.divisions as { edges: { node: { children: Children } }[] };
      return edges[0]?.node.children ?? { edges: [], pageInfo: { hasNextPage: false, endCursor: '' } };
    };
    const first = await children('');
    expect(first.edges.map(({ node }) => node.code)).toEqual(['532301101', '532301102']);
    expect(first.pageInfo.hasNextPage).toBe(true);
    const second = await children(`, after: "${first.pageInfo.endCursor}"`);
    expect(second.edges.map(({ node }) => node.code)).toEqual(['532301103']);
    expect(second.pageInfo.hasNextPage).toBe(false);
    subgraph.reads();
    await subgraph.ask(`{ divisions(parent: "532300") { edges { node {
      name parent { name } predecessors { name } children { edges { node { name } } } } } } }`);
    expect(
      subgraph
        .reads()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['divisions.aggregate', 'divisions.find', 'divisions.find']);
  });

  it('is resolved as a reference by its code', async () => {
    const refs = ['532331', '532302', '999999'].map((code) => ({ __typename: 'Division', code }));
    const { data } = await subgraph.ask(
      'query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Division { name level } } }',
      { refs },
    );
    expect(data?._entities).toEqual([{ name: '禄丰县', level: 'COUNTY' }, { name: '禄丰市', level: 'COUNTY' }, null]);
    expect(subgraph.reads()).toHaveLength(1);
  });

  it('leads to the division as at a period, which must be one', async () => {
    expect((await ask('code: "532300"', 'at(period: "2024-Q3") { code period }')).data?.division).toEqual({
      at: { code: '532300', period: '2024-Q3' },
    });
    const { errors } = await ask('code: "532300"', 'at(period: "2024-13") { code }');
    expect(errors?.[0]?.message).toMatch(/^period: .+2024-Q3/);
  });

  it('refuses codes that are none and a list of everything', async () => {
    expect((await ask('code: "5323"')).errors?.[0]?.message).toMatch(/^code: .+6 digits/);
    expect((await ask('code: "532300", at: "2021-02-29"')).errors?.[0]?.message).toMatch(/calendar date/);
    expect((await subgraph.ask('{ divisions { edges { node { name } } } }')).codes).toEqual(['BAD_USER_INPUT']);
    expect((await subgraph.ask('{ divisions(name: "") { edges { node { name } } } }')).errors?.[0]?.message).toMatch(
      /^name: empty/,
    );
  });

  it('is listed through an index', async () => {
    await subgraph.ask('{ divisions(level: COUNTY, at: "2010-01-01") { edges { node { name } } } }');
    await subgraph.ask('{ divisions(parent: "532300") { edges { node { name } } } }');
    await subgraph.ask('{ divisions(name: "禄丰市") { edges { node { name } } } }');
    const plans = await Promise.all(subgraph.reads().map((read) => planOf(subgraph.connection, read)));
    expect(plans.map(({ indexes, sorts }) => [indexes, sorts])).toEqual([
      [['level_1_code_1__id_1'], false],
      [['parent_1_code_1__id_1'], false],
      [['name_1_code_1__id_1'], false],
    ]);
  });
});

describe('a parcel', () => {
  const code = '532301101001JC00001';

  it('is found by its code, with its geometry and the datum of it', async () => {
    const { data } = await subgraph.ask(`{ parcel(code: "${code.toLowerCase()}") {
      code landUse landUseName landUseClass areaSquareMetres ownerKind geometry owner { __typename } } }`);
    expect(data?.parcel).toEqual({
      code,
      landUse: '0702',
      landUseName: '农村宅基地',
      landUseClass: 'RESIDENTIAL',
      areaSquareMetres: 100.25,
      ownerKind: 'PERSON',
      geometry: { type: 'Polygon', coordinates: [square(101.501, 25, 0.0005)], datum: 'CGCS2000', epsg: 4490 },
      owner: { __typename: 'Person' },
    });
  });

  it('shows its geometry masked as a box of the grid that still names its datum', async () => {
    const { data } = await subgraph.ask(`{ parcel(code: "${code}") { geometry } }`);
    const masked = maskValue('GRID', (data?.parcel as { geometry: unknown }).geometry);
    expect(masked).toEqual({
      type: 'Polygon',
      datum: 'CGCS2000',
      epsg: 4490,
      coordinates: [
        [
          [101.5, 25],
          [101.51, 25],
          [101.51, 25.01],
          [101.5, 25.01],
          [101.5, 25],
        ],
      ],
    });
  });

  it('belongs to a person, to a legal person or to nobody a register describes', async () => {
    const { data } = await subgraph.ask(`{ parcels(filter: { division: "532300" }, first: 50) { edges { node {
      code owner { __typename ... on LegalPerson { uscc } ... on Person { ref } } } } } }`);
    const { edges } = data?.parcels as { edges: { node: { code: string; owner: unknown } }[] };
    const owners = new Map(edges.map(({ node }) => [node.code, node.owner]));
    expect(owners.get(code)).toEqual({ __typename: 'Person', ref: '1'.repeat(32) });
    expect(owners.get('532301101001JC00030')).toEqual({ __typename: 'LegalPerson', uscc: '91532301MA6K00014Y' });
    expect(owners.get('532301101001JC00031')).toBeNull();
    expect(owners.get('532302100001GB00001')).toBeNull();
    expect(subgraph.reads()).toHaveLength(1);
  });

  it('is found from its owner', async () => {
    const refs = [
      { __typename: 'Person', ref: '0'.repeat(32) },
      { __typename: 'Person', ref: '1'.repeat(32) },
      { __typename: 'LegalPerson', uscc: '91532301MA6K00014Y' },
    ];
    const { data } = await subgraph.ask(
      `query ($refs: [_Any!]!) { _entities(representations: $refs) {
        ... on Person { parcels(first: 2) { code } } ... on LegalPerson { parcels { code } } } }`,
      { refs },
    );
    expect(data?._entities).toEqual([
      { parcels: [{ code: '532301101001JC00002' }, { code: '532301101001JC00004' }] },
      { parcels: [{ code: '532301101001JC00001' }, { code: '532301101001JC00003' }] },
      { parcels: [{ code: '532301101001JC00030' }] },
    ]);
    for (const read of subgraph.reads())
      expect((await planOf(subgraph.connection, read)).indexes).toEqual(['ownerRef_1']);
  });

  it('is null outside the scope and refused where the code is none', async () => {
    const query = `{ parcel(code: "${code}") { code } }`;
    expect((await subgraph.ask(query, {}, { divisions: ['532302'] })).data).toEqual({ parcel: null });
    expect((await subgraph.ask(query, {}, { divisions: ['532301101'] })).data).toEqual({ parcel: { code } });
    expect((await subgraph.ask('{ parcel(code: "532301") { code } }')).errors?.[0]?.message).toMatch(
      /^code: .+19 characters/,
    );
  });

  it('is listed by division, land use and owner', async () => {
    const list = (filter: string) =>
      subgraph.ask(`{ parcels(filter: { ${filter} }) { totalCount edges { node { code } } } }`);
    expect((await list('division: "532301", landUse: RESIDENTIAL')).data?.parcels).toMatchObject({ totalCount: 20 });
    expect((await list('division: "532300", landUse: CULTIVATED')).data?.parcels).toMatchObject({ totalCount: 1 });
    expect((await list('division: "532301101001", ownerKind: STATE')).data?.parcels).toMatchObject({ totalCount: 1 });
    expect((await list('division: "532301102"')).data?.parcels).toMatchObject({ totalCount: 0, edges: [] });
    subgraph.reads();
    await list('division: "532300"');
    for (const read of subgraph.reads()) {
      const { indexes, sorts } = await planOf(subgraph.connection, read);
      expect([indexes, sorts]).toEqual([['county_1__id_1'], false]);
    }
  });
});

describe('a search by place', () => {
  const position = ([longitude, latitude]: readonly [number, number]) => ({ longitude, latitude });
  const area = (ring: readonly (readonly [number, number])[], datum = 'CGCS2000', asking = {}) =>
    subgraph.ask(
      `query ($polygon: [PositionInput!]!, $datum: Datum!, $after: String) {
        parcelsInPolygon(polygon: $polygon, datum: $datum, first: 3, after: $after) {
          totalCount edges { node { code } } pageInfo { hasNextPage endCursor } } }`,
      { polygon: ring.map(position), datum, ...asking },
    );

  it('finds the parcels an area touches, by pages, through the index of places', async () => {
    const ring = square(101.5, 24.9995, 0.0052);
    const first = await area(ring);
    expect(first.data?.parcelsInPolygon).toMatchObject({
      totalCount: 5,
      edges: [1, 2, 3].map((number) => ({ node: { code: `532301101001JC0000${number}` } })),
      pageInfo: { hasNextPage: true },
    });
    for (const read of subgraph.reads())
      expect((await planOf(subgraph.connection, read)).indexes).toEqual(['geometry_2dsphere']);
    const { pageInfo } = first.data?.parcelsInPolygon as { pageInfo: { endCursor: string } };
    const second = await area(ring, 'CGCS2000', { after: pageInfo.endCursor });
    expect(second.data?.parcelsInPolygon).toMatchObject({ edges: [{}, {}], pageInfo: { hasNextPage: false } });
  });

  it('stays inside the scope', async () => {
    const query = `query ($polygon: [PositionInput!]!) { parcelsInPolygon(polygon: $polygon, datum: CGCS2000) { totalCount } }`;
    const polygon = square(101.5, 25, 0.65).map(position);
    expect((await subgraph.ask(query, { polygon })).data?.parcelsInPolygon).toEqual({ totalCount: 23 });
    const { data } = await subgraph.ask(query, { polygon }, { divisions: ['532302'] });
    expect(data?.parcelsInPolygon).toEqual({ totalCount: 1 });
  });

  it('finds the parcel a point lies on', async () => {
    const at = (point: string) => subgraph.ask(`{ parcelsAtPoint(point: ${point}, datum: CGCS2000) { code } }`);
    const { data } = await at('{ longitude: 101.5012, latitude: 25.0002 }');
    expect(data?.parcelsAtPoint).toEqual([{ code: '532301101001JC00001' }]);
    expect((await at('{ longitude: 101.5008, latitude: 25.0002 }')).data?.parcelsAtPoint).toEqual([]);
    expect((await at('{ longitude: 25, latitude: 101.5 }')).errors?.[0]?.message).toMatch(
      /^point: .+latitude from -90 to 90/,
    );
  });

  it('refuses coordinates without a datum or of another one', async () => {
    const without = await subgraph.ask('{ parcelsAtPoint(point: { longitude: 101, latitude: 25 }) { code } }');
    expect(without.errors?.[0]?.message).toMatch(/"datum" of type "Datum!" is required/);
    const { errors } = await area(square(101.5, 25, 0.01), 'GCJ02');
    expect(errors?.[0]?.message).toMatch(/^datum: GCJ02 .+Transform the positions to CGCS2000/);
    expect(subgraph.reads()).toEqual([]);
  });

  it('refuses an area that is none', async () => {
    const { errors, codes } = await area(square(101.5, 25, 0.01).slice(0, 4));
    expect(codes).toEqual(['BAD_USER_INPUT']);
    expect(errors?.[0]?.message).toMatch(/^polygon: the ring is not closed/);
    expect(subgraph.reads()).toEqual([]);
  });

  it('takes a ring of a thousand positions, in either direction', async () => {
    const ring = Array.from({ length: 999 }, (_, index): [number, number] => {
      const angle = (2 * Math.PI * index) / 999;
      return [101 + 0.1 * Math.cos(angle), 25 + 0.1 * Math.sin(angle)];
    });
    const closed = [...ring, ...ring.slice(0, 1)];
    expect((await area(closed)).errors).toBeUndefined();
    expect((await area(closed.reverse())).errors).toBeUndefined();
  });
});

describe('sums over parcels', () => {
  const sums = (by: string, asking = {}) =>
    subgraph.ask(
      `query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Division {
        parcels(by: [${by}]) { landUse ownerKind count areaSquareMetres suppressed areaSuppressed
          about { unit source title asOf period release status } } } } }`,
      { refs: ['532300', '532301', '532302'].map((code) => ({ __typename: 'Division', code })) },
      asking,
    );

  beforeAll(async () => {
    await release([{ definition, connection: subgraph.connection }], { period: '2026-12', asOf: '2026-12-31' });
  });

  it('give the number of each division and where it is from, with one read of the tables', async () => {
    const { data } = await sums('');
    const about = { unit: '宗', source: 'natural-resources', title: '登记宗地', asOf: '2026-12-31', release: 1 };
    const rows = (data?._entities as { parcels: { count: number | null }[] }[]).map(({ parcels }) => parcels[0]);
    expect(rows[0]).toMatchObject({ about: { ...about, period: '2026-12', status: 'FIRST' } });
    // 22 and 1 are 23: of the three at most one may be told.
    expect(rows[2]).toMatchObject({ count: null, areaSquareMetres: null });
    expect(rows.filter((row) => row?.count === null).length).toBeGreaterThanOrEqual(2);
    expect(
      subgraph
        .reads()
        .map(({ name }) => name)
        .filter((name) => name !== 'cubeReleases.find')
        .sort(),
    ).toEqual(['cubeTables.find', 'divisions.find']);
  });

  it('withhold the area of land that two people own, however many parcels it is', async () => {
    const [prefecture] = (await sums('OWNER_KIND')).data?._entities as { parcels: { ownerKind: string }[] }[];
    expect(prefecture?.parcels.find(({ ownerKind }) => ownerKind === 'PERSON')).toMatchObject({
      areaSquareMetres: null,
      areaSuppressed: expect.stringMatching(/PRIMARY|SECONDARY/) as string,
    });
  });

  it('are refused for a division that is not wholly in scope, and in combinations that are not listed', async () => {
    expect((await sums('', { divisions: ['532301'] })).codes).toEqual(['PARTIAL_SCOPE', 'PARTIAL_SCOPE']);
    expect((await sums('LAND_USE, OWNER_KIND')).codes).toEqual(Array(3).fill('BAD_USER_INPUT'));
  });

  it('of a period without a release are refused with the periods that there are', async () => {
    const { codes, errors } = await subgraph.ask('{ division(code: "532300") { parcels(period: "2025") { count } } }');
    expect(codes).toEqual(['NO_RELEASE']);
    expect(errors?.[0]?.message).toMatch(/no statistical release of 2025 .+ released for 2026-12/);
  });
});

import {
  buildClientSchema,
  getIntrospectionQuery,
  type GraphQLSchema,
  type IntrospectionQuery,
  isObjectType,
  printSchema,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXAMPLE_QUERIES } from '../../scripts/example-queries.ts';
import type { Grant } from '../../sharing/policy/grant.ts';
import { type Reach, reachable, type Samples } from '../support/reach.ts';
import { sampleArguments } from '../support/sample-arguments.ts';
import { type SeededHub, seededHub } from '../support/seeded-hub.ts';

const HOLDER = { department: 'government-office', application: 'dashboard', purpose: 'leaders-statistics' };
const LEADER = { ...HOLDER, roles: ['leader'] };

/** What single persons, enterprises, parcels, documents and acts are kept in, and what only leads to them. */
const ROWS = [
  ...['Person', 'Household', 'Residence', 'Verification', 'LegalPerson', 'Licence', 'Penalty', 'Professional'],
  ...['Employment', 'Parcel', 'Owner', 'Document', 'ArchiveItem', 'Subject', 'Complaint'],
  ...['Grant', 'GrantItem', 'DivisionChange', 'SharingRequest', 'AuditEntry', 'DeniedItem', 'RowCount', 'Purpose'],
  ...[
    'Release',
    'ReleasedSubgraph',
    'RegisteredSubgraph',
    'PublishingKey',
    'Proposal',
    'RightsChange',
    'Gain',
    'Notice',
  ],
  ...['Subgraph', 'Publication', 'Check', 'Finding', 'CompositionProblem', 'SchemaPlace', 'SchemaChange', 'Impact'],
];

/** Every item a leader may ask for; one more is a decision of its own, to be made here. */
const LEFT: Readonly<Record<string, string>> = {
  Query: 'division divisions indicator indicators law laws observations',
  Division:
    'archives at children code complaints indicator indicatorSeries indicators legalPersons level name parcels parent population predecessors successors validFrom validTo',
  DivisionConnection: 'edges pageInfo',
  DivisionEdge: 'cursor node',
  DivisionAt:
    'code complaints complaintsPerTenThousandResidents enterprises enterprisesBefore enterprisesGrowth ' +
    'enterprisesPerTenThousandResidents parcelAreaPerEnterprise parcelAreaPerResident parcelAreaSquareMetres period residents ' +
    'residentsAged60AndOver residentsBefore residentsGrowth residentsPerEnterprise shareAged60AndOver',
  DerivedIndicator: 'definition missing unit value',
  PopulationCount: 'about ageBand count ethnicGroup sex suppressed',
  LegalPersonCount: 'about count enterprise industry revenueFen revenueSuppressed status suppressed',
  ParcelCount: 'about areaSquareMetres areaSuppressed count landUse ownerKind suppressed',
  ComplaintCount: 'about count kind state suppressed topic',
  ArchiveCount: 'about count open retention suppressed',
  StatisticalSource: 'asOf definition period release source status title unit',
  IndicatorSeries: 'breaks division indicator points',
  SeriesPoint: 'period publishedOn publishedUnder source status value',
  SeriesBreak: 'from period reason to',
  ComplaintTopic: 'code group title',
  Indicator: 'code definition department frequency name unit',
  IndicatorConnection: 'edges pageInfo totalCount',
  IndicatorEdge: 'cursor node',
  Observation: 'division indicator period publishedOn source status unit value vintage',
  ObservationConnection: 'edges pageInfo',
  ObservationEdge: 'cursor node',
  Law: 'articles effectiveFrom id issuer repealedOn summary title',
  LawConnection: 'edges pageInfo totalCount',
  LawEdge: 'cursor node',
  PageInfo: 'endCursor hasNextPage',
};

describe('what a leader finds over all subgraphs', { timeout: 240_000 }, () => {
  let hub: SeededHub;
  let seen: GraphQLSchema;
  let samples: Samples;
  let reach: (coordinate: string) => Reach | undefined;

  beforeAll(async () => {
    hub = await seededHub({ persons: 300 });
    samples = await sampleArguments(hub, HOLDER, grantAll);
    reach = reachable(hub.apiSchema, samples);
    grantAll();
    const { data } = await hub.ask(getIntrospectionQuery(), LEADER);
    seen = buildClientSchema(data as unknown as IntrospectionQuery);
  });
  afterAll(() => hub.close());

  /** Every conditional item for every use: what is closed is not closed for want of a grant. */
  function grantAll(): void {
    const items = [...hub.policy.items.values()].flatMap(({ coordinate, class: shared }) =>
      shared === 'CONDITIONAL' ? { coordinate, uses: ['OUTPUT', 'LOOKUP', 'VERIFY', 'FILTER'] as const } : [],
    );
    hub.setGrants([{ ...HOLDER, items } satisfies Partial<Grant>]);
  }

  const coordinates = (schema: GraphQLSchema): string[] =>
    Object.values(schema.getTypeMap())
      .filter((type) => isObjectType(type) && !type.name.startsWith('__'))
      .flatMap((type) =>
        isObjectType(type) ? Object.keys(type.getFields()).map((field) => `${type.name}.${field}`) : [],
      );

  it('is the items listed here and no other', () => {
    const listed = Object.entries(LEFT).flatMap(([type, fields]) =>
      fields.split(' ').map((field) => `${type}.${field}`),
    );
    expect(coordinates(seen).sort()).toEqual(listed.sort());
    expect(seen.getMutationType()).toBeNull();
  });

  it('names no row type, no filter of one and no page of one', () => {
    const sdl = printSchema(seen);
    const named = (type: string): RegExp => new RegExp(`\\b${type}(Connection|Edge|Filter|Input)?\\b`);
    for (const type of ROWS) expect(printSchema(hub.apiSchema)).toMatch(named(type));
    expect(ROWS.filter((type) => named(type).test(sdl))).toEqual([]);
  });

  it('is a dashboard in one query, each number with what it is of', async () => {
    const example = EXAMPLE_QUERIES.find(({ query }) => query.includes('Dashboard'));
    const { data, errors } = await hub.ask(example?.query ?? '', LEADER);
    expect(errors).toBeUndefined();
    const { division } = data as { division: Record<string, unknown> };
    expect(division).toMatchObject({ name: '楚雄彝族自治州', at: { residents: expect.any(Number) as number } });
    for (const table of ['population', 'legalPersons', 'parcels'])
      expect((division[table] as unknown[]).length, table).toBeGreaterThan(1);
    expect(hub.entries.at(-1)).toMatchObject({ outcome: 'ANSWERED', rows: { Division: 1 }, subjects: [] });
  });

  it('answers each of its items', async () => {
    const failed: unknown[] = [];
    const leads = reachable(seen, samples);
    for (const coordinate of coordinates(seen)) {
      const { status, errors } = await hub.ask(leads(coordinate)?.query ?? '', LEADER);
      if (status !== 200 || errors) failed.push({ coordinate, errors });
    }
    expect(failed).toEqual([]);
  });

  it('has none of the others, which the same grants show to the same application without the role', async () => {
    const kept = new Set(coordinates(seen));
    const others = coordinates(hub.apiSchema).filter(
      (coordinate) => !kept.has(coordinate) && !coordinate.startsWith('Mutation.'),
    );
    expect(others.length).toBeGreaterThan(150);
    hub.fetches.length = 0;
    for (const coordinate of others) {
      const way = reach(coordinate);
      expect([coordinate, way]).toEqual([coordinate, expect.anything()]);
      const { data, errors } = await hub.ask(way?.query ?? '', LEADER);
      const codes = new Set(errors?.map(({ extensions }) => extensions['code']));
      expect([coordinate, data, [...codes]]).toEqual([coordinate, undefined, ['GRAPHQL_VALIDATION_FAILED']]);
      expect(hub.entries.at(-1)).toMatchObject({ outcome: 'INVALID' });
    }
    expect(hub.fetches).toEqual([]);
    const shown = await hub.ask(reach('Person.name')?.query ?? '', HOLDER);
    expect([shown.status, shown.errors]).toEqual([200, undefined]);
    expect(JSON.stringify(shown.data)).toMatch(/"target":"[^"*]+"/);
  });

  it('has no mutation: one that is there for others is answered as one that never was', async () => {
    hub.fetches.length = 0;
    const way = reach('Check.outcome');
    expect(way?.query).toMatch(/^mutation \{ checkSubgraph/);
    const told = await hub.ask(way?.query ?? '', LEADER);
    const never = await hub.ask('mutation { neverThere(input: {}) { target: outcome } }', LEADER);
    expect(told).toMatchObject({
      status: never.status,
      errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
    });
    expect([told.data, told.errors]).toEqual([undefined, never.errors]);
    expect(hub.fetches).toEqual([]);
    const role = await hub.ask(way?.query ?? '', HOLDER);
    expect(role.errors?.[0]?.extensions).toMatchObject({ code: 'NOT_SHARED', reason: 'NOT_AN_ACTOR' });
  });
});

import { policyToJson } from '../../schema/policy-json.ts';
import { readPolicy } from '../../schema/read-policy.ts';
import { storeGrant } from '../../sharing/store/grant-store.ts';
import { type SharingModels, sharingModels } from '../../sharing/store/models.ts';
import { storeRequests } from '../../sharing/store/request-store.ts';
import { models as archives } from '../../subgraphs/archives/models.ts';
import { models as geospatial } from '../../subgraphs/geospatial/models.ts';
import { models as hotline } from '../../subgraphs/hotline/models.ts';
import { models as legalPersons } from '../../subgraphs/legal-persons/models.ts';
import { models as population } from '../../subgraphs/population/models.ts';
import { models as statistics } from '../../subgraphs/statistics/models.ts';
import type { Samples } from './reach.ts';
import type { SeededHub } from './seeded-hub.ts';
import { writeCatalogue } from './write-catalogue.ts';

/** What the sample of a release and of the catalogue is of. */
const catalogued = readPolicy([
  {
    ...{ name: 'population', owner: 'public-security' },
    sdl: `type Person @resource(code: "307003/000001", title: "人口基础信息", updateCycle: DAILY)
      @sharing(class: CONDITIONAL) { name: String }`,
  },
]);

/** Arguments with which each field that needs some finds a row of the generated data. */
export async function sampleArguments(
  hub: SeededHub,
  caller: { department: string; application: string; purpose: string },
  grantAll: () => void,
): Promise<Samples> {
  const connection = (name: string): Parameters<typeof population>[0] => {
    const found = hub.connections.get(name);
    if (!found) throw new Error(`no subgraph ${name}`);
    return found;
  };
  const known = <Row>(row: Row | null): Row => {
    if (row === null) throw new Error('the generated data lack a row for a sample');
    return row;
  };
  const person = known(
    await population(connection('population'))
      .persons.findOne({ residentNumber: /^.{18}$/ })
      .lean(),
  );
  const firm = known(await legalPersons(connection('legal-persons')).legalPersons.findOne().lean());
  const professional = known(await legalPersons(connection('legal-persons')).professionals.findOne().lean());
  const parcel = known(await geospatial(connection('geospatial')).parcels.findOne({ ownerKind: 'PERSON' }).lean());
  const indicator = known(await statistics(connection('statistics')).indicators.findOne().lean());
  const observation = known(await statistics(connection('statistics')).observations.findOne().lean());
  const complaint = known(await hotline(connection('hotline')).complaints.findOne({ state: 'CLOSED' }).lean());
  const { documents, archiveItems, laws } = archives(connection('archives'));
  const document = known(await documents.findOne().lean());
  const item = known(await archiveItems.findOne().lean());
  const law = known(await laws.findOne().lean());
  const sharing = sharingModels(connection('exchange'));
  const grant = {
    ...caller,
    id: 'G-sample',
    owner: 'public-security',
    basis: 'test',
    items: [{ coordinate: 'Person.name', uses: ['OUTPUT'] as const }],
    divisions: ['532300'],
    validFrom: 0,
    validUntil: 9e12,
  };
  await storeGrant(sharing, grant);
  const { id: _id, validFrom, validUntil, ...asked } = grant;
  const term = { validFrom: new Date(validFrom), validUntil: new Date(validUntil) };
  const [request] = await storeRequests(sharing, [{ ...asked, ...term, officer: 'wang' }], new Date());
  const entry = {
    _id: 'A-sample',
    writer: 'w',
    sequence: 1,
    at: new Date(),
    kind: 'REQUEST',
    caller,
    items: { allowed: [], masked: [], denied: [{ coordinate: 'Person.name', reason: 'NO_GRANT' }] },
    rows: { Person: 1 },
  };
  await sharing.audit.db.collection<typeof entry>('auditEntries').insertOne(entry);
  await storePublishing(sharing, caller);
  await writeCatalogue(sharing, catalogued);

  grantAll();
  const found = await hub.ask(`{ personByResidentNumber(residentNumber: "${person.residentNumber}") { id } }`, caller);
  const { id } = found.data?.['personByResidentNumber'] as { id: string };
  const [first] = parcel.geometry.coordinates[0] ?? [];
  const [x = 0, y = 0] = first ?? [];
  const at = (dx: number, dy: number): string => `{ longitude: ${x + dx}, latitude: ${y + dy} }`;
  const ring = [at(-0.1, -0.1), at(0.1, -0.1), at(0.1, 0.1), at(-0.1, 0.1), at(-0.1, -0.1)].join(' ');
  return {
    'Query.personByResidentNumber': `(residentNumber: "${person.residentNumber}")`,
    'Query.person': `(id: "${id}")`,
    'Query.persons': '(filter: { division: "532300" } first: 2)',
    'Query.household': `(number: "${person.householdNumber}")`,
    'Query.verifyPerson': `(residentNumber: "${person.residentNumber}" name: "${person.name}")`,
    'Query.legalPerson': `(uscc: "${firm._id}")`,
    'Query.legalPersonByOrgCode': `(orgCode: "${firm.orgCode}")`,
    'Query.legalPersons': '(filter: { division: "532300" } first: 2)',
    'Query.professional': `(number: "${professional._id}")`,
    'Query.professionals': '(filter: { division: "532300" } first: 2)',
    'Query.division': '(code: "532300")',
    'Query.divisions': '(level: COUNTY)',
    'Query.parcel': `(code: "${parcel._id}")`,
    'Query.parcels': '(filter: { division: "532300", ownerKind: PERSON } first: 2)',
    'Query.parcelsInPolygon': `(polygon: [${ring}] datum: CGCS2000 first: 2)`,
    'Query.parcelsAtPoint': `(point: ${at(0, 0)} datum: CGCS2000)`,
    'Query.indicator': `(code: "${indicator._id}")`,
    'Query.observations': `(filter: { division: "${observation.division}" } first: 2)`,
    'Query.document': `(id: "${document._id}")`,
    'Query.documentByNumber': `(documentNumber: "${document.documentNumber}")`,
    'Query.documents': '(filter: { division: "532300" } first: 2)',
    'Query.archiveItem': `(number: "${item._id}")`,
    'Query.archiveItems': '(filter: { division: "532300" } first: 2)',
    'Query.law': `(id: "${law._id}")`,
    'Query.complaint': `(number: "${complaint.number}")`,
    'Query.complaints': '(division: "532300" first: 2)',
    'Query.grant': '(id: "G-sample")',
    'Query.request': `(id: "${known(request ?? null)._id}")`,
    'Query.auditEntry': '(id: "A-sample")',
    'Query.release': '(number: 1)',
    'Query.resource': '(type: "Person")',
    'Query.item': '(coordinate: "Person.name")',
    'Query.proposal': '(id: "P-sample")',
    'Query.usage': `(subgraph: "traffic" since: "${new Date(Date.now() - 86_400_000).toISOString()}")`,
    'Mutation.checkSubgraph': '(input: { subgraph: "traffic", sdl: "type Query { roads: Int }" })',
    'Mutation.publishSubgraph':
      '(input: { subgraph: "traffic", sdl: "type Query { roads: Int }" } after: 1 proof: "e30.e30.AA" message: "a test")',
    'Division.at': `(period: "${new Date().getFullYear()}")`,
    'Division.indicator': `(code: "${observation.indicator}" period: "${observation.period}")`,
    'Division.indicatorSeries': `(code: "${observation.indicator}" from: "${observation.period}" to: "${observation.period}")`,
    'Division.indicators': `(codes: ["${observation.indicator}"] period: "${observation.period}")`,
  };
}

/** What is visible of publishing to a department: a release, a key and a proposal of its own, and what it is told. */
async function storePublishing(
  { releases, registrations, publishingKeys, proposals, notices }: SharingModels,
  { department, application }: { readonly department: string; readonly application: string },
): Promise<void> {
  const at = new Date();
  const made = { department, officer: 'wang', message: 'a sample', at };
  const subgraph = 'traffic';
  await registrations.create([{ _id: subgraph, owner: department, registeredBy: 'wang', at, past: [] }]);
  const key = { department, x: 'x'.repeat(43), validUntil: new Date(9e12), addedBy: 'wang', at };
  await publishingKeys.create([{ _id: 'K-sample', ...key }]);
  await releases.create([
    {
      _id: 1,
      ...{
        ...made,
        supergraph: 'none',
        policy: policyToJson(catalogued),
        retired: 'none',
        digest: 'none',
        signature: 'none',
      },
      ...{ kind: 'PUBLISHED', subgraph },
      subgraphs: [{ name: subgraph, owner: department, url: 'https://traffic.example/graphql', version: 'none' }],
    },
  ]);
  const coordinate = 'Road.name';
  await proposals.create([
    {
      _id: 'P-sample',
      ...{ ...made, state: 'PENDING', subgraph, after: 1, owners: [department], approvals: [], signature: 'none' },
      rights: [
        { coordinate, owner: department, what: 'CLASS', before: 'WITHHELD', after: 'CONDITIONAL', loosens: true },
      ],
      gains: [{ who: 'every department', coordinate, before: 'nothing', after: 'by grant' }],
    },
  ]);
  await notices.create([
    {
      _id: 'N-sample',
      department,
      application,
      release: 1,
      subgraph,
      reason: 'a sample',
      changes: [coordinate],
      calls: 1,
      at,
    },
  ]);
}

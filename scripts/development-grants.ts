import { createHash } from 'node:crypto';
import { HubError } from '../lib/errors.ts';
import type { PolicyTable } from '../schema/policy-table.ts';
import type { Grant, GrantItem, Use } from '../sharing/policy/grant.ts';
import { storeGrant } from '../sharing/store/grant-store.ts';
import type { SharingModels } from '../sharing/store/models.ts';

/** What one application is granted for one purpose, over all owners; `Type.*` stands for every conditional field of a type. */
interface Bundle {
  readonly department: string;
  readonly application: string;
  readonly purpose: string;
  readonly basis: string;
  readonly items: Readonly<Partial<Record<Use, readonly string[]>>>;
}

/** Not the birth date: with the masked resident number it would give the whole number of everybody in a household. */
const PERSON_BASICS = ['Person.name', 'Person.sex', 'Person.status'];

const BUNDLES: readonly Bundle[] = [
  {
    department: 'civil-affairs',
    application: 'relief',
    purpose: 'low-income-check',
    basis: '社会救助暂行办法 第五十八条',
    items: {
      OUTPUT: [
        'Query.person',
        'Query.personByResidentNumber',
        'Query.verifyPerson',
        'Query.household',
        ...PERSON_BASICS,
        'Person.household',
        'Person.residences',
        'Residence.*',
        'Household.*',
        'Person.represents',
        'LegalPerson.annualRevenueFen',
        'Person.parcels',
        'Parcel.ownerKind',
        'Person.archiveItems',
      ],
      LOOKUP: ['Person.residentNumber', 'Household.number'],
      VERIFY: ['Person.residentNumber', 'Person.name'],
    },
  },
  {
    department: 'health-commission',
    application: 'immunisation',
    purpose: 'public-health',
    basis: '疫苗管理法 第四十七条',
    items: {
      OUTPUT: ['Query.persons', 'PersonConnection.*', 'Person.sex', 'Division.population', 'PopulationCount.*'],
      FILTER: ['Person.sex'],
    },
  },
  {
    department: 'tax-bureau',
    application: 'collection',
    purpose: 'tax-administration',
    basis: '税收征收管理法 第六条',
    items: {
      OUTPUT: [
        'Query.legalPerson',
        'Query.legalPersonByOrgCode',
        'Query.legalPersons',
        'LegalPersonConnection.*',
        'LegalPerson.*',
        'Penalty.*',
        'Person.name',
        'Person.residentNumber',
        'Query.parcel',
        'Parcel.owner',
        'Parcel.ownerKind',
      ],
    },
  },
  {
    department: 'natural-resources',
    application: 'cadastre',
    purpose: 'real-estate-registration',
    basis: '不动产登记暂行条例 第二十五条',
    items: {
      OUTPUT: [
        'Query.personByResidentNumber',
        'Query.verifyPerson',
        'Query.legalPerson',
        'Person.name',
        'Person.residentNumber',
      ],
      LOOKUP: ['Person.residentNumber'],
      VERIFY: ['Person.residentNumber', 'Person.name'],
    },
  },
  {
    department: 'government-office',
    application: 'dashboard',
    purpose: 'leaders-statistics',
    basis: '统计法 第二十条',
    items: {
      OUTPUT: [
        'Division.population',
        'PopulationCount.*',
        'Division.legalPersons',
        'LegalPersonCount.*',
        'Division.parcels',
        'ParcelCount.*',
        'Division.complaints',
        'ComplaintCount.*',
        'Division.archives',
        'ArchiveCount.*',
        'DivisionAt.*',
        'DerivedIndicator.*',
      ],
    },
  },
];

const YEAR_MS = 365 * 24 * 3_600_000;

/**
 * Stores the grants a newcomer can try the hub with. They name real laws but no real decision, and are for development only.
 * @returns how many grants were stored; none where there are some already.
 */
export async function storeDevelopmentGrants(models: SharingModels, table: PolicyTable, now: number): Promise<number> {
  if (await models.grants.exists({})) return 0;
  const grants = BUNDLES.flatMap((bundle) => grantsOf(bundle, table, now));
  for (const grant of grants) await storeGrant(models, grant);
  return grants.length;
}

/** One grant per owner, as an owner can only grant its own items. */
function grantsOf(bundle: Bundle, table: PolicyTable, now: number): Grant[] {
  const { department, application, purpose, basis } = bundle;
  const byOwner = new Map<string, Map<string, Use[]>>();
  for (const [use, patterns] of Object.entries(bundle.items) as [Use, readonly string[]][])
    for (const coordinate of patterns.flatMap((pattern) => expand(pattern, table))) {
      const owner = table.items.get(coordinate)?.owner ?? '';
      const items = byOwner.get(owner) ?? new Map<string, Use[]>();
      items.set(coordinate, [...(items.get(coordinate) ?? []), use]);
      byOwner.set(owner, items);
    }
  return [...byOwner].map(([owner, items]) => ({
    id: `G-${createHash('sha256')
      .update(JSON.stringify([department, application, purpose, owner]))
      .digest('hex')
      .slice(0, 12)}`,
    owner,
    department,
    application,
    purpose,
    basis,
    items: [...items].map(([coordinate, uses]): GrantItem => ({ coordinate, uses })),
    divisions: ['532300'],
    validFrom: now,
    validUntil: now + YEAR_MS,
  }));
}

function expand(pattern: string, table: PolicyTable): string[] {
  const found = pattern.endsWith('.*')
    ? [...table.items.values()].filter(
        (item) => item.coordinate.startsWith(pattern.slice(0, -1)) && item.class === 'CONDITIONAL',
      )
    : [table.items.get(pattern)].filter((item) => item?.class === 'CONDITIONAL' || item?.class === 'UNCONDITIONAL');
  const coordinates = found.flatMap((item) => item?.coordinate ?? []);
  if (coordinates.length === 0)
    throw new HubError('BAD_GRANT', `${pattern}: no subgraph shares such an item. Correct the development grants.`);
  return coordinates;
}

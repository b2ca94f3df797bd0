import { createConnection } from 'mongoose';
import { beforeAll, describe, expect, it } from 'vitest';
import { divisionAt } from '../../lib/codes/divisions.ts';
import { ethnicGroups } from '../../lib/codes/ethnic-groups.ts';
import { sectionOfClass } from '../../lib/codes/industry.ts';
import { landUses } from '../../lib/codes/land-use.ts';
import { parseResidentNumber } from '../../lib/codes/resident-number.ts';
import { parseCreditCode } from '../../lib/codes/uscc.ts';
import { dirt } from '../../scripts/seed/dirt.ts';
import { plans, sizes } from '../../scripts/seed/plans.ts';
import type { Plan } from '../../scripts/seed/plan.ts';
import { models as archiveModels } from '../../subgraphs/archives/models.ts';
import type { ArchiveItemRecord, DocumentRecord } from '../../subgraphs/archives/models.ts';
import { models as geospatialModels } from '../../subgraphs/geospatial/models.ts';
import type { ParcelRecord } from '../../subgraphs/geospatial/models.ts';
import { models as legalPersonModels } from '../../subgraphs/legal-persons/models.ts';
import type {
  EmploymentRecord,
  LegalPersonRecord,
  LicenceRecord,
  PenaltyRecord,
  ProfessionalRecord,
} from '../../subgraphs/legal-persons/models.ts';
import { models as populationModels } from '../../subgraphs/population/models.ts';
import type { HouseholdRecord, PersonRecord, ResidenceRecord } from '../../subgraphs/population/models.ts';
import { models as statisticsModels } from '../../subgraphs/statistics/models.ts';

const asOf = '2025-10-31';
const persons = 8_000;
const made = new Map<string, object[]>();
const all = <Document>(collection: string) => (made.get(collection) ?? []) as Document[];
const planOf = (name: string, work: Plan[]) => {
  const plan = work.find((candidate) => candidate.name === name);
  if (plan === undefined) throw new Error(`no plan ${name}`);
  return plan;
};

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'Array';
  if (value instanceof Date) return 'Date';
  if (typeof value === 'boolean') return 'Boolean';
  return typeof value === 'string' ? 'String' : typeof value === 'number' ? 'Number' : 'Embedded';
}

beforeAll(() => {
  for (const plan of plans({ seed: 'test', persons, asOf })) {
    for (let unit = 0; unit < plan.units; unit++) {
      for (const [collection, documents] of Object.entries(plan.make(unit))) {
        const known = made.get(collection) ?? [];
        for (const document of documents) known.push(document);
        made.set(collection, known);
      }
    }
  }
});

describe('generated data', () => {
  it('is the same for the same seed, whichever unit is made first, and other for another seed', () => {
    const again = plans({ seed: 'test', persons, asOf });
    const other = plans({ seed: 'another', persons, asOf });
    for (const [index, plan] of plans({ seed: 'test', persons, asOf }).entries()) {
      const middle = Math.floor(plan.units / 2);
      const last = again[index]?.make(plan.units - 1);
      expect(again[index]?.make(middle)).toEqual(plan.make(middle));
      expect(last).toEqual(plan.make(plan.units - 1));
    }
    const unit = (work: Plan[]) => planOf('persons', work).make(3);
    expect(unit(other)).not.toEqual(unit(again));
  });

  it('fits the models, key by key', () => {
    const connection = createConnection();
    const known = {
      ...populationModels(connection),
      ...legalPersonModels(connection),
      ...geospatialModels(connection),
      ...statisticsModels(connection),
      ...archiveModels(connection),
    };
    for (const [collection, model] of Object.entries(known)) {
      const documents = all<Record<string, unknown>>(collection);
      expect(documents.length, collection).toBeGreaterThan(0);
      const required = model.schema.requiredPaths();
      const wrong = documents.slice(0, 500).flatMap((document) => [
        ...required
          .filter((path) => document[path] === undefined && !path.includes('.'))
          .map((path) => `${path} is missing`),
        ...Object.entries(document).flatMap(([key, value]) => {
          const expected: string | undefined = model.schema.paths[key]?.instance;
          return value === null || expected === kindOf(value) ? [] : [`${key} is not ${expected ?? 'in the model'}`];
        }),
      ]);
      expect([...new Set(wrong)], collection).toEqual([]);
    }
  });

  it('has no key twice in any collection', () => {
    for (const [collection, documents] of made) {
      expect(new Set((documents as { _id: unknown }[]).map(({ _id }) => _id)).size, collection).toBe(documents.length);
    }
    expect(new Set(all<PersonRecord>('persons').map(({ residentNumber }) => residentNumber)).size).toBe(
      all('persons').length,
    );
    expect(new Set(all<LegalPersonRecord>('legalPersons').map(({ orgCode }) => orgCode)).size).toBe(
      all('legalPersons').length,
    );
    expect(new Set(all<DocumentRecord>('documents').map(({ documentNumber }) => documentNumber)).size).toBe(
      all('documents').length,
    );
  });

  it('keeps the proportions of the prefecture', () => {
    const size = sizes(persons);
    expect(all('legalPersons')).toHaveLength(size.legalPersons);
    expect(all('professionals')).toHaveLength(size.professionals);
    expect(all('parcels')).toHaveLength(size.parcels);
    expect(all('archiveItems')).toHaveLength(size.archiveItems);
    expect(all('laws')).toHaveLength(197);
    expect(sizes(2_500_000)).toEqual({
      legalPersons: 200_000,
      professionals: 570_000,
      parcels: 400_000,
      archiveItems: 1_350_000,
      documents: 10_000,
      indicators: 5_000,
      periods: 240,
    });
  });
});

describe('generated persons', () => {
  it('carry valid numbers that agree with their birth date and sex', () => {
    const wrong = all<PersonRecord>('persons').filter((person) => {
      const verdict = parseResidentNumber(person.residentNumber, asOf);
      if (verdict.kind === 'INVALID') return true;
      if (verdict.value.birthDate !== person.birthDate || verdict.value.sex !== person.sex) return true;
      if (!/^[0-9a-f]{32}$/.test(person._id) || !/^1[3-9]\d{9}$/.test(person.phone ?? '19000000000')) return true;
      return !person.division.startsWith(person.county);
    });
    expect(wrong).toEqual([]);
  });

  it('look like the people of 楚雄 by age, sex and nationality', () => {
    const people = all<PersonRecord>('persons');
    const share = (test: (person: PersonRecord) => boolean) => people.filter(test).length / people.length;
    const age = ({ birthDate }: PersonRecord) => 2025 - Number(birthDate.slice(0, 4));
    expect(share((person) => age(person) < 15)).toBeGreaterThan(0.1);
    expect(share((person) => age(person) < 15)).toBeLessThan(0.24);
    expect(share((person) => age(person) >= 65)).toBeGreaterThan(0.08);
    expect(share((person) => age(person) >= 65)).toBeLessThan(0.2);
    expect(share(({ sex }) => sex === '1')).toBeCloseTo(0.51, 1);
    expect(share(({ ethnicGroup }) => ethnicGroup === '01')).toBeCloseTo(0.64, 1);
    expect(share(({ ethnicGroup }) => ethnicGroup === '07')).toBeCloseTo(0.29, 1);
    expect(people.every(({ ethnicGroup }) => ethnicGroup === undefined || ethnicGroups.has(ethnicGroup))).toBe(true);
    expect(people.some(({ name }) => name.includes('·'))).toBe(true);
    expect(people.some(({ name }) => /^(欧阳|上官|司马|诸葛|令狐|皇甫|尉迟|东方|端木|公孙)/.test(name))).toBe(true);
  });

  it('are dirty at the stated rates and no more', () => {
    const people = all<PersonRecord>('persons');
    const rate = (test: (person: PersonRecord) => boolean) => people.filter(test).length / people.length;
    const near = (stated: number) => [stated * 0.55, stated * 1.45] as const;
    const within = (value: number, [low, high]: readonly [number, number]) => {
      expect(value).toBeGreaterThan(low);
      expect(value).toBeLessThan(high);
    };
    within(
      rate(({ residentNumber }) => residentNumber.length === 15),
      near(dirt.duplicatePersons),
    );
    within(
      rate(({ county }) => county === '532331' || county === '532321'),
      near(dirt.abolishedDivisions),
    );
    within(
      rate((person) => !person.ethnicGroup || !person.maritalStatus || !person.education),
      near(dirt.missingFields),
    );
    const twice = people.filter(({ residentNumber }) => residentNumber.length === 15);
    for (const duplicate of twice) {
      const upgraded = parseResidentNumber(duplicate.residentNumber);
      const first = people.find(
        ({ residentNumber }) => upgraded.kind === 'VALID' && residentNumber === upgraded.value.number,
      );
      expect(first).toMatchObject({ name: duplicate.name, householdNumber: duplicate.householdNumber });
      expect(first?._id).not.toBe(duplicate._id);
    }
  });

  it('live in households with a head who is an adult and registered', () => {
    const byRef = new Map(all<PersonRecord>('persons').map((person) => [person._id, person]));
    const numbers = new Set<number>();
    const headless = all<HouseholdRecord>('households').filter(({ _id, headRef }) => {
      numbers.add(_id);
      const head = byRef.get(headRef);
      return head?.householdNumber !== _id || head.status !== 'REGISTERED' || head.birthDate > '2006-12-31';
    });
    expect(headless).toEqual([]);
    expect([...byRef.values()].filter(({ householdNumber }) => !numbers.has(householdNumber))).toEqual([]);
    const astray = all<ResidenceRecord>('residences').filter(({ personRef, from, to }) => {
      return !byRef.has(personRef) || (to !== null && (from >= to || to >= asOf));
    });
    expect(astray).toEqual([]);
  });
});

describe('generated legal persons, parcels and archives', () => {
  it('carry valid credit codes and known industries', () => {
    const wrong = all<LegalPersonRecord>('legalPersons').filter((body) => {
      const verdict = parseCreditCode(body._id);
      if (verdict.kind === 'INVALID' || verdict.value.orgCode !== body.orgCode) return true;
      return sectionOfClass(body.industryClass)?.letter !== body.industry || !Number.isSafeInteger(body.capitalFen);
    });
    expect(wrong).toEqual([]);
  });

  it('refer only to what exists', () => {
    const people = new Set(all<PersonRecord>('persons').map(({ _id }) => _id));
    const bodies = new Set(all<LegalPersonRecord>('legalPersons').map(({ _id }) => _id));
    const professionals = new Set(all<ProfessionalRecord>('professionals').map(({ _id }) => _id));
    const missing: string[] = [];
    const check = (found: boolean, what: string) => {
      if (!found) missing.push(what);
    };
    for (const { _id, representativeRef } of all<LegalPersonRecord>('legalPersons'))
      check(people.has(representativeRef), _id);
    for (const { _id, personRef } of all<ProfessionalRecord>('professionals')) check(people.has(personRef), _id);
    for (const { _id, professional, uscc } of all<EmploymentRecord>('employments')) {
      check(professionals.has(professional) && bodies.has(uscc), _id);
    }
    const ofBodies = [...all<LicenceRecord>('licences'), ...all<PenaltyRecord>('penalties')];
    for (const { _id, uscc } of ofBodies) check(bodies.has(uscc), _id);
    for (const { _id, subjects } of [...all<ArchiveItemRecord>('archiveItems'), ...all<DocumentRecord>('documents')]) {
      for (const { kind, ref } of subjects) check((kind === 'PERSON' ? people : bodies).has(ref), _id);
    }
    for (const { _id, ownerKind, ownerRef } of all<ParcelRecord>('parcels')) {
      if (ownerKind === 'PERSON') check(people.has(ownerRef ?? ''), _id);
      else if (ownerKind === 'LEGAL_PERSON') check(bodies.has(ownerRef ?? ''), _id);
      else check(ownerRef === undefined, _id);
    }
    expect(missing).toEqual([]);
  });

  it('draw parcels as closed rings that do not overlap, inside a county that is in force', () => {
    const wrong: string[] = [];
    const boxes = all<ParcelRecord>('parcels').map(({ _id, county, landUse, geometry, areaSquareMetres }) => {
      const [ring = []] = geometry.coordinates;
      const [first, last] = [ring[0], ring.at(-1)];
      const closed = first !== undefined && first[0] === last?.[0] && first[1] === last[1];
      const named = /^\d{12}[A-Z]{2}\d{5}$/.test(_id) && _id.startsWith(county) && landUses.has(landUse);
      const placed = divisionAt(county, asOf).kind === 'IN_FORCE' && areaSquareMetres > 300 && areaSquareMetres < 5000;
      if (!closed || !named || !placed) wrong.push(_id);
      const [xs, ys] = [ring.map(([x]) => x), ring.map(([, y]) => y)];
      return { _id, west: Math.min(...xs), east: Math.max(...xs), south: Math.min(...ys), north: Math.max(...ys) };
    });
    boxes.sort((left, right) => left.west - right.west);
    for (const [index, box] of boxes.entries()) {
      for (let next = index + 1; next < boxes.length && (boxes[next]?.west ?? 1000) < box.east; next++) {
        const other = boxes[next];
        if (other !== undefined && other.north >= box.south && other.south <= box.north)
          wrong.push(`${box._id} ${other._id}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('overlap employments at the stated rate', () => {
    const open = new Map<string, number>();
    for (const { professional, to } of all<EmploymentRecord>('employments')) {
      if (to === null) open.set(professional, (open.get(professional) ?? 0) + 1);
    }
    const double = [...open.values()].filter((count) => count > 1).length / all('professionals').length;
    expect(double).toBeGreaterThan(dirt.overlappingEmployments * 0.5);
    expect(double).toBeLessThan(dirt.overlappingEmployments * 1.5);
  });

  it('form archived items before the day of the data and only in years that fit', () => {
    const wrong = all<ArchiveItemRecord>('archiveItems').filter(({ formedOn, opensOn, title }) => {
      const opensTooEarly = opensOn.slice(0, 4) < String(Number(formedOn.slice(0, 4)) + 25);
      return formedOn > asOf || opensTooEarly || (title.includes('集体林权') && formedOn < '2006');
    });
    expect(wrong).toEqual([]);
  });
});

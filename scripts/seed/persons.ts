import { legacyResidentNumber } from '../../lib/codes/resident-number.ts';
import type {
  HouseholdRecord,
  PersonRecord,
  RegistrationStatus,
  ResidenceRecord,
} from '../../subgraphs/population/models.ts';
import { dirt } from './dirt.ts';
import { composeHousehold } from './households.ts';
import type { Member } from './households.ts';
import { personName, surname } from './names.ts';
import { prefecture } from './places.ts';
import type { County, Village } from './places.ts';
import { numberOf } from './population.ts';
import type { Population } from './population.ts';
import { randomSource, weighted } from './random.ts';
import type { Random } from './random.ts';
import { identityOf } from './resident-numbers.ts';

export type PopulationBlock = {
  readonly persons: PersonRecord[];
  readonly households: HouseholdRecord[];
  readonly residences: ResidenceRecord[];
};

/** Share of persons born after 1999 or before 1900, who have no 15-digit number to be entered twice under. */
const withoutLegacyNumber = 0.21;
/** Share of the persons who live in 楚雄市 and 禄丰市, the two places whose old codes still occur. */
const inRenamedCounties = (630 + 357) / 2443;

/** Makes the persons of one block with their households and stays. `asOf` is the day the data describes. */
export function blockMaker(people: Population, asOf: string) {
  const householdRandom = randomSource(people.seed, 'household');
  const personRandom = randomSource(people.seed, 'person');
  const duplicateRefs = randomSource(people.seed, 'duplicate-ref');

  return (county: County, block: number): PopulationBlock => {
    const made: PopulationBlock = { persons: [], households: [], residences: [] };
    const starts = people.households(county, block);
    for (let place = 0; place + 1 < starts.length; place++) {
      makeHousehold(county, starts[place] ?? 0, starts[place + 1] ?? 0, made);
    }
    return made;
  };

  function makeHousehold(county: County, start: number, end: number, made: PopulationBlock): void {
    const random = householdRandom(numberOf(county, start));
    const village = county.pickVillage(random);
    const members = composeHousehold(random, end - start);
    const family = surname(random);
    const address = addressIn(county, village, random);
    const household = (county.index + 1) * 100_000_000 + start;
    const headRef = people.refOf({ county, index: start });
    made.households.push({ _id: household, division: village.code, county: county.code, headRef, address });
    for (const [offset, member] of members.entries()) {
      const index = start + offset;
      const own = personRandom(numberOf(county, index));
      const bearsFamilyName =
        member.role === 'HEAD' || member.role === 'CHILD' || (member.role === 'PARENT' && member.sex === '1');
      const identity = identityOf(
        { county, index, countyPersons: people.countOf(county) },
        {
          sex: member.sex,
          age: member.age,
          bornElsewhere: own.chance(0.08),
          elsewhereChoice: own.below(3),
          lastBirthYear: Number(asOf.slice(0, 4)) - 1,
        },
      );
      const named = {
        sex: member.sex,
        ethnicGroup: member.ethnicGroup,
        family: bearsFamilyName ? family : surname(own),
      };
      const person: PersonRecord = {
        _id: people.refOf({ county, index }),
        residentNumber: identity.residentNumber,
        name: personName(own, named),
        sex: member.sex,
        ethnicGroup: member.ethnicGroup,
        birthDate: identity.birthDate,
        maritalStatus: maritalStatus(own, member, members),
        education: education(own, member.age),
        division: village.code,
        county: county.code,
        address,
        householdNumber: household,
        status: statusOf(own, member),
        source: own.chance(0.9) ? '户籍管理系统' : '户籍业务补录',
        updatedAt: recently(own, asOf),
      };
      if (member.age >= 14 && own.chance(0.82)) person.phone = `19000${String(own.below(1_000_000)).padStart(6, '0')}`;
      if (member.age >= 16 && own.chance(0.7)) person.fingerprintCode = `ZW${own.hex(2).toUpperCase()}`;
      soil(own, person);
      made.persons.push(person);
      made.residences.push(...staysOf(own, people, person));
      const second = duplicateOf(own, person, duplicateRefs(numberOf(county, index)));
      if (second !== undefined) made.persons.push(second);
    }
  }
}

function addressIn(county: County, village: Village, random: Random): string {
  const group = village.name.includes('社区')
    ? `${random.between(1, 180)}号`
    : `${random.between(1, 18)}组${random.between(1, 90)}号`;
  return `云南省${prefecture.name}${county.name}${village.township}${village.name}${group}`;
}

function maritalStatus(random: Random, member: Member, members: readonly Member[]): string {
  const married = members.some(({ role }) => role === 'SPOUSE');
  if (member.role === 'HEAD' || member.role === 'SPOUSE') {
    if (married) return random.chance(0.93) ? '21' : '22';
    if (member.age < 32) return '10';
    return member.age > 66 ? (random.chance(0.85) ? '30' : '10') : random.pick(['10', '40', '40', '30']);
  }
  if (member.role === 'PARENT') return random.chance(0.45) ? '30' : '20';
  return member.age < 24 || random.chance(0.6) ? '10' : '20';
}

const educationByAge: readonly (readonly [number, (random: Random) => string])[] = [
  [6, () => '90'],
  [12, () => '80'],
  [15, () => '70'],
  [
    18,
    weighted([
      ['60', 6],
      ['40', 3],
      ['70', 1],
    ]),
  ],
  [
    40,
    weighted([
      ['10', 2],
      ['20', 17],
      ['30', 19],
      ['40', 12],
      ['60', 12],
      ['70', 31],
      ['80', 7],
    ]),
  ],
  [
    60,
    weighted([
      ['10', 0.5],
      ['20', 7],
      ['30', 8],
      ['40', 7],
      ['60', 8],
      ['70', 39],
      ['80', 27],
      ['90', 3],
    ]),
  ],
  [
    200,
    weighted([
      ['20', 2],
      ['30', 3],
      ['40', 3],
      ['60', 4],
      ['70', 20],
      ['80', 45],
      ['90', 23],
    ]),
  ],
];

function education(random: Random, age: number): string {
  const band = educationByAge.find(([below]) => age < below);
  return band === undefined ? '90' : band[1](random);
}

/** The head of a household is always registered: others refer to heads as representatives and owners. */
function statusOf(random: Random, member: Member): RegistrationStatus {
  if (member.role === 'HEAD') return 'REGISTERED';
  if (random.chance(member.age > 75 ? 0.12 : member.age > 60 ? 0.03 : 0.003)) return 'DECEASED';
  return random.chance(0.03) ? 'MOVED_OUT' : 'REGISTERED';
}

function recently(random: Random, asOf: string): Date {
  return new Date(Date.parse(`${asOf}T00:00:00Z`) - random.below(900 * 86_400) * 1000);
}

function soil(random: Random, person: PersonRecord): void {
  if (random.chance(dirt.missingFields)) {
    const field = random.below(3);
    if (field === 0) delete person.ethnicGroup;
    else if (field === 1) delete person.maritalStatus;
    else delete person.education;
  }
  if (person.county !== '532301' && person.county !== '532302') return;
  if (!random.chance(dirt.abolishedDivisions / inRenamedCounties)) return;
  if (person.county === '532302') {
    person.county = '532331';
    person.division = `532331${person.division.slice(6)}`;
  } else {
    person.county = '532321';
    person.division = '532321';
  }
}

function duplicateOf(random: Random, person: PersonRecord, refs: Random): PersonRecord | undefined {
  const legacy = person.residentNumber.slice(6, 8) === '19';
  if (!random.chance(dirt.duplicatePersons / (1 - withoutLegacyNumber)) || !legacy) return undefined;
  const second: PersonRecord = {
    ...person,
    _id: refs.hex(4),
    residentNumber: legacyResidentNumber(person.residentNumber),
    source: '旧户籍档案转录',
    updatedAt: new Date('1999-09-30T00:00:00Z'),
  };
  delete second.phone;
  return second;
}

/** The present stay since its beginning and, for some, one before: within the prefecture, or in the provincial capital. */
function staysOf(random: Random, people: Population, person: PersonRecord): ResidenceRecord[] {
  const stay = { personRef: person._id, division: person.division, address: person.address };
  const moved = random.chance(0.15);
  const age = Number(person.updatedAt.toISOString().slice(0, 4)) - Number(person.birthDate.slice(0, 4));
  if (!moved || age < 2) return [{ _id: `${person._id}-1`, ...stay, from: person.birthDate, to: null }];
  const year = Number(person.birthDate.slice(0, 4)) + random.between(1, age - 1);
  const [end, start] = [`${year}-${random.pick(['03', '06', '08'])}-14`, 15];
  const fromCapital = random.chance(0.2);
  const county = people.pickCounty(random);
  const village = county.pickVillage(random);
  const before = fromCapital
    ? { division: '530102', address: '云南省昆明市五华区' }
    : { division: village.code, address: addressIn(county, village, random) };
  return [
    { _id: `${person._id}-1`, personRef: person._id, ...before, from: person.birthDate, to: end },
    { _id: `${person._id}-2`, ...stay, from: `${end.slice(0, 8)}${start}`, to: null },
  ];
}

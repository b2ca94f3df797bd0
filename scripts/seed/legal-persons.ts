import { addDays, addYears } from '../../lib/codes/calendar-date.ts';
import { bigrams } from '../../lib/codes/bigrams.ts';
import { sectionOfClass } from '../../lib/codes/industry.ts';
import { composeCreditCode } from '../../lib/codes/uscc.ts';
import type {
  LegalPersonKind,
  LegalPersonRecord,
  LegalPersonStatus,
  LicenceRecord,
  PenaltyRecord,
} from '../../subgraphs/legal-persons/models.ts';
import { givenName, surname } from './names.ts';
import { townshipsOf } from './places.ts';
import type { County } from './places.ts';
import type { PersonPlace, Population } from './population.ts';
import { randomSource, weighted } from './random.ts';
import type { Random } from './random.ts';
import { bureaus, kindShares, licenceKinds, penaltyGrounds, townshipOffices, trades } from './trades.ts';

type RegisteredBody = {
  readonly legalPerson: LegalPersonRecord;
  readonly licences: LicenceRecord[];
  readonly penalties: PenaltyRecord[];
};

export type LegalPersons = {
  readonly count: number;
  /** Credit code of the n-th legal person, without making the rest of it. */
  creditCodeOf(index: number): string;
  make(index: number): RegisteredBody;
};

const kindOf = weighted(kindShares);
const soleTrade = weighted(trades.map((trade) => [trade, trade.soleTrader] as const));
const businessTrade = weighted(trades.map((trade) => [trade, trade.enterprise] as const));
const statusOf = weighted<LegalPersonStatus>([
  ['ACTIVE', 83],
  ['DEREGISTERED', 11],
  ['REVOKED', 4],
  ['SUSPENDED', 2],
]);
const registrarOf: Record<LegalPersonKind, readonly [string, string]> = {
  ENTERPRISE: ['9', '1'],
  SOLE_TRADER: ['9', '2'],
  FARMERS_COOPERATIVE: ['9', '3'],
  GOVERNMENT: ['1', '1'],
  PUBLIC_INSTITUTION: ['1', '2'],
  SOCIAL_ORGANISATION: ['5', '1'],
};
/** 31^5: five characters of the code's alphabet number all bodies; a factor prime to 31 scatters them without repeats. */
const bodies = 28_629_151;

type Body = { kind: LegalPersonKind; county: County; name: string; industryClass: string };

export function legalPersons(people: Population, count: number, asOf: string): LegalPersons {
  const kinds = randomSource(people.seed, 'legal-person-kind');
  const details = randomSource(people.seed, 'legal-person');
  const offices = governmentBodies(people.counties);

  /** What decides the credit code is drawn first and apart, so that others can name a legal person by its index. */
  function identity(index: number): { kind: LegalPersonKind; county: County; office: Office | undefined } {
    const random = kinds(index);
    const office = index % 13 === 0 ? offices[index / 13] : undefined;
    const county = office?.county ?? people.pickCounty(random);
    return { kind: office === undefined ? kindOf(random) : 'GOVERNMENT', county, office };
  }

  function creditCodeOf(index: number): string {
    const { kind, county } = identity(index);
    const [registrar, category] = registrarOf[kind];
    let number = (index * 7_919_333 + 12_345) % bodies;
    let tail = '';
    for (let place = 0; place < 5; place++) {
      tail += '0123456789ABCDEFGHJKLMNPQRTUWXY'.charAt(number % 31);
      number = Math.floor(number / 31);
    }
    return composeCreditCode({ registrar, category, division: county.code, orgBody: `MA6${tail}` });
  }

  function make(index: number): RegisteredBody {
    const { kind, county, office } = identity(index);
    const random = details(index);
    const village = county.pickVillage(random);
    const body: Body =
      office === undefined ? business(random, kind, county) : { kind, county, name: office.name, industryClass: '92' };
    const code = creditCodeOf(index);
    const establishedOn = addDays(asOf, -random.between(30, kind === 'GOVERNMENT' ? 20_000 : 9_000));
    const legalPerson: LegalPersonRecord = {
      _id: code,
      orgCode: code.slice(8, 17),
      name: body.name,
      nameTokens: bigrams(body.name),
      kind,
      industry: sectionOfClass(body.industryClass)?.letter ?? 'S',
      industryClass: body.industryClass,
      status: kind === 'GOVERNMENT' ? 'ACTIVE' : statusOf(random),
      county: county.code,
      division: village.code,
      address: `${county.name}${village.township}${village.name}${random.between(1, 260)}号`,
      establishedOn,
      capitalFen: capital(random, kind),
      representativeRef: people.refOf(representative(random, people, county)),
      source: kind === 'GOVERNMENT' || kind === 'PUBLIC_INSTITUTION' ? '机构编制管理系统' : '市场主体登记系统',
      updatedAt: new Date(Date.parse(`${asOf}T00:00:00Z`) - random.below(400 * 86_400) * 1000),
    };
    if (kind !== 'SOLE_TRADER' || random.chance(0.6))
      legalPerson.phone = `0878-${random.between(3_000_000, 8_999_999)}`;
    if (kind === 'ENTERPRISE' || kind === 'FARMERS_COOPERATIVE') {
      legalPerson.annualRevenueFen = Math.round(Math.exp(random.fraction() * 8 + 14));
    }
    legalPerson.employees =
      kind === 'SOLE_TRADER' ? random.between(1, 6) : Math.round(Math.exp(random.fraction() * 5.5));
    return {
      legalPerson,
      licences: licencesOf(random, legalPerson, county, asOf),
      penalties: penaltiesOf(random, legalPerson, county, asOf),
    };
  }

  return { count, creditCodeOf, make };
}

type Office = { readonly county: County; readonly name: string };

/** Every bureau of every county, then every office of every township. */
function governmentBodies(counties: readonly County[]): Office[] {
  const ofCounties = bureaus
    .split(' ')
    .flatMap((bureau) => counties.map((county) => ({ county, name: county.name + bureau })));
  const townships = [...townshipsOf(counties)];
  const ofTownships = townshipOffices.split(' ').flatMap((office) =>
    townships.flatMap(([code, name]) => {
      const county = counties.find((candidate) => code.startsWith(candidate.code));
      return county === undefined ? [] : [{ county, name: `${county.name}${name}${office}` }];
    }),
  );
  return [...ofCounties, ...ofTownships];
}

function business(random: Random, kind: LegalPersonKind, county: County): Body {
  const sign = surname(random).slice(0, 1) + givenName(random, random.chance(0.5) ? '1' : '2').slice(0, 1);
  const { shortName, name } = county;
  if (kind === 'SOLE_TRADER') {
    const trade = soleTrade(random);
    return { kind, county, name: `${name}${sign}${trade.shop}`, industryClass: trade.industryClass };
  }
  if (kind === 'FARMERS_COOPERATIVE') {
    const crop = random.pick([
      '核桃',
      '烤烟',
      '蔬菜',
      '生猪',
      '黑山羊',
      '野生菌',
      '中药材',
      '葡萄',
      '软籽石榴',
      '撒坝猪',
    ]);
    const classes: Record<string, string> = {
      生猪: '0313',
      撒坝猪: '0313',
      黑山羊: '03',
      蔬菜: '0141',
      中药材: '0170',
    };
    return {
      kind,
      county,
      name: `${shortName}${sign}${crop}种植养殖农民专业合作社`,
      industryClass: classes[crop] ?? '01',
    };
  }
  if (kind === 'PUBLIC_INSTITUTION') {
    const [ending, industryClass] = random.pick([
      ['完全小学', '83'],
      ['初级中学', '83'],
      ['卫生院', '84'],
      ['文化站', '88'],
      ['水管站', '76'],
      ['农技推广站', '75'],
    ] as const);
    const village = county.pickVillage(random);
    return {
      kind,
      county,
      name: `${name}${village.township}${random.pick(['中心', '第一', '第二', '民族'])}${ending}`,
      industryClass,
    };
  }
  if (kind === 'SOCIAL_ORGANISATION') {
    return {
      kind,
      county,
      name: `${name}${sign}${random.pick(['商会', '志愿者协会', '彝族文化研究会', '行业协会'])}`,
      industryClass: '95',
    };
  }
  const trade = businessTrade(random);
  const form = random.chance(0.85) ? '有限公司' : random.chance(0.7) ? '有限责任公司' : '股份有限公司';
  return {
    kind,
    county,
    name: `${random.chance(0.3) ? '云南' : shortName}${sign}${trade.word}${form}`,
    industryClass: trade.industryClass,
  };
}

function capital(random: Random, kind: LegalPersonKind): number {
  if (kind === 'SOLE_TRADER') return random.between(1, 30) * 1_000_000;
  if (kind === 'GOVERNMENT') return 0;
  return random.pick([10, 50, 100, 200, 300, 500, 1000, 2000, 5000]) * 1_000_000;
}

/** Nearly always from the same county. */
function representative(random: Random, people: Population, county: County): PersonPlace {
  return random.chance(0.9) ? people.headIn(county, random) : people.anyHead(random);
}

function licencesOf(random: Random, body: LegalPersonRecord, county: County, asOf: string): LicenceRecord[] {
  const kind = licenceKinds.get(body.industryClass.slice(0, 2));
  if (kind === undefined || random.chance(0.15)) return [];
  const [title, bureau, years] = kind;
  const issuedOn = addDays(asOf, -random.below(Math.min(years * 365 + 200, 3000)));
  return [
    {
      _id: `${body._id}-L1`,
      uscc: body._id,
      kind: title,
      number: `${county.shortName}许〔${issuedOn.slice(0, 4)}〕${body._id.slice(11, 16)}`,
      issuer: county.name + bureau,
      issuedOn: issuedOn < body.establishedOn ? body.establishedOn : issuedOn,
      validUntil: addDays(addYears(issuedOn, years), -1),
    },
  ];
}

function penaltiesOf(random: Random, body: LegalPersonRecord, county: County, asOf: string): PenaltyRecord[] {
  if (body.kind === 'GOVERNMENT' || !random.chance(0.03)) return [];
  return Array.from({ length: random.chance(0.2) ? 2 : 1 }, (_, place) => {
    const decidedOn = addDays(asOf, -random.below(1500));
    const authority = `${county.name}${random.pick(['市场监督管理局', '应急管理局', '生态环境分局', '住房和城乡建设局'])}`;
    return {
      _id: `${body._id}-P${place + 1}`,
      uscc: body._id,
      decidedOn,
      authority,
      ground: random.pick(penaltyGrounds),
      amountFen: random.between(5, 500) * 100_00,
      documentNumber: `${county.shortName}罚字〔${decidedOn.slice(0, 4)}〕${body._id.slice(11, 16)}-${place + 1}号`,
    };
  });
}

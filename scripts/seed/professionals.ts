import { addDays, addYears } from '../../lib/codes/calendar-date.ts';
import type { EmploymentRecord, ProfessionalRecord } from '../../subgraphs/legal-persons/models.ts';
import { dirt } from './dirt.ts';
import type { LegalPersons } from './legal-persons.ts';
import type { Population } from './population.ts';
import { randomSource, weighted } from './random.ts';

/** Qualification, mark in the registration number, levels, years until renewal, weight. */
const qualifications: readonly (readonly [string, string, readonly string[], number, number])[] = [
  ['教师资格', 'JS', ['高级中学', '初级中学', '小学', '幼儿园'], 5, 24],
  ['护士执业', 'HS', ['护士', '护师', '主管护师'], 5, 20],
  ['执业医师', 'YS', ['执业医师', '执业助理医师'], 10, 12],
  ['会计专业技术资格', 'KJ', ['初级', '中级', '高级'], 5, 12],
  ['建造师', 'JZ', ['一级', '二级'], 3, 14],
  ['执业药师', 'YY', ['执业药师'], 5, 5],
  ['监理工程师', 'JL', ['监理工程师'], 4, 3],
  ['造价工程师', 'ZJ', ['一级', '二级'], 4, 3],
  ['注册建筑师', 'ZS', ['一级', '二级'], 2, 1],
  ['注册测绘师', 'CH', ['注册测绘师'], 3, 1],
  ['律师执业', 'LS', ['专职律师', '公职律师'], 1, 2],
  ['社会工作者', 'SG', ['助理社会工作师', '社会工作师'], 3, 3],
];

const qualificationOf = weighted(qualifications.map((entry) => [entry, entry[4]] as const));

export type Registration = { readonly professional: ProfessionalRecord; readonly employments: EmploymentRecord[] };

/** Makes the n-th registered professional with the history of employments: one or two, the last one mostly going on. */
export function professionalMaker(
  people: Population,
  bodies: LegalPersons,
  asOf: string,
): (index: number) => Registration {
  const source = randomSource(people.seed, 'professional');
  return (index) => {
    const random = source(index);
    const place = people.anyHead(random);
    const [qualification, mark, levels, years] = qualificationOf(random);
    const registeredOn = addDays(asOf, -random.between(40, 5500));
    let validUntil = addDays(addYears(registeredOn, years), -1);
    // Most renew in time; the others' registrations have lapsed.
    while (validUntil < asOf && random.chance(0.9)) validUntil = addYears(validUntil, years);
    const id = `云${mark}${registeredOn.slice(0, 4)}${String(index + 1).padStart(7, '0')}`;
    const professional: ProfessionalRecord = {
      _id: id,
      personRef: people.refOf(place),
      qualification,
      level: random.pick(levels),
      registeredOn,
      validUntil,
      county: place.county.code,
    };
    const employer = () => bodies.creditCodeOf(random.below(bodies.count));
    const employment = (number: number, from: string, to: string | null): EmploymentRecord => ({
      _id: `${id}-${number}`,
      professional: id,
      uscc: employer(),
      from,
      to,
    });
    if (random.chance(0.7)) {
      const double = random.chance(dirt.overlappingEmployments / 0.7);
      const employments = [
        employment(1, registeredOn, random.chance(0.9) || double ? null : ended(registeredOn, asOf)),
      ];
      if (double) employments.push(employment(2, ended(registeredOn, asOf), null));
      return { professional, employments };
    }
    const change = ended(registeredOn, asOf);
    return {
      professional,
      employments: [
        employment(1, registeredOn, change),
        employment(2, addDays(change, 1), random.chance(0.9) ? null : asOf),
      ],
    };
  };
}

/** A day about half-way between two. */
function ended(from: string, to: string): string {
  const days = (Date.parse(to) - Date.parse(from)) / 86_400_000;
  return addDays(from, Math.max(1, Math.floor(days / 2)));
}

import { addDays } from '../../lib/codes/calendar-date.ts';
import { composeResidentNumber } from '../../lib/codes/resident-number.ts';
import type { County } from './places.ts';

/**
 * Resident numbers that never repeat, each computed from the person's place alone. A birth year of one issuing area has
 * 365 days × 497 sequences of each sex; the place in the county, scattered, chooses one of them, and where a county has
 * more persons than that, the birth year moves by at most a few years so that equal slots fall into different years.
 */
const days = 365;
const sequences = 497;
const slots = days * sequences;
/** Coprime to the number of slots (5 × 73 × 7 × 71), so that multiplying scatters without collisions. */
const scatter = 112_909;

/** Areas outside the prefecture where some residents were first issued a number; no two counties share one. */
const elsewhere: readonly (readonly string[])[] = [
  ['530102', '532901', '510107'],
  ['530103', '532923', '510504'],
  ['530111', '532501', '520102'],
  ['530112', '532924', '430102'],
  ['530128', '532925', '511902'],
  ['530402', '532926', '350203'],
  ['530302', '532927', '330106'],
  ['510402', '530702', '420106'],
  ['510421', '530821', '440305'],
  ['530129', '530602', '370202'],
];

export type Identity = { readonly residentNumber: string; readonly birthDate: string };

export function identityOf(
  place: { county: County; index: number; countyPersons: number },
  person: { sex: '1' | '2'; age: number; bornElsewhere: boolean; elsewhereChoice: number; lastBirthYear: number },
): Identity {
  const { county, index, countyPersons } = place;
  const rounds = Math.ceil(countyPersons / slots);
  const aimed = person.lastBirthYear - person.age;
  const year = aimed - ((aimed - Math.floor(index / slots) + 100 * rounds) % rounds);
  const slot = (index * scatter + county.index * 7919) % slots;
  const birthDate = addDays(`${year}-01-01`, Math.floor(slot / sequences));
  const place500 = slot % sequences;
  const sequence = String(2 * place500 + (person.sex === '1' ? 1 : 2)).padStart(3, '0');
  const away = elsewhere[county.index]?.[person.elsewhereChoice % 3];
  const area = person.bornElsewhere && away !== undefined ? away : areaOfIssue(county.code, year);
  return { residentNumber: composeResidentNumber(area, birthDate, sequence), birthDate };
}

/** 禄丰 was 532331 until 2021; numbers issued before then keep it for life. */
function areaOfIssue(county: string, year: number): string {
  return county === '532302' && year < 2021 ? '532331' : county;
}

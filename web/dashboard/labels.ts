import { industrySections } from '../../lib/codes/industry.ts';
import type { Language } from '../language.ts';

type Names = Readonly<Record<string, readonly [chinese: string, english: string]>>;

const SEXES: Names = {
  MALE: ['男', 'Male'],
  FEMALE: ['女', 'Female'],
  UNKNOWN: ['未知', 'Unknown'],
  UNSPECIFIED: ['未说明', 'Not stated'],
};

/** English names of the sections of GB/T 4754-2017, which follow ISIC Rev. 4; the Chinese ones are the standard's. */
const SECTIONS: Readonly<Record<string, string>> = {
  A: 'Agriculture, forestry and fishing',
  B: 'Mining',
  C: 'Manufacturing',
  D: 'Electricity, heat, gas and water',
  E: 'Construction',
  F: 'Wholesale and retail',
  G: 'Transport, storage and post',
  H: 'Hotels and catering',
  I: 'Information and software',
  J: 'Finance',
  K: 'Real estate',
  L: 'Leasing and business services',
  M: 'Research and technical services',
  N: 'Water, environment, public facilities',
  O: 'Resident and other services',
  P: 'Education',
  Q: 'Health and social work',
  R: 'Culture, sports and entertainment',
  S: 'Public administration',
  T: 'International organisations',
};

const INDUSTRIES: Names = Object.fromEntries(
  [...industrySections.values()].map(({ letter, name }) => [letter, [name, SECTIONS[letter] ?? name] as const]),
);

/** GB/T 21010-2017, first level. */
const LAND_USES: Names = {
  CULTIVATED: ['耕地', 'Cultivated land'],
  ORCHARD: ['园地', 'Orchards'],
  FOREST: ['林地', 'Forest'],
  GRASSLAND: ['草地', 'Grassland'],
  COMMERCIAL: ['商服用地', 'Commerce'],
  INDUSTRIAL: ['工矿仓储用地', 'Industry and storage'],
  RESIDENTIAL: ['住宅用地', 'Housing'],
  PUBLIC_SERVICE: ['公共管理与公共服务用地', 'Public services'],
  SPECIAL: ['特殊用地', 'Special use'],
  TRANSPORT: ['交通运输用地', 'Transport'],
  WATER: ['水域及水利设施用地', 'Water'],
  OTHER: ['其他土地', 'Other land'],
};

const STATES: Names = {
  RECEIVED: ['已受理', 'Received'],
  ASSIGNED: ['办理中', 'Assigned'],
  CLOSED: ['已办结', 'Closed'],
  WITHDRAWN: ['已撤销', 'Withdrawn'],
};

const RETENTIONS: Names = {
  PERMANENT: ['永久', 'Permanent'],
  THIRTY_YEARS: ['30年', '30 years'],
  TEN_YEARS: ['10年', '10 years'],
};

const LISTS = {
  sex: SEXES,
  industry: INDUSTRIES,
  landUse: LAND_USES,
  state: STATES,
  retention: RETENTIONS,
} as const;

export type CodeList = keyof typeof LISTS;

/** Codes of a list in the order of its standard. */
export function codesOf(list: CodeList): readonly string[] {
  return Object.keys(LISTS[list]);
}

/** What a code means; a code that the list does not have is shown as it is. */
export function nameOf(list: CodeList, code: string, language: Language): string {
  const names: Names = LISTS[list];
  const found = Object.hasOwn(names, code) ? names[code] : undefined;
  return found?.[language === 'en' ? 1 : 0] ?? code;
}

/** GB/T 4754-2017: industrial classification, the 20 sections and the two-digit divisions each of them holds. */

export type IndustrySection = {
  readonly letter: string;
  readonly name: string;
  /** First and last two-digit division. */
  readonly from: number;
  readonly to: number;
};

const table: readonly (readonly [string, string, number, number])[] = [
  ['A', '农、林、牧、渔业', 1, 5],
  ['B', '采矿业', 6, 12],
  ['C', '制造业', 13, 43],
  ['D', '电力、热力、燃气及水生产和供应业', 44, 46],
  ['E', '建筑业', 47, 50],
  ['F', '批发和零售业', 51, 52],
  ['G', '交通运输、仓储和邮政业', 53, 60],
  ['H', '住宿和餐饮业', 61, 62],
  ['I', '信息传输、软件和信息技术服务业', 63, 65],
  ['J', '金融业', 66, 69],
  ['K', '房地产业', 70, 70],
  ['L', '租赁和商务服务业', 71, 72],
  ['M', '科学研究和技术服务业', 73, 75],
  ['N', '水利、环境和公共设施管理业', 76, 79],
  ['O', '居民服务、修理和其他服务业', 80, 82],
  ['P', '教育', 83, 83],
  ['Q', '卫生和社会工作', 84, 85],
  ['R', '文化、体育和娱乐业', 86, 90],
  ['S', '公共管理、社会保障和社会组织', 91, 96],
  ['T', '国际组织', 97, 97],
];

export const industrySections: ReadonlyMap<string, IndustrySection> = new Map(
  table.map(([letter, name, from, to]) => [letter, { letter, name, from, to }]),
);

export type ThreeSectors = 'PRIMARY' | 'SECONDARY' | 'TERTIARY';

/**
 * The section a class belongs to. The letter is not part of the class code, so it follows from the first two digits.
 * Undefined where the text is not a class of 2–4 digits. The third and fourth digit are not checked.
 */
export function sectionOfClass(industryClass: string): IndustrySection | undefined {
  if (!/^\d{2,4}$/.test(industryClass)) return undefined;
  const division = Number(industryClass.slice(0, 2));
  return [...industrySections.values()].find(({ from, to }) => division >= from && division <= to);
}

/**
 * Primary, secondary or tertiary (三次产业划分规定, 2018). Services for farming (05), mining (11) and the repair of
 * machines (43) stand in sections A, B and C but are tertiary. Undefined where the class is unknown.
 */
export function sectorOfClass(industryClass: string): ThreeSectors | undefined {
  const section = sectionOfClass(industryClass);
  if (section === undefined) return undefined;
  if (['05', '11', '43'].includes(industryClass.slice(0, 2))) return 'TERTIARY';
  if (section.letter === 'A') return 'PRIMARY';
  return 'BCDE'.includes(section.letter) ? 'SECONDARY' : 'TERTIARY';
}

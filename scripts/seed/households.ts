import { weighted } from './random.ts';
import type { Random } from './random.ts';

type Role = 'HEAD' | 'SPOUSE' | 'CHILD' | 'PARENT';

export type Member = {
  readonly role: Role;
  readonly sex: '1' | '2';
  readonly age: number;
  readonly ethnicGroup: string;
};

/** Nationalities of 楚雄 by about their shares of the census of 2020, in per mille. */
const ethnicGroup = weighted<string>([
  ['01', 640],
  ['07', 290],
  ['20', 22],
  ['06', 19],
  ['18', 9],
  ['03', 9],
  ['14', 7],
  ['16', 1],
  ['27', 0.5],
  ['08', 0.5],
  ['02', 0.5],
  ['04', 0.3],
  ['05', 0.2],
  ['25', 0.2],
  ['56', 0.1],
]);

const singleAge = weighted<readonly [number, number]>([
  [[19, 29], 12],
  [[30, 39], 14],
  [[40, 49], 15],
  [[50, 59], 18],
  [[60, 69], 18],
  [[70, 79], 14],
  [[80, 95], 9],
]);
const coupleAge = weighted<readonly [number, number]>([
  [[24, 34], 20],
  [[35, 49], 25],
  [[50, 64], 33],
  [[65, 84], 22],
]);
const familyAge = weighted<readonly [number, number]>([
  [[25, 34], 26],
  [[35, 44], 38],
  [[45, 54], 28],
  [[55, 62], 8],
]);

/** The members of a household of a given size, the head first. Ages are whole years on the reference date. */
export function composeHousehold(random: Random, size: number): Member[] {
  const headSex = random.chance(0.78) ? '1' : '2';
  const group = ethnicGroup(random);
  const member = (role: Role, sex: '1' | '2', age: number): Member => {
    const own = role === 'SPOUSE' && random.chance(0.15) ? ethnicGroup(random) : group;
    return { role, sex, age, ethnicGroup: own };
  };
  const couple = size > 2 || (size === 2 && random.chance(0.75));
  const [low, high] = size === 1 ? singleAge(random) : size === 2 && couple ? coupleAge(random) : familyAge(random);
  const headAge = random.between(low, high);
  const members = [member('HEAD', headSex, headAge)];
  if (couple)
    members.push(member('SPOUSE', headSex === '1' ? '2' : '1', Math.max(20, headAge + random.between(-5, 3))));
  const parents = size >= 6 ? 2 : size === 5 || (size === 4 && random.chance(0.3)) ? 1 : 0;
  const children = size - members.length - parents;
  const oldestChild = Math.min(32, headAge - 22);
  for (let child = 0; child < children; child++) {
    const sex = random.chance(0.53) ? '1' : '2';
    const age = random.below(Math.max(1, oldestChild + 1));
    // Births have been falling: of two possible ages the older one is often right.
    members.push(member('CHILD', sex, random.chance(0.5) ? Math.max(age, random.below(oldestChild + 1)) : age));
  }
  for (let parent = 0; parent < parents; parent++) {
    const sex = parent === 0 && random.chance(0.6) ? '2' : parent === 0 ? '1' : '2';
    members.push(member('PARENT', sex, Math.min(99, headAge + random.between(21, 34))));
  }
  return members;
}

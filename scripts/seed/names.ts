import { weighted } from './random.ts';
import type { Random } from './random.ts';

/** Personal names: single and compound surnames, given names by sex, and names of minorities written with a middle dot. */

const surnames = weighted<string>([
  ...'李 杨 王 张 周 罗'.split(' ').map((name) => [name, 30] as const),
  ...'普 陈 刘 赵 鲁 吴 黄 徐 何 马 朱 董 段 郭 尹 谢'.split(' ').map((name) => [name, 12] as const),
  ...'杞 自 毕 起 者 钱 施 夏 唐 苏 高 胡 许 邓 曹 彭 袁 董 余 潘 田 蒋 蔡 孙 林 沈 丁 樊 邱 龙 纪 白 倪 速'
    .split(' ')
    .map((name) => [name, 5] as const),
  ...'欧阳 上官 司马 诸葛 令狐 皇甫 尉迟 东方 端木 公孙'.split(' ').map((name) => [name, 0.25] as const),
]);

const maleCharacters =
  '伟强军勇杰涛明超刚平辉健华斌波鹏飞龙海文武德忠志光永成福贵荣国建东亮峰林松云山正兴学才家富春新宏清泽宇浩轩睿俊晨';
const femaleCharacters =
  '芳娜敏静丽艳娟霞秀英红玉兰梅琼仙凤珍莲香翠琴燕菊萍桂花美惠春慧玲琳雪婷颖佳欣怡萱雅涵诗梦瑶洁蓉薇';
/** Characters that break careless systems: outside GB 2312, and outside the Basic Multilingual Plane. */
const rareCharacters = ['㛃', '䶮', '堃', '喆', '𬱖', '𫖯', '𠅤'];

const dotted = new Map<string, readonly string[]>([
  ['07', ['阿苏·木呷', '吉克·尔古', '沙马·阿依', '阿的·拉铁', '曲比·史布', '马海·伍各', '阿尔·日各', '俄木·小林']],
  ['18', ['岩·温', '玉·罕', '岩·糯', '玉·香', '岩·坎', '玉·波', '刀·美兰', '岩·罗']],
  ['05', ['买买提·艾力', '阿依古丽·吐尔逊', '艾合买提·吾斯曼', '热依汗·买买提']],
  ['04', ['扎西·次仁', '卓玛·央金', '丹增·旺堆', '格桑·拉姆']],
]);
/** Share of the members of a group whose name is written with a dot; those of 楚雄's Yi mostly are not. */
const dottedShare = new Map([
  ['07', 0.03],
  ['18', 0.3],
  ['05', 1],
  ['04', 0.6],
]);

export function surname(random: Random): string {
  return surnames(random);
}

/** A given name of one or two characters; two are commoner. */
export function givenName(random: Random, sex: string): string {
  const characters = sex === '1' ? maleCharacters : femaleCharacters;
  const first = characters.charAt(random.below(characters.length));
  if (random.chance(0.15)) return first;
  const second = random.chance(0.001)
    ? random.pick(rareCharacters)
    : characters.charAt(random.below(characters.length));
  return first + second;
}

/** The whole name of a person; `family` is the surname of the household where the person bears it. */
export function personName(random: Random, person: { sex: string; ethnicGroup: string; family: string }): string {
  const given = givenName(random, person.sex);
  const share = dottedShare.get(person.ethnicGroup) ?? 0;
  const names = dotted.get(person.ethnicGroup);
  return names !== undefined && random.chance(share) ? random.pick(names) : person.family + given;
}

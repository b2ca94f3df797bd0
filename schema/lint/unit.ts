import { namedType } from '../documents.ts';
import { isInterface } from './contract.ts';
import { wordsOf } from './personal-words.ts';
import { type Found, lineOf, type Rule } from './rule.ts';

const MEASURED =
  /\b(area|length|height|width|depth|distance|weight|amount|capital|revenue|income|turnover|price|cost|fee|tax|salary|wage|rate|ratio|share|percentage|duration|temperature|density|volume|speed|capacity|concentration)\b/;
const MEASURED_IN_CHINESE =
  /面积|长度|高度|宽度|距离|重量|金额|资本|资产|收入|产值|价格|费用|税额|工资|比率|占比|时长|温度|密度|容积|体积|浓度/;
const UNIT = new RegExp(
  [
    '㎡|㎞|㎏|℃|[%‰¥￥]',
    '平方米|平方公里|公顷|亩|公里|千米|厘米|毫米|立方米|千克|公斤|万元|亿元|百分|小时|分钟|毫秒|人/|户/',
    '[元米吨克升度秒天年](?![\\p{Script=Han}])',
    '（分）|\\(分\\)',
    '\\b(square |cubic )?(milli|centi|kilo)?met(re|er)s?\\b',
    '\\b(hectares?|mu|km|cm|mm|kg|grams?|tonnes?|lit(re|er)s?|degrees?|fen|yuan|cny|rmb|percent|per cent|per mille)\\b',
    '\\b(milli)?seconds?\\b|\\b(minutes?|hours?|days?|months?|years?|ms|bytes?)\\b',
    '\\bper \\w+|\\bto (one|a|ten|a hundred|a thousand)\\b|\\bof one\\b',
  ].join('|'),
  'iu',
);

/** A number of an unknown unit is worse than none: 分 and 元 differ by a hundred. */
export const unit: Rule = {
  name: 'unit',
  asks: 'Measures name their unit.',
  why: 'A number means nothing without its unit, and two departments that sum up 元 and 分 are wrong by a hundred. A measure names its unit in its description or name, or has a field `unit` beside it. Counts need none.',
  good: `type Parcel {
  "宗地面积 (㎡)."
  area: Float
  "Number of buildings."
  buildings: Int
}`,
  bad: `type Parcel {
  "宗地面积."
  area: Float
}`,
  check: ({ fields }, { descriptions, copies }) =>
    fields.flatMap(({ coordinate, type, node, parent, isExternal }): readonly Found[] => {
      const of = namedType(node.type);
      if ((of !== 'Float' && of !== 'Int') || isExternal || isInterface(parent)) return [];
      const text = descriptions.get(coordinate) ?? '';
      const words = wordsOf(node.name.value);
      const isMeasure = of === 'Float' || MEASURED.test(words) || MEASURED_IN_CHINESE.test(text.slice(0, 20));
      if (!isMeasure || UNIT.test(`${words} ${text}`) || copies.has(`${type}.unit`)) return [];
      return [
        {
          severity: 'WARNING',
          coordinate,
          line: lineOf(node),
          problem: 'It is a measure, and nothing names its unit.',
          fix: 'Name the unit in its description (㎡, 元, 分, %…), or put a field unit beside it.',
        },
      ];
    }),
};

import type { Retention } from '../../lib/codes/retention.ts';
import type { County } from './places.ts';
import { weighted } from './random.ts';
import type { Random } from './random.ts';

/** What archived items are about. */
export type Topic = {
  readonly weight: number;
  readonly bureau: string;
  readonly retention: Retention;
  readonly subject: 'PERSON' | 'LEGAL_PERSON' | 'NONE';
  /** Years in which such items were formed. */
  readonly years: readonly [number, number];
  readonly title: (random: Random, county: County) => string;
};

const village = (random: Random, county: County) => {
  const { name, township } = county.pickVillage(random);
  return township + name.replace('村民委员会', '村').replace('社区居民委员会', '社区');
};

/** The census of one year; its returns were formed in the year after it. */
const census = (number: string, year: number): Topic => ({
  weight: 1.2,
  bureau: '统计局',
  retention: '永久',
  subject: 'NONE',
  years: [year, year + 1],
  title: (random, county) => `第${number}次全国人口普查汇总表：${village(random, county)}`,
});

/** Special archives (婚姻, 林改, 土地, 普查) are most of what people look up; the rest is administrative. */
const topics: readonly Topic[] = [
  {
    weight: 22,
    bureau: '民政局',
    retention: '永久',
    subject: 'PERSON',
    years: [1955, 2100],
    title: (random, county) => `${county.name}结婚登记审查处理表（${village(random, county)}）`,
  },
  {
    weight: 5,
    bureau: '民政局',
    retention: '永久',
    subject: 'PERSON',
    years: [1955, 2100],
    title: (random, county) => `${county.name}离婚登记申请书（${village(random, county)}）`,
  },
  {
    weight: 14,
    bureau: '林业和草原局',
    retention: '永久',
    subject: 'PERSON',
    years: [2006, 2013],
    title: (random, county) => `集体林权制度改革林权登记申请表：${village(random, county)}`,
  },
  {
    weight: 12,
    bureau: '农业农村局',
    retention: '永久',
    subject: 'PERSON',
    years: [2014, 2019],
    title: (random, county) => `农村土地承包经营权确权登记档案：${village(random, county)}`,
  },
  census('四', 1990),
  census('五', 2000),
  census('六', 2010),
  census('七', 2020),
  {
    weight: 8,
    bureau: '人力资源和社会保障局',
    retention: '永久',
    subject: 'PERSON',
    years: [1955, 2008],
    title: (random, county) =>
      `关于${county.name}${random.pick(['教师', '卫生技术人员', '工人', '干部'])}招收录用的批复`,
  },
  {
    weight: 8,
    bureau: '市场监督管理局',
    retention: '永久',
    subject: 'LEGAL_PERSON',
    years: [1984, 2100],
    title: (_, county) => `${county.name}企业设立登记材料`,
  },
  {
    weight: 6,
    bureau: '自然资源局',
    retention: '永久',
    subject: 'LEGAL_PERSON',
    years: [1987, 2100],
    title: (random, county) => `关于${village(random, county)}建设用地的批复`,
  },
  {
    weight: 6,
    bureau: '财政局',
    retention: '30年',
    subject: 'NONE',
    years: [1970, 2100],
    title: (random, county) =>
      `${county.name}人民政府关于下达${random.pick(['农业', '水利', '教育', '卫生'])}专项资金的通知`,
  },
  {
    weight: 5,
    bureau: '水务局',
    retention: '永久',
    subject: 'NONE',
    years: [1958, 2100],
    title: (random, county) =>
      `${village(random, county)}${random.pick(['坝塘', '沟渠', '小型水库'])}除险加固工程竣工验收材料`,
  },
  {
    weight: 7,
    bureau: '人民政府办公室',
    retention: '30年',
    subject: 'NONE',
    years: [1950, 2100],
    title: (random, county) =>
      `${county.name}人民政府关于做好${random.pick(['春耕生产', '森林防火', '防汛抗旱', '烤烟收购', '火把节安全'])}工作的通知`,
  },
  {
    weight: 3,
    bureau: '教育体育局',
    retention: '10年',
    subject: 'NONE',
    years: [2005, 2100],
    title: (random, county) => `${county.name}${random.pick(['中小学', '幼儿园', '职业中学'])}年度检查情况报告`,
  },
];

export const pickTopic = weighted(topics.map((topic) => [topic, topic.weight] as const));

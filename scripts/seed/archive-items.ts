import { addDays } from '../../lib/codes/calendar-date.ts';
import { archiveOpensOn } from '../../lib/codes/archive-opening.ts';
import { bigrams } from '../../lib/codes/bigrams.ts';
import { retentionMarks } from '../../lib/codes/retention.ts';
import type { Retention } from '../../lib/codes/retention.ts';
import type { SecrecyLevel } from '../../lib/codes/secrecy.ts';
import type { ArchiveItemRecord, Subject } from '../../subgraphs/archives/models.ts';
import { dirt } from './dirt.ts';
import type { LegalPersons } from './legal-persons.ts';
import type { Population } from './population.ts';
import type { County } from './places.ts';
import { randomSource, weighted } from './random.ts';
import type { Random } from './random.ts';
import { bureaus } from './trades.ts';

type Topic = {
  readonly bureau: string;
  readonly retention: Retention;
  readonly subject: 'PERSON' | 'LEGAL_PERSON' | 'NONE';
  title(random: Random, county: County): string;
};

const village = (random: Random, county: County) => {
  const { name, township } = county.pickVillage(random);
  return township + name.replace('村民委员会', '村').replace('社区居民委员会', '社区');
};

/** Special archives (婚姻, 林改, 普查) are most of what people look up; the rest is administrative. */
const topics = weighted<Topic>([
  [
    {
      bureau: '民政局',
      retention: '永久',
      subject: 'PERSON',
      title: (random, county) => `${county.name}结婚登记审查处理表（${village(random, county)}）`,
    },
    22,
  ],
  [
    {
      bureau: '民政局',
      retention: '永久',
      subject: 'PERSON',
      title: (random, county) => `${county.name}离婚登记申请书（${village(random, county)}）`,
    },
    5,
  ],
  [
    {
      bureau: '林业和草原局',
      retention: '永久',
      subject: 'PERSON',
      title: (random, county) => `集体林权制度改革林权登记申请表：${village(random, county)}`,
    },
    16,
  ],
  [
    {
      bureau: '农业农村局',
      retention: '永久',
      subject: 'PERSON',
      title: (random, county) => `农村土地承包经营权确权登记档案：${village(random, county)}`,
    },
    14,
  ],
  [
    {
      bureau: '统计局',
      retention: '永久',
      subject: 'NONE',
      title: (random, county) =>
        `第${random.pick(['四', '五', '六', '七'])}次全国人口普查汇总表：${village(random, county)}`,
    },
    5,
  ],
  [
    {
      bureau: '人力资源和社会保障局',
      retention: '永久',
      subject: 'PERSON',
      title: (random, county) =>
        `关于${county.name}${random.pick(['教师', '卫生技术人员', '工人', '干部'])}招收录用的批复`,
    },
    7,
  ],
  [
    {
      bureau: '市场监督管理局',
      retention: '永久',
      subject: 'LEGAL_PERSON',
      title: (_, county) => `${county.name}企业设立登记材料`,
    },
    8,
  ],
  [
    {
      bureau: '自然资源局',
      retention: '永久',
      subject: 'LEGAL_PERSON',
      title: (random, county) => `关于${village(random, county)}建设用地的批复`,
    },
    5,
  ],
  [
    {
      bureau: '财政局',
      retention: '30年',
      subject: 'NONE',
      title: (random, county) =>
        `${county.name}人民政府关于下达${random.pick(['农业', '水利', '教育', '卫生'])}专项资金的通知`,
    },
    5,
  ],
  [
    {
      bureau: '水务局',
      retention: '永久',
      subject: 'NONE',
      title: (random, county) =>
        `${village(random, county)}${random.pick(['坝塘', '沟渠', '小型水库'])}除险加固工程竣工验收材料`,
    },
    4,
  ],
  [
    {
      bureau: '人民政府办公室',
      retention: '30年',
      subject: 'NONE',
      title: (random, county) =>
        `${county.name}人民政府关于做好${random.pick(['春耕生产', '森林防火', '防汛抗旱', '烤烟收购', '火把节安全'])}工作的通知`,
    },
    6,
  ],
  [
    {
      bureau: '教育体育局',
      retention: '10年',
      subject: 'NONE',
      title: (random, county) => `${county.name}${random.pick(['中小学', '幼儿园', '职业中学'])}年度检查情况报告`,
    },
    3,
  ],
]);

const secrecyOf = weighted<SecrecyLevel>([
  ['公开', 78],
  ['国内', 6],
  ['内部', 16],
]);

/** Makes the n-th archived item. Its number (档号, DA/T 22) carries fonds, year, retention, bureau and the item itself. */
export function archiveItemMaker(
  people: Population,
  bodies: LegalPersons,
  asOf: string,
): (index: number) => ArchiveItemRecord {
  const source = randomSource(people.seed, 'archive-item');
  const bureauNames = bureaus.split(' ');
  return (index) => {
    const random = source(index);
    const county = people.pickCounty(random);
    const topic = topics(random);
    const formedOn = addDays(asOf, -Math.floor(random.fraction() ** 0.8 * 25_500));
    const secrecy = topic.subject === 'PERSON' ? '内部' : secrecyOf(random);
    const plain = topic.title(random, county);
    const title = random.chance(dirt.untidyTitles) ? untidy(plain) : plain;
    const bureau = bureauNames.indexOf(topic.bureau) + 1;
    const fonds = `${String(county.index + 1).padStart(2, '0')}${String(bureau).padStart(2, '0')}`;
    const mark = retentionMarks.get(topic.retention) ?? 'Y';
    return {
      _id: `${fonds}-WS·${formedOn.slice(0, 4)}-${mark}-${String(random.between(1, 12)).padStart(2, '0')}-${String(index + 1).padStart(7, '0')}`,
      title,
      titleTokens: bigrams(title),
      fonds,
      fondsName: county.name + topic.bureau,
      retention: topic.retention,
      secrecy,
      formedOn,
      opensOn: archiveOpensOn(formedOn, secrecy),
      county: county.code,
      subjects: subjectsOf(random, topic, { people, bodies, county }),
    };
  };
}

function subjectsOf(
  random: Random,
  topic: Topic,
  { people, bodies, county }: { people: Population; bodies: LegalPersons; county: County },
): Subject[] {
  if (topic.subject === 'PERSON') return [{ kind: 'PERSON', ref: people.refOf(people.headIn(county, random)) }];
  if (topic.subject === 'LEGAL_PERSON') {
    return [{ kind: 'LEGAL_PERSON', ref: bodies.creditCodeOf(random.below(bodies.count)) }];
  }
  return [];
}

/** What conversions from older systems left behind: doubled ideographic blanks and half-width brackets. */
function untidy(title: string): string {
  return title.replaceAll('（', ' (').replaceAll('）', ')　').replace('关于', '关　于 ');
}

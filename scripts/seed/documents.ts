import { createHash } from 'node:crypto';
import { bigrams } from '../../lib/codes/bigrams.ts';
import { addDays } from '../../lib/codes/calendar-date.ts';
import type { DocumentKind, Urgency } from '../../lib/codes/official-documents.ts';
import type { DocumentRecord, Publicity, Subject } from '../../subgraphs/archives/models.ts';
import type { LegalPersons } from './legal-persons.ts';
import { prefecture } from './places.ts';
import type { Population } from './population.ts';
import { randomSource, weighted } from './random.ts';
import type { Random } from './random.ts';

const kinds = weighted<DocumentKind>([
  ['通知', 46],
  ['批复', 14],
  ['意见', 9],
  ['函', 9],
  ['报告', 6],
  ['决定', 5],
  ['请示', 4],
  ['通报', 3],
  ['公告', 2],
  ['纪要', 2],
]);
const urgency = weighted<Urgency>([
  ['平件', 85],
  ['加急', 11],
  ['特急', 4],
]);
const publicity = weighted<Publicity>([
  ['PROACTIVE', 60],
  ['ON_APPLICATION', 25],
  ['NOT_PUBLIC', 15],
]);

const matters = [
  '优化营商环境行动方案',
  '政务数据共享目录管理',
  '城乡居民基本养老保险待遇调整',
  '义务教育学校布局调整',
  '农村生活污水治理',
  '绿色能源产业发展规划',
  '彝族文化保护传承',
  '滇中引水工程征地安置',
  '高标准农田建设',
  '地名和行政区划代码更新',
] as const;

/** Makes the n-th official document of the prefecture or a county; numbers run on within issuer and year. */
export function documentMaker(
  people: Population,
  bodies: LegalPersons,
  asOf: string,
): (index: number) => DocumentRecord {
  const source = randomSource(people.seed, 'document');
  return (index) => {
    const random = source(index);
    const county = random.chance(0.4) ? undefined : people.pickCounty(random);
    const issuer = `${county?.name ?? prefecture.name}人民政府`;
    const short = county === undefined ? '楚' : county.shortName;
    const issuedOn = addDays(asOf, -random.below(5000));
    const kind = kinds(random);
    const year = issuedOn.slice(0, 4);
    const subjects = subjectsOf(random, people, bodies);
    const title = `${issuer}关于${random.pick(matters)}的${kind}`;
    return {
      _id: `${county?.code ?? prefecture.code}-${year}-${index + 1}`,
      documentNumber: `${short}政${kind === '批复' ? '复' : kind === '函' ? '函' : '发'}〔${year}〕${index + 1}号`,
      title,
      titleTokens: bigrams(title),
      kind,
      issuer,
      division: county?.code ?? prefecture.code,
      issuedOn,
      urgency: urgency(random),
      secrecy: random.chance(0.92) ? '公开' : '内部',
      publicity: publicity(random),
      subjects,
      contentHash: createHash('sha256').update(`${people.seed}:document:${index}`).digest('hex'),
    };
  };
}

function subjectsOf(random: Random, people: Population, bodies: LegalPersons): Subject[] {
  if (random.chance(0.7)) return [];
  if (random.chance(0.3)) return [{ kind: 'PERSON', ref: people.refOf(people.anyHead(random)) }];
  return [{ kind: 'LEGAL_PERSON', ref: bodies.creditCodeOf(random.below(bodies.count)) }];
}

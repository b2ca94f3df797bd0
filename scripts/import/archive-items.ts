import { archiveOpensOn } from '../../lib/codes/archive-opening.ts';
import { bigrams } from '../../lib/codes/bigrams.ts';
import type { SecrecyLevel } from '../../lib/codes/secrecy.ts';
import { models } from '../../subgraphs/archives/models.ts';
import { choice, division, optional, pastDate, pattern, required, text } from './fields.ts';
import type { Resource } from './resource.ts';
import { readSecrecy } from './secrecy.ts';
import { readSubjects } from './subjects.ts';

/** Archived items by their number (档号). The opening date is computed from the day of forming and the level of secrecy. */
export const archiveItems: Resource = {
  name: 'archive-items',
  title: '档案目录',
  store: 'archives',
  formats: ['csv', 'ndjson'],
  keyField: '_id',
  hasGeometry: false,
  fields: [
    required(
      'number',
      '档号',
      pattern(
        /^[\p{L}\p{N}][\p{L}\p{N}·.\-—]{2,79}$/u,
        "An item's number has letters, digits, hyphens and dots, up to 80 of them.",
      ),
    ),
    required('title', '题名 标题', text(500)),
    required(
      'fonds',
      '全宗号',
      pattern(/^[A-Z0-9]{1,10}$/, 'The number of a fonds has up to ten capital letters and digits.'),
    ),
    required('fondsName', '全宗名称 立档单位', text(100)),
    required('retention', '保管期限', choice({ 永久: 'Y 永久保管', '30年': 'D30 长期', '10年': 'D10 短期' })),
    required('secrecy', '密级', readSecrecy),
    required('formedOn', '形成日期 日期', pastDate),
    required('county', '行政区划代码 行政区划', division([6])),
    optional('subjects', '相关主体', readSubjects),
  ],
  model: (connection) => models(connection).archiveItems as never,
  prepare(row) {
    const { number, ...rest } = row as { number: string; title: string; formedOn: string; secrecy: SecrecyLevel };
    const computed = { titleTokens: bigrams(rest.title), opensOn: archiveOpensOn(rest.formedOn, rest.secrecy) };
    return { kind: 'VALID', key: number, stated: { ...rest, ...computed, _id: number }, initial: { subjects: [] } };
  },
};

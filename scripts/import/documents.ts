import { createHash } from 'node:crypto';
import { bigrams } from '../../lib/codes/bigrams.ts';
import { documentKinds, urgencies } from '../../lib/codes/official-documents.ts';
import { models } from '../../subgraphs/archives/models.ts';
import { choice, division, optional, pastDate, pattern, required, text } from './fields.ts';
import type { Resource } from './resource.ts';
import { readSecrecy } from './secrecy.ts';
import { readSubjects } from './subjects.ts';

const same = (words: readonly string[]) => Object.fromEntries(words.map((word) => [word, word]));

/** Official documents by document number (发文字号). */
export const documents: Resource = {
  name: 'documents',
  title: '公文目录',
  store: 'archives',
  formats: ['csv', 'ndjson'],
  keyField: 'documentNumber',
  hasGeometry: false,
  fields: [
    required(
      'documentNumber',
      '发文字号 文号',
      pattern(
        /^\p{L}{2,20}〔\d{4}〕\d{1,5}号$/u,
        'A document number is written 楚政发〔2024〕12号, with the brackets 〔 〕.',
      ),
    ),
    required('title', '标题 题名', text(500)),
    required('kind', '文种', choice(same(documentKinds))),
    required('issuer', '发文机关 发文机关标志', text(100)),
    required('division', '行政区划代码 行政区划', division([6])),
    required('issuedOn', '成文日期', pastDate),
    optional('urgency', '紧急程度', choice(same(urgencies))),
    optional('secrecy', '密级', readSecrecy),
    required(
      'publicity',
      '公开属性',
      choice({ PROACTIVE: '主动公开', ON_APPLICATION: '依申请公开', NOT_PUBLIC: '不予公开' }),
    ),
    required(
      'contentHash',
      '文件摘要 摘要值',
      pattern(/^[0-9a-f]{64}$/, 'The content hash is SHA-256 in 64 small hexadecimal digits.'),
    ),
    optional('subjects', '相关主体', readSubjects),
  ],
  model: (connection) => models(connection).documents as never,
  prepare(row) {
    const {
      documentNumber,
      title,
      division: place,
    } = row as { documentNumber: string; title: string; division: string };
    const [, year = '', serial = ''] = /〔(\d{4})〕(\d+)号$/.exec(documentNumber) ?? [];
    // Bodies of one division number their documents apart; the hash of the whole number keeps the keys apart too.
    const mark = createHash('sha256').update(documentNumber).digest('hex').slice(0, 8);
    return {
      kind: 'VALID',
      key: documentNumber,
      stated: { ...row, titleTokens: bigrams(title) },
      initial: { _id: `${place}-${year}-${serial}-${mark}`, urgency: '平件', secrecy: '公开', subjects: [] },
    };
  },
};

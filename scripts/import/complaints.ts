import { randomUUID } from 'node:crypto';
import { parseCreditCode } from '../../lib/codes/uscc.ts';
import { valid } from '../../lib/codes/verdict.ts';
import { type ComplaintKind, models } from '../../subgraphs/hotline/models.ts';
import { dueOn } from '../../subgraphs/hotline/terms.ts';
import { topics } from '../../subgraphs/hotline/topics.ts';
import { choice, code, division, instant, optional, pattern, phone, required, text } from './fields.ts';
import type { FieldVerdict, Resource } from './resource.ts';
import { fault } from './resource.ts';

const kinds = {
  CONSULTATION: '咨询',
  HELP: '求助',
  GRIEVANCE: '投诉',
  REPORT: '举报',
  SUGGESTION: '建议 意见建议',
};
const states = {
  RECEIVED: '已受理 待派单',
  ASSIGNED: '办理中 已派单',
  CLOSED: '已办结 办结 已归档',
  WITHDRAWN: '已撤销 撤单',
};
const topicsByCode = new Map(topics.filter(({ group }) => group !== null).map((topic) => [topic.code, topic.title]));
const yesOrNo = choice({ true: '是 满意 基本满意', false: '否 不满意' });

/** The hotline's complaints by their number (工单编号). The last day for the answer follows from kind and time of receipt. */
export const complaints: Resource = {
  name: 'complaints',
  title: '政务热线诉求工单信息',
  store: 'hotline',
  formats: ['csv', 'ndjson'],
  keyField: 'number',
  hasGeometry: false,
  fields: [
    required('number', '工单编号 编号', pattern(/^\d{18}$/, 'The number of a complaint has 18 digits; correct it.')),
    required('division', '行政区划代码 行政区划 事发地区划代码', division([6, 9, 12])),
    required('kind', '诉求类型 类型', choice(kinds)),
    required('topic', '诉求分类 分类', code(topicsByCode, '诉求分类')),
    required('text', '诉求内容 内容', text(2_000)),
    optional('callerName', '来电人姓名 来电人 姓名', text(60)),
    optional('callerPhone', '来电号码 联系电话 电话', phone),
    optional('confidential', '是否保密 保密', boolean),
    optional('unitUscc', '承办单位信用代码 承办单位统一社会信用代码', (value) => parseCreditCode(value)),
    optional('unitName', '承办单位', text(100)),
    required('receivedAt', '受理时间 来电时间', instant),
    required('state', '工单状态 状态', choice(states)),
    optional('closedAt', '办结时间', instant),
    optional('satisfied', '是否满意 满意度', boolean),
    optional('updatedAt', '更新时间', instant),
  ],
  model: (connection) => models(connection).complaints as never,
  prepare(row) {
    const { unitUscc, ...rest } = row as {
      number: string;
      division: string;
      kind: ComplaintKind;
      state: string;
      receivedAt: Date;
      closedAt?: Date;
      unitUscc?: { code: string };
    };
    const { closedAt, receivedAt, state } = rest;
    if ((state === 'CLOSED') !== (closedAt !== undefined))
      return fault(
        'closedAt',
        'DISAGREES',
        'A complaint has a time of closing where it is closed, and only there; correct one of the two.',
      );
    if (closedAt !== undefined && closedAt < receivedAt)
      return fault(
        'closedAt',
        'DISAGREES',
        'The complaint was closed before it was received; correct whichever is wrong.',
      );
    return {
      kind: 'VALID',
      key: rest.number,
      stated: {
        ...rest,
        ...(unitUscc && { unitUscc: unitUscc.code }),
        county: rest.division.slice(0, 6),
        dueOn: dueOn(rest.kind, receivedAt),
      },
      initial: { _id: randomUUID().replaceAll('-', ''), confidential: false },
    };
  },
};

function boolean(value: string): FieldVerdict {
  const verdict = yesOrNo(value, { today: '' });
  return verdict.kind === 'VALID' ? valid(verdict.value === 'true') : verdict;
}

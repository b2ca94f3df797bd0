import { randomUUID } from 'node:crypto';
import { models } from '../../subgraphs/hotline/models.ts';
import { choice, division, instant, optional, pastDate, pattern, phone, required, text } from './fields.ts';
import type { Resource } from './resource.ts';

/** Rows of 政务服务便民热线 by their number. The hub's reference of a new row is random: nothing personal can be read from it. */
export const complaints: Resource = {
  name: 'complaints',
  title: '政务服务便民热线信息',
  store: 'hotline',
  formats: ['csv', 'ndjson'],
  keyField: 'number',
  hasGeometry: false,
  fields: [
    required(
      'number',
      '编号',
      pattern(/^[A-Z0-9-]{4,40}$/, 'A number has 4 to 40 capital letters, digits and hyphens; correct it.'),
    ),
    required('name', '姓名', text(60)),
    optional('phone', '联系电话 手机号 电话', phone),
    required('division', '行政区划代码 行政区划', division([6, 9, 12])),
    required('state', '状态', choice({ ACTIVE: '有效 正常', CLOSED: '注销' })),
    required('registeredOn', '登记日期', pastDate),
    optional('updatedAt', '更新时间', instant),
  ],
  model: (connection) => models(connection).complaints as never,
  prepare(row) {
    const stated = row as { number: string; division: string };
    return {
      kind: 'VALID',
      key: stated.number,
      stated: { ...stated, county: stated.division.slice(0, 6) },
      initial: { _id: randomUUID().replaceAll('-', '') },
    };
  },
};

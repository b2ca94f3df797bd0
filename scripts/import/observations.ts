import { invalid, valid } from '../../lib/codes/verdict.ts';
import { models } from '../../subgraphs/statistics/models.ts';
import { choice, decimalNumber, division, optional, pastDate, pattern, required, text } from './fields.ts';
import type { FieldVerdict, Resource } from './resource.ts';

/** Published values of indicators, by indicator, division, period and vintage. A revision comes as the next vintage. */
export const observations: Resource = {
  name: 'observations',
  title: '统计指标数值',
  store: 'statistics',
  formats: ['csv', 'ndjson'],
  keyField: '_id',
  hasGeometry: false,
  fields: [
    required(
      'indicator',
      '指标代码 指标',
      pattern(/^[A-Z0-9][A-Z0-9-]{1,19}$/, 'An indicator code has 2 to 20 capital letters, digits and hyphens.'),
    ),
    required('division', '行政区划代码 行政区划 地区代码', division([6])),
    required('period', '时期 报告期', readPeriod),
    required('value', '数值 指标值', decimalNumber),
    required('unit', '计量单位 单位', text(30)),
    optional('vintage', '版本 发布次数', (value) =>
      /^[1-9]\d?$/.test(value)
        ? valid(Number(value))
        : invalid('FORMAT', 'The vintage is 1 for the first publication and one more for each revision, up to 99.'),
    ),
    optional(
      'status',
      '数据状态 状态',
      choice({ PRELIMINARY: '初步 初步核算 快报', REVISED: '修订', FINAL: '最终 最终核实 年报' }),
    ),
    required('source', '数据来源 来源', text(60)),
    required('publishedOn', '发布日期', pastDate),
  ],
  model: (connection) => models(connection).observations as never,
  prepare(row) {
    const { indicator, period } = row as { indicator: string; period: string };
    const place = row.division as string;
    const vintage = (row.vintage as number | undefined) ?? 1;
    const key = `${indicator}:${place}:${period}:${vintage}`;
    return { kind: 'VALID', key, stated: { ...row, _id: key, vintage }, initial: { status: 'FINAL' } };
  },
};

/** 2024 or 2024年; 2024-Q3 or 2024年3季度; 2024-09 or 2024年9月. */
function readPeriod(value: string): FieldVerdict {
  const year = /^(\d{4})年?$/.exec(value);
  if (year !== null) return valid(year[1]);
  const quarter = /^(\d{4})(?:-Q([1-4])|年第?([1-4一二三四])季度)$/.exec(value);
  if (quarter !== null) {
    const number = quarter[2] ?? quarter[3] ?? '';
    return valid(`${quarter[1] ?? ''}-Q${'一二三四'.includes(number) ? '一二三四'.indexOf(number) + 1 : number}`);
  }
  const month = /^(\d{4})(?:-(\d{2})|年(\d{1,2})月)$/.exec(value);
  const number = Number(month?.[2] ?? month?.[3] ?? 0);
  if (month !== null && number >= 1 && number <= 12)
    return valid(`${month[1] ?? ''}-${String(number).padStart(2, '0')}`);
  return invalid(
    'FORMAT',
    'The period is not readable; write 2024 for a year, 2024-Q3 for a quarter, 2024-09 for a month.',
  );
}

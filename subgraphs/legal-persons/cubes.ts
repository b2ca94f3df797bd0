import { industrySections } from '../../lib/codes/industry.ts';
import type { CubeDefinition } from '../../lib/cubes/cube-definition.ts';
import { modelRows } from '../../lib/cubes/model-rows.ts';
import { type LegalPersonRecord, models } from './models.ts';

export const ENTERPRISE = 'ENTERPRISE';
export const ACTIVE = 'ACTIVE';

/**
 * 法人单位 and their revenue. Enterprises in operation are a cell of a table by status: a cube of their own would show, by what
 * is left, how many of the others there are.
 */
export const LEGAL_PERSONS: CubeDefinition = {
  name: 'legal-persons',
  title: '法人和非法人组织',
  unit: '户',
  definition:
    '在市场监管等登记机关登记的法人和非法人组织，含已吊销、注销的；营业总收入取自最近一次年度报告，未申报的不计',
  dimensions: [
    { name: 'INDUSTRY', values: [...industrySections.keys()] },
    { name: 'STATUS', values: ['ACTIVE', 'SUSPENDED', 'REVOKED', 'DEREGISTERED'] },
    { name: 'BODY', values: [ENTERPRISE, 'OTHER'] },
  ],
  sum: { title: '营业总收入', unit: '分' },
  tables: [
    { by: [], levels: ['PREFECTURE', 'COUNTY', 'TOWNSHIP'], every: 'MONTH' },
    { by: ['INDUSTRY'], levels: ['PREFECTURE', 'COUNTY'], every: 'MONTH' },
    { by: ['STATUS'], levels: ['PREFECTURE', 'COUNTY'], every: 'MONTH', countsOnly: true },
    { by: ['STATUS', 'BODY'], levels: ['PREFECTURE', 'COUNTY'], every: 'MONTH', countsOnly: true },
    // By counties it would be nearly all hidden, and take half of the table by status along.
    { by: ['INDUSTRY', 'STATUS'], levels: ['PREFECTURE'], every: 'YEAR', countsOnly: true },
  ],
  rows: modelRows<LegalPersonRecord>({
    model: (connection) => models(connection).legalPersons,
    fields: ['division', 'industry', 'status', 'kind', 'annualRevenueFen'],
    row: ({ division, industry, status, kind, annualRevenueFen }) => ({
      division,
      values: [industry, status, kind === ENTERPRISE ? ENTERPRISE : 'OTHER'],
      ...(isAmount(annualRevenueFen) && { amount: Math.round(annualRevenueFen) }),
    }),
  }),
};

/** A loss reported as revenue is an error of the report: sums are of amounts that are not negative. */
function isAmount(value: number | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

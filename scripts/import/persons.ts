import { randomUUID } from 'node:crypto';
import { educationLevels } from '../../lib/codes/education.ts';
import { ethnicGroups } from '../../lib/codes/ethnic-groups.ts';
import { maritalStatuses } from '../../lib/codes/marital-status.ts';
import { parseResidentNumber } from '../../lib/codes/resident-number.ts';
import type { ResidentNumber } from '../../lib/codes/resident-number.ts';
import { sexes } from '../../lib/codes/sex.ts';
import { models } from '../../subgraphs/population/models.ts';
import { choice, code, division, instant, optional, pastDate, phone, required, text, wholeNumber } from './fields.ts';
import { fault } from './resource.ts';
import type { Resource } from './resource.ts';

/**
 * Persons of the household register, by resident number. A 15-digit number is upgraded first, so the same person under
 * both forms is one record. The hub's reference of a new person is random: nothing personal can be read from it.
 */
export const persons: Resource = {
  name: 'persons',
  title: '人口基础信息',
  store: 'population',
  formats: ['csv', 'ndjson'],
  keyField: 'residentNumber',
  hasGeometry: false,
  fields: [
    required('residentNumber', '公民身份号码 身份证号 身份证号码 居民身份证号码 证件号码', (value, { today }) =>
      parseResidentNumber(value, today),
    ),
    required('name', '姓名', text(60)),
    optional('sex', '性别', code(new Map([...sexes, ['0', '未知'], ['9', '未说明']]), 'GB/T 2261.1')),
    optional('ethnicGroup', '民族', code(ethnicGroups, 'GB/T 3304')),
    optional('birthDate', '出生日期 出生年月日', pastDate),
    optional('maritalStatus', '婚姻状况', code(maritalStatuses, 'GB/T 2261.2')),
    optional('education', '文化程度 学历 受教育程度', code(educationLevels, 'GB/T 4658')),
    required('division', '行政区划代码 行政区划 户籍地区划代码', division([6, 12])),
    required('address', '户籍地址 住址 户籍地', text(200)),
    optional('phone', '联系电话 手机号 手机号码 电话', phone),
    required('householdNumber', '户号', wholeNumber),
    optional('status', '状态 户籍状态', choice({ REGISTERED: '在册 正常', MOVED_OUT: '迁出', DECEASED: '死亡 注销' })),
    optional('source', '数据来源 来源', text(60)),
    optional('updatedAt', '更新时间', instant),
  ],
  model: (connection) => models(connection).persons as never,
  prepare(row) {
    const { residentNumber, ...rest } = row as {
      residentNumber: ResidentNumber;
      sex?: string;
      birthDate?: string;
      division: string;
    };
    const { number, birthDate, sex } = residentNumber;
    if (rest.birthDate !== undefined && rest.birthDate !== birthDate) {
      return fault(
        'birthDate',
        'DISAGREES',
        'The birth date is not the one in the resident number; correct whichever is wrong.',
      );
    }
    if ((rest.sex === '1' || rest.sex === '2') && rest.sex !== sex) {
      return fault('sex', 'DISAGREES', 'The sex is not the one in the resident number; correct whichever is wrong.');
    }
    return {
      kind: 'VALID',
      key: number,
      stated: { ...rest, residentNumber: number, birthDate, sex: rest.sex ?? sex, county: rest.division.slice(0, 6) },
      initial: { _id: randomUUID().replaceAll('-', ''), status: 'REGISTERED', source: '导入' },
    };
  },
};

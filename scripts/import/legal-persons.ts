import { bigrams } from '../../lib/codes/bigrams.ts';
import { sectionOfClass } from '../../lib/codes/industry.ts';
import { parseCreditCode } from '../../lib/codes/uscc.ts';
import type { CreditCode } from '../../lib/codes/uscc.ts';
import { invalid, valid } from '../../lib/codes/verdict.ts';
import { models } from '../../subgraphs/legal-persons/models.ts';
import {
  choice,
  division,
  instant,
  money,
  optional,
  pastDate,
  personRef,
  phone,
  required,
  text,
  wholeNumber,
} from './fields.ts';
import { fault } from './resource.ts';
import type { Resource } from './resource.ts';

const kinds = {
  ENTERPRISE: '企业 企业法人 公司',
  SOLE_TRADER: '个体工商户 个体',
  FARMERS_COOPERATIVE: '农民专业合作社',
  PUBLIC_INSTITUTION: '事业单位',
  GOVERNMENT: '机关 机关法人',
  SOCIAL_ORGANISATION: '社会组织 社会团体',
};
const statuses = { ACTIVE: '存续 在业 开业 正常', SUSPENDED: '停业 歇业', REVOKED: '吊销', DEREGISTERED: '注销' };

/** Legal persons by unified social credit code. The industry's section follows from its class, the name's tokens from the name. */
export const legalPersons: Resource = {
  name: 'legal-persons',
  title: '法人单位基础信息',
  store: 'legal-persons',
  formats: ['csv', 'ndjson'],
  keyField: '_id',
  hasGeometry: false,
  fields: [
    required('uscc', '统一社会信用代码 信用代码', (value) => parseCreditCode(value)),
    required('name', '名称 单位名称 机构名称 企业名称', text(200)),
    required('kind', '类型 机构类型 主体类型', choice(kinds)),
    required('industryClass', '行业代码 国民经济行业代码', (value) =>
      sectionOfClass(value) === undefined
        ? invalid(
            'FORMAT',
            'The industry is not a class of GB/T 4754-2017; give 2 to 4 digits without the letter of the section.',
          )
        : valid(value),
    ),
    required('status', '登记状态 状态 经营状态', choice(statuses)),
    required('division', '行政区划代码 行政区划 住所区划代码', division([6, 9, 12])),
    required('address', '住所 地址 注册地址', text(200)),
    required('establishedOn', '成立日期 设立日期', pastDate),
    optional('capitalFen', '注册资本（分）', wholeNumber),
    optional('capitalTenThousandYuan', '注册资本（万元） 注册资本', money(6)),
    required('representativeRef', '法定代表人标识 负责人标识', personRef),
    optional('phone', '联系电话 电话', phone),
    optional('annualRevenueTenThousandYuan', '营业收入（万元） 年营业收入', money(6)),
    optional('employees', '从业人数 从业人员数', wholeNumber),
    optional('source', '数据来源 来源', text(60)),
    optional('updatedAt', '更新时间', instant),
  ],
  model: (connection) => models(connection).legalPersons as never,
  prepare(row) {
    const { uscc, capitalFen, capitalTenThousandYuan, annualRevenueTenThousandYuan, ...rest } = row as {
      uscc: CreditCode;
      name: string;
      industryClass: string;
      division: string;
      capitalFen?: number;
      capitalTenThousandYuan?: number;
      annualRevenueTenThousandYuan?: number;
    };
    if ((capitalFen === undefined) === (capitalTenThousandYuan === undefined)) {
      return fault('capitalFen', 'ONE_OF_TWO', 'Give the capital once, as 注册资本（分） or as 注册资本（万元）.');
    }
    const revenue =
      annualRevenueTenThousandYuan === undefined ? {} : { annualRevenueFen: annualRevenueTenThousandYuan };
    return {
      kind: 'VALID',
      key: uscc.code,
      stated: {
        ...rest,
        ...revenue,
        _id: uscc.code,
        orgCode: uscc.orgCode,
        nameTokens: bigrams(rest.name),
        industry: sectionOfClass(rest.industryClass)?.letter,
        county: rest.division.slice(0, 6),
        capitalFen: capitalFen ?? capitalTenThousandYuan,
      },
      initial: { source: '导入' },
    };
  },
};

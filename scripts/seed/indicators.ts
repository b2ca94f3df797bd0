import { industrySections } from '../../lib/codes/industry.ts';
import type { IndustrySection } from '../../lib/codes/industry.ts';
import type { Frequency, IndicatorRecord } from '../../subgraphs/statistics/models.ts';

/**
 * The indicators. The first fifty are those a prefecture reports; beyond them each is broken down by industry section and
 * kind of ownership, which is where the thousands of a full statistical system come from.
 */
export type Indicator = IndicatorRecord & {
  /** SUM: the prefecture is the total of its counties. RATE: it is their mean by population. */
  readonly aggregation: 'SUM' | 'RATE';
  /** Prefecture's value (SUM) or the usual value (RATE) in the base year 2020, in `unit`. */
  readonly level: number;
  /** Growth a year. */
  readonly growth: number;
  readonly decimals: number;
};

type Row = readonly [string, string, string, Frequency, string, 'SUM' | 'RATE', number, number, string];

const rows: readonly Row[] = [
  [
    'GE001',
    '地区生产总值',
    '亿元',
    'QUARTER',
    '统计局',
    'SUM',
    1371,
    0.068,
    '一定时期内本地区常住单位生产活动的最终成果，现价',
  ],
  [
    'GE002',
    '第一产业增加值',
    '亿元',
    'QUARTER',
    '统计局',
    'SUM',
    252,
    0.06,
    '农、林、牧、渔业（不含专业及辅助性活动）增加值，现价',
  ],
  [
    'GE003',
    '第二产业增加值',
    '亿元',
    'QUARTER',
    '统计局',
    'SUM',
    560,
    0.075,
    '采矿、制造、电热燃水和建筑业增加值（不含开采和修理辅助活动），现价',
  ],
  ['GE004', '第三产业增加值', '亿元', 'QUARTER', '统计局', 'SUM', 559, 0.07, '第一、第二产业以外其他行业增加值，现价'],
  [
    'GE005',
    '规模以上工业增加值增速',
    '%',
    'MONTH',
    '统计局',
    'RATE',
    8.4,
    0,
    '年主营业务收入2000万元及以上工业法人单位，可比价，累计同比',
  ],
  [
    'GE006',
    '固定资产投资（不含农户）',
    '亿元',
    'MONTH',
    '统计局',
    'SUM',
    78,
    0.05,
    '计划总投资500万元及以上项目和房地产开发投资，当月',
  ],
  [
    'GE007',
    '社会消费品零售总额',
    '亿元',
    'MONTH',
    '统计局',
    'SUM',
    45,
    0.06,
    '企业通过交易售给个人、社会集团非生产非经营用的实物商品金额，当月',
  ],
  [
    'GE008',
    '居民消费价格指数',
    '上年同月=100',
    'MONTH',
    '统计局',
    'RATE',
    101.4,
    0,
    '城乡居民购买消费品和服务价格的变动，抽样调查',
  ],
  ['GE009', '规模以上工业用电量', '亿千瓦时', 'MONTH', '发展和改革委员会', 'SUM', 7.2, 0.07, '供电企业抄见电量，当月'],
  [
    'GE010',
    '全社会用电量',
    '亿千瓦时',
    'MONTH',
    '发展和改革委员会',
    'SUM',
    9.6,
    0.07,
    '供电企业抄见电量与自备电厂自用电量，当月',
  ],
  ['FI001', '一般公共预算收入', '亿元', 'MONTH', '财政局', 'SUM', 7.6, 0.04, '地方级收入，当月'],
  ['FI002', '一般公共预算支出', '亿元', 'MONTH', '财政局', 'SUM', 25, 0.05, '当月'],
  ['FI003', '税收收入', '亿元', 'MONTH', '税务局', 'SUM', 4.9, 0.04, '地方级税收，当月入库'],
  ['FI004', '金融机构人民币存款余额', '亿元', 'MONTH', '人民银行', 'SUM', 1580, 0.08, '月末数'],
  ['FI005', '金融机构人民币贷款余额', '亿元', 'MONTH', '人民银行', 'SUM', 1180, 0.1, '月末数'],
  ['PO001', '常住人口', '万人', 'YEAR', '统计局', 'SUM', 241.7, -0.004, '在本地居住半年以上的人口，年末'],
  ['PO002', '户籍人口', '万人', 'YEAR', '公安局', 'SUM', 266.1, -0.001, '户籍登记在本地的人口，年末'],
  ['PO003', '出生人口', '人', 'MONTH', '卫生健康委员会', 'SUM', 1750, -0.06, '当月活产数'],
  ['PO004', '死亡人口', '人', 'MONTH', '公安局', 'SUM', 1480, 0.01, '当月注销户口的死亡人数'],
  ['PO005', '常住人口城镇化率', '%', 'YEAR', '统计局', 'RATE', 44.6, 0.015, '城镇常住人口占常住人口比重'],
  ['PE001', '城镇居民人均可支配收入', '元', 'QUARTER', '统计局', 'RATE', 9560, 0.05, '住户调查，当季'],
  ['PE002', '农村居民人均可支配收入', '元', 'QUARTER', '统计局', 'RATE', 3180, 0.09, '住户调查，当季'],
  ['PE003', '城镇新增就业人数', '人', 'MONTH', '人力资源和社会保障局', 'SUM', 1900, 0.01, '当月'],
  ['PE004', '城镇登记失业率', '%', 'QUARTER', '人力资源和社会保障局', 'RATE', 3.6, 0, '季末'],
  [
    'PE005',
    '基本养老保险参保人数',
    '万人',
    'MONTH',
    '人力资源和社会保障局',
    'SUM',
    176,
    0.006,
    '城镇职工与城乡居民合计，月末',
  ],
  ['PE006', '基本医疗保险参保人数', '万人', 'MONTH', '医疗保障局', 'SUM', 255, -0.002, '职工与城乡居民合计，月末'],
  ['PE007', '城乡低保对象', '人', 'MONTH', '民政局', 'SUM', 121_000, -0.03, '月末在保人数'],
  ['PE008', '特困供养人员', '人', 'MONTH', '民政局', 'SUM', 8900, -0.01, '月末'],
  ['ED001', '普通小学在校学生', '人', 'YEAR', '教育体育局', 'SUM', 148_000, -0.01, '学年初报表'],
  ['ED002', '普通初中在校学生', '人', 'YEAR', '教育体育局', 'SUM', 84_000, 0, '学年初报表'],
  ['ED003', '普通高中在校学生', '人', 'YEAR', '教育体育局', 'SUM', 45_000, 0.01, '学年初报表'],
  ['ED004', '在园幼儿', '人', 'YEAR', '教育体育局', 'SUM', 66_000, -0.03, '学年初报表'],
  ['HE001', '医疗卫生机构床位', '张', 'YEAR', '卫生健康委员会', 'SUM', 17_300, 0.03, '年末实有床位'],
  ['HE002', '卫生技术人员', '人', 'YEAR', '卫生健康委员会', 'SUM', 20_100, 0.05, '年末'],
  ['HE003', '医疗机构诊疗人次', '万人次', 'MONTH', '卫生健康委员会', 'SUM', 108, 0.03, '当月'],
  ['AG001', '粮食产量', '万吨', 'YEAR', '农业农村局', 'SUM', 120, 0.01, '全年'],
  ['AG002', '蔬菜产量', '万吨', 'YEAR', '农业农村局', 'SUM', 275, 0.05, '全年，含食用菌'],
  ['AG003', '烤烟收购量', '万担', 'YEAR', '烟草专卖局', 'SUM', 170, 0, '全年'],
  ['AG004', '生猪存栏', '万头', 'QUARTER', '农业农村局', 'SUM', 262, 0.02, '季末'],
  ['AG005', '生猪出栏', '万头', 'QUARTER', '农业农村局', 'SUM', 92, 0.03, '当季'],
  ['EN001', '空气质量优良天数比率', '%', 'MONTH', '生态环境局', 'RATE', 98.9, 0, '当月'],
  ['EN002', '森林覆盖率', '%', 'YEAR', '林业和草原局', 'RATE', 69.3, 0.004, '年末'],
  ['EN003', '地表水达到或好于Ⅲ类断面比例', '%', 'QUARTER', '生态环境局', 'RATE', 95, 0.002, '当季国控、省控断面'],
  ['EN004', '中型以上水库蓄水量', '亿立方米', 'MONTH', '水务局', 'SUM', 6.8, 0.01, '月末'],
  ['TO001', '接待游客', '万人次', 'MONTH', '文化和旅游局', 'SUM', 390, 0.12, '当月，抽样调查'],
  ['TO002', '旅游总收入', '亿元', 'MONTH', '文化和旅游局', 'SUM', 36, 0.12, '当月，抽样调查'],
  ['MA001', '实有经营主体', '户', 'MONTH', '市场监督管理局', 'SUM', 189_000, 0.1, '月末'],
  ['MA002', '新设经营主体', '户', 'MONTH', '市场监督管理局', 'SUM', 3300, 0.04, '当月'],
  ['CO001', '市长热线受理件', '件', 'MONTH', '政务服务管理局', 'SUM', 1615, 0.05, '当月，电话、网络、短信、媒体合计'],
  ['GK001', '主动公开政府信息', '条', 'YEAR', '政府办公室', 'SUM', 1510, 0.08, '全年，各县市公开总条数'],
];

const ownerships: readonly string[] = ['', '国有控股', '集体控股', '私人控股', '外商及港澳台商'];

/** The first `count` indicators. */
export function makeIndicators(count: number): Indicator[] {
  const bases = rows.map(toIndicator);
  const made = [...bases];
  for (const ownership of ownerships) {
    for (const section of industrySections.values()) {
      if (made.length >= count) break;
      made.push(...bases.map((base) => breakDown(base, section, ownership)));
    }
  }
  return made.slice(0, count);
}

function breakDown(base: Indicator, section: IndustrySection, ownership: string): Indicator {
  return {
    ...base,
    _id: `${base._id}-${section.letter}${ownerships.indexOf(ownership)}`,
    name: `${base.name}（${section.name}${ownership === '' ? '' : `、${ownership}`}）`,
    definition: `${base.definition}；按国民经济行业门类${ownership === '' ? '' : '和控股情况'}分组`,
    level: base.aggregation === 'SUM' ? base.level / 25 : base.level,
  };
}

function toIndicator([
  code,
  name,
  unit,
  frequency,
  department,
  aggregation,
  level,
  growth,
  definition,
]: Row): Indicator {
  const decimals = ['人', '户', '件', '条', '张', '元'].includes(unit) ? 0 : 2;
  return { _id: code, name, definition, unit, frequency, department, aggregation, level, growth, decimals };
}

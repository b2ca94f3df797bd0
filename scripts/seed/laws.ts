import { bigrams } from '../../lib/codes/bigrams.ts';
import { addDays } from '../../lib/codes/calendar-date.ts';
import type { LawRecord } from '../../subgraphs/archives/models.ts';
import { randomSource } from './random.ts';

/** Title, issuer, in force from, number of articles, what it is about: national law that sharing data rests on. */
const national: readonly (readonly [string, string, string, number, string])[] = [
  ['中华人民共和国民法典', '全国人民代表大会', '2021-01-01', 1260, '调整民事关系，规定人格权和个人信息保护'],
  ['中华人民共和国个人信息保护法', '全国人民代表大会常务委员会', '2021-11-01', 74, '规范个人信息处理活动'],
  ['中华人民共和国数据安全法', '全国人民代表大会常务委员会', '2021-09-01', 55, '规范数据处理活动，保障数据安全'],
  ['中华人民共和国网络安全法', '全国人民代表大会常务委员会', '2017-06-01', 79, '保障网络安全'],
  ['中华人民共和国密码法', '全国人民代表大会常务委员会', '2020-01-01', 44, '规范密码应用和管理'],
  ['中华人民共和国电子签名法', '全国人民代表大会常务委员会', '2005-04-01', 36, '确立电子签名的法律效力'],
  ['中华人民共和国居民身份证法', '全国人民代表大会常务委员会', '2004-01-01', 23, '居民身份证的申领、发放和使用'],
  ['中华人民共和国户口登记条例', '全国人民代表大会常务委员会', '1958-01-09', 24, '户口登记'],
  ['中华人民共和国行政许可法', '全国人民代表大会常务委员会', '2004-07-01', 83, '行政许可的设定和实施'],
  ['中华人民共和国行政处罚法', '全国人民代表大会常务委员会', '2021-07-15', 86, '行政处罚的设定和实施'],
  ['中华人民共和国行政复议法', '全国人民代表大会常务委员会', '2024-01-01', 90, '行政复议'],
  ['中华人民共和国公司法', '全国人民代表大会常务委员会', '2024-07-01', 266, '公司的组织和行为'],
  ['中华人民共和国档案法', '全国人民代表大会常务委员会', '2021-01-01', 53, '档案的收集、整理、保护、利用'],
  ['中华人民共和国测绘法', '全国人民代表大会常务委员会', '2017-07-01', 68, '测绘活动和地理信息'],
  ['中华人民共和国公共图书馆法', '全国人民代表大会常务委员会', '2018-01-01', 55, '公共图书馆'],
  ['中华人民共和国公共文化服务保障法', '全国人民代表大会常务委员会', '2017-03-01', 65, '公共文化服务'],
  ['中华人民共和国非物质文化遗产法', '全国人民代表大会常务委员会', '2011-06-01', 45, '非物质文化遗产的保护、保存'],
  ['中华人民共和国未成年人保护法', '全国人民代表大会常务委员会', '2021-06-01', 132, '未成年人保护'],
  ['中华人民共和国反电信网络诈骗法', '全国人民代表大会常务委员会', '2022-12-01', 50, '预防、遏制电信网络诈骗'],
  ['政务数据共享条例', '国务院', '2025-08-01', 44, '政务数据共享工作'],
  ['中华人民共和国政府信息公开条例', '国务院', '2019-05-15', 56, '政府信息公开'],
  ['网络数据安全管理条例', '国务院', '2025-01-01', 64, '网络数据处理活动'],
  ['关键信息基础设施安全保护条例', '国务院', '2021-09-01', 51, '关键信息基础设施的安全'],
  ['中华人民共和国市场主体登记管理条例', '国务院', '2022-03-01', 55, '市场主体登记'],
  ['不动产登记暂行条例', '国务院', '2015-03-01', 35, '不动产登记'],
  ['优化营商环境条例', '国务院', '2020-01-01', 72, '优化营商环境'],
  ['行政区划管理条例', '国务院', '2019-01-01', 25, '行政区划的设立、撤销和变更'],
  ['地名管理条例', '国务院', '2022-05-01', 44, '地名管理'],
  ['地图管理条例', '国务院', '2016-01-01', 58, '地图的编制、审核、出版和服务'],
  ['社会救助暂行办法', '国务院', '2014-05-01', 70, '社会救助'],
];

const localMatters =
  '政务数据 公共资源交易 档案征集 地方志 彝族文化遗产 古镇保护 城市绿化 水资源 森林防火 农村公路 村庄规划 养老服务 志愿服务 物业服务 停车 市容环境 户外广告 ' +
  '烟花爆竹 犬只 建筑垃圾 餐厨垃圾 食品小作坊 农贸市场 校车 学前教育 民办教育 职业培训 公共租赁住房 住房补贴 房屋征收 集体林权 退耕还林 水库移民 地质灾害 气象设施 ' +
  '消防水源 应急物资 临时救助 医疗救助 残疾人就业 科技奖励 人才引进 招商引资 政府采购';
const localForms = ['管理办法', '实施细则', '保护规定', '考核办法'];

/** Number of laws and regulations: as many as the Ministry of Culture's own database of law counted. */
const lawCount = 197;

/** The national laws, then local rules made up for the data set and marked as such. */
export function makeLaws(seed: string, asOf: string): LawRecord[] {
  const laws = national.map(([title, issuer, effectiveFrom, articles, summary], index): LawRecord => {
    return law(index, { title, issuer, effectiveFrom, repealedOn: null, articles, summary });
  });
  const source = randomSource(seed, 'law');
  const matters = localMatters.split(' ');
  for (let index = laws.length; index < lawCount; index++) {
    const random = source(index);
    const local = index - national.length;
    const matter = matters[local % matters.length] ?? '';
    const form = localForms[Math.floor(local / matters.length) % localForms.length] ?? '';
    const effectiveFrom = addDays(asOf, -random.between(200, 9000));
    const repealed = random.chance(0.12) ? addDays(effectiveFrom, random.between(100, 4000)) : null;
    laws.push(
      law(index, {
        title: `楚雄彝族自治州${matter}${form}（示例）`,
        issuer: '楚雄彝族自治州人民政府',
        effectiveFrom,
        repealedOn: repealed !== null && repealed <= asOf ? repealed : null,
        articles: random.between(12, 60),
        summary: `${matter}方面的示例规范性文件，内容为生成数据`,
      }),
    );
  }
  return laws;
}

function law(index: number, fields: Omit<LawRecord, '_id' | 'titleTokens'>): LawRecord {
  return { _id: `FG-${String(index + 1).padStart(4, '0')}`, titleTokens: bigrams(fields.title), ...fields };
}

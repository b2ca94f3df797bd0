import type { LegalPersonKind } from '../../subgraphs/legal-persons/models.ts';

/** What generated businesses do: class of GB/T 4754-2017, the word in the name, weight among sole traders and enterprises. */
export type Trade = {
  readonly industryClass: string;
  readonly word: string;
  /** Ending of a sole trader's sign. */
  readonly shop: string;
  readonly soleTrader: number;
  readonly enterprise: number;
};

const table: readonly (readonly [string, string, string, number, number])[] = [
  ['0111', '稻业', '稻谷种植场', 1, 2],
  ['0141', '蔬菜', '蔬菜种植场', 2, 6],
  ['0170', '中药材', '药材种植园', 1, 6],
  ['0313', '畜牧', '生猪养殖场', 4, 5],
  ['0511', '种业', '种苗场', 1, 2],
  ['06', '煤业', '煤炭经营部', 0, 1],
  ['08', '矿业', '矿石经营部', 0, 1],
  ['09', '铜业', '矿产品经营部', 0, 2],
  ['11', '矿山工程服务', '矿山机械服务部', 0, 1],
  ['13', '粮油加工', '碾米坊', 3, 5],
  ['14', '食品', '糕点坊', 4, 4],
  ['15', '酒业', '小灶酒坊', 3, 3],
  ['16', '烟叶复烤', '烟叶收购点', 0, 1],
  ['20', '木业', '木器加工店', 2, 3],
  ['27', '药业', '中药饮片店', 0, 4],
  ['30', '建材', '建材加工店', 2, 6],
  ['33', '金属制品', '铝合金加工店', 4, 4],
  ['43', '机械修理', '农机修理部', 3, 1],
  ['4413', '水电', '小水电站', 0, 2],
  ['4415', '风力发电', '风电服务部', 0, 1],
  ['4416', '光伏发电', '光伏服务部', 0, 3],
  ['46', '供水', '供水服务部', 0, 1],
  ['47', '建筑工程', '建筑施工队', 2, 14],
  ['48', '市政工程', '工程服务部', 0, 8],
  ['50', '装饰工程', '装修店', 4, 7],
  ['51', '商贸', '批发部', 12, 22],
  ['52', '百货', '便利店', 60, 14],
  ['54', '物流', '货运部', 8, 6],
  ['61', '酒店管理', '客栈', 8, 3],
  ['62', '餐饮管理', '彝家菜馆', 40, 6],
  ['64', '网络科技', '网络服务部', 1, 5],
  ['65', '软件科技', '电脑服务部', 1, 6],
  ['66', '小额贷款', '代办服务部', 0, 1],
  ['70', '房地产开发', '房产中介', 2, 5],
  ['71', '机械租赁', '租赁部', 3, 4],
  ['72', '商务咨询', '打字复印店', 4, 12],
  ['74', '工程咨询', '测绘服务部', 1, 6],
  ['78', '环卫服务', '保洁服务部', 2, 2],
  ['80', '家政服务', '理发店', 20, 2],
  ['81', '汽车服务', '汽车修理店', 12, 3],
  ['83', '教育咨询', '幼儿园', 1, 3],
  ['84', '医疗', '诊所', 4, 2],
  ['88', '文化传媒', '彝绣坊', 3, 5],
  ['90', '文化娱乐', '棋牌室', 5, 2],
];

export const trades: readonly Trade[] = table.map(([industryClass, word, shop, soleTrader, enterprise]) => ({
  industryClass,
  word,
  shop,
  soleTrader,
  enterprise,
}));

/** Bureaus of a county, in the order in which they are registered; with the townships they make up GOVERNMENT. */
export const bureaus =
  '人民政府办公室 发展和改革局 教育体育局 科学技术局 工业和信息化局 民族宗教事务局 公安局 民政局 司法局 财政局 人力资源和社会保障局 自然资源局 ' +
  '住房和城乡建设局 交通运输局 水务局 农业农村局 林业和草原局 商务局 文化和旅游局 卫生健康局 退役军人事务局 应急管理局 审计局 市场监督管理局 统计局 ' +
  '乡村振兴局 医疗保障局 政务服务管理局 信访局 档案局';

export const townshipOffices =
  '人民政府 财政所 司法所 农业农村发展服务中心 社会保障服务中心 国土和村镇规划建设服务中心 林业和草原服务中心 文化广播电视服务中心';

/** Licences a business of a division of industries holds, with the authority and the usual term in years. */
export const licenceKinds: ReadonlyMap<string, readonly [string, string, number]> = new Map([
  ['06', ['安全生产许可证', '应急管理局', 3]],
  ['08', ['采矿许可证', '自然资源局', 10]],
  ['09', ['采矿许可证', '自然资源局', 10]],
  ['13', ['食品生产许可证', '市场监督管理局', 5]],
  ['14', ['食品生产许可证', '市场监督管理局', 5]],
  ['15', ['食品生产许可证', '市场监督管理局', 5]],
  ['27', ['药品经营许可证', '市场监督管理局', 5]],
  ['44', ['取水许可证', '水务局', 5]],
  ['46', ['取水许可证', '水务局', 5]],
  ['47', ['建筑业企业资质证书', '住房和城乡建设局', 5]],
  ['48', ['建筑业企业资质证书', '住房和城乡建设局', 5]],
  ['50', ['建筑业企业资质证书', '住房和城乡建设局', 5]],
  ['52', ['食品经营许可证', '市场监督管理局', 5]],
  ['54', ['道路运输经营许可证', '交通运输局', 4]],
  ['61', ['特种行业许可证', '公安局', 4]],
  ['62', ['食品经营许可证', '市场监督管理局', 5]],
  ['70', ['房地产开发企业资质证书', '住房和城乡建设局', 3]],
  ['83', ['民办学校办学许可证', '教育体育局', 5]],
  ['84', ['医疗机构执业许可证', '卫生健康局', 5]],
]);

export const penaltyGrounds = [
  '未按规定公示年度报告',
  '超出核准的经营范围从事经营活动',
  '销售超过保质期的食品',
  '未取得施工许可擅自施工',
  '使用未经检定的计量器具',
  '未按规定缴纳社会保险费',
  '未按要求排放污染物',
  '未落实安全生产主体责任',
] as const;

/** Shares of the kinds, government bodies aside: those are as many as there are bureaus and township offices. */
export const kindShares: readonly (readonly [Exclude<LegalPersonKind, 'GOVERNMENT'>, number])[] = [
  ['SOLE_TRADER', 50],
  ['ENTERPRISE', 36],
  ['FARMERS_COOPERATIVE', 6],
  ['PUBLIC_INSTITUTION', 5],
  ['SOCIAL_ORGANISATION', 3],
];

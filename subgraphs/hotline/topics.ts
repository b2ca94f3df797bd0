/** A topic of the hotline's list: four digits, the first two those of its group. */
export interface Topic {
  readonly code: string;
  readonly title: string;
  /** Null for a group. */
  readonly group: string | null;
}

/** Groups by code, with their topics in the order of their codes. */
const LIST: readonly (readonly [code: string, title: string, topics: string])[] = [
  ['01', '城乡建设', '供水 供电 供气 物业管理 住房保障 违法建设 市政设施'],
  ['02', '交通运输', '道路养护 公共交通 停车管理 出租汽车 交通信号'],
  ['03', '社会保障', '养老保险 医疗保险 劳动报酬 社会救助 就业服务'],
  ['04', '公共卫生', '医疗服务 疫苗接种 食品安全 药品安全'],
  ['05', '教育体育', '义务教育入学 校外培训 校园安全 体育设施'],
  ['06', '生态环境', '噪声扰民 大气污染 水体污染 垃圾处理'],
  ['07', '市场监管', '消费纠纷 价格收费 虚假宣传 无照经营'],
  ['08', '农业农村', '土地承包 惠农补贴 人居环境 农资质量'],
  ['09', '公安政法', '户籍办理 交通违法处理 治安问题 法律援助'],
  ['10', '政务服务', '办事流程 工作作风 证照办理 政策咨询'],
  ['11', '民族宗教与文化旅游', '旅游服务 文化活动 民族事务 宗教活动场所'],
];

/** 诉求分类, ordered by code: each group before its topics. */
export const topics: readonly Topic[] = LIST.flatMap(([group, title, names]) => [
  { code: group, title, group: null },
  ...names
    .split(' ')
    .map((name, place) => ({ code: `${group}${String(place + 1).padStart(2, '0')}`, title: name, group })),
]);

const byCode: ReadonlyMap<string, Topic> = new Map(topics.map((topic) => [topic.code, topic]));

export function topicOf(code: string): Topic | undefined {
  return byCode.get(code);
}

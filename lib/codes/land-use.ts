/** GB/T 21010-2017: current land use, 12 classes and their 73 kinds; a kind's code is the class and its place in it. */
const table: readonly (readonly [string, string])[] = [
  ['耕地', '水田 水浇地 旱地'],
  ['园地', '果园 茶园 橡胶园 其他园地'],
  ['林地', '乔木林地 竹林地 红树林地 森林沼泽 灌木林地 灌丛沼泽 其他林地'],
  ['草地', '天然牧草地 沼泽草地 人工牧草地 其他草地'],
  ['商服用地', '零售商业用地 批发市场用地 餐饮用地 旅馆用地 商务金融用地 娱乐用地 其他商服用地'],
  ['工矿仓储用地', '工业用地 采矿用地 盐田 仓储用地'],
  ['住宅用地', '城镇住宅用地 农村宅基地'],
  [
    '公共管理与公共服务用地',
    '机关团体用地 新闻出版用地 教育用地 科研用地 医疗卫生用地 社会福利用地 文化设施用地 体育用地 公用设施用地 公园与绿地',
  ],
  ['特殊用地', '军事设施用地 使领馆用地 监教场所用地 宗教用地 殡葬用地 风景名胜设施用地'],
  [
    '交通运输用地',
    '铁路用地 轨道交通用地 公路用地 城镇村道路用地 交通服务场站用地 农村道路 机场用地 港口码头用地 管道运输用地',
  ],
  [
    '水域及水利设施用地',
    '河流水面 湖泊水面 水库水面 坑塘水面 沿海滩涂 内陆滩涂 沟渠 沼泽地 水工建筑用地 冰川及永久积雪',
  ],
  ['其他土地', '空闲地 设施农用地 田坎 盐碱地 沙地 裸土地 裸岩石砾地'],
];

/** Four-digit code to name. */
export const landUses: ReadonlyMap<string, string> = new Map(
  table.flatMap(([, kinds], index) =>
    kinds.split(' ').map((name, place): [string, string] => [twoDigits(index + 1) + twoDigits(place + 1), name]),
  ),
);

/** Two-digit code of the class to its name. */
export const landUseClasses: ReadonlyMap<string, string> = new Map(
  table.map(([name], index) => [twoDigits(index + 1), name]),
);

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

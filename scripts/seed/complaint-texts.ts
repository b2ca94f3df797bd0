import type { Random } from './random.ts';

/** What is wrong, by group of topics; the topic itself is named before. */
const TROUBLES: Readonly<Record<string, readonly string[]>> = {
  '01': ['已持续三天无人处理', '多次报修没有结果', '影响整栋楼居民', '施工后未恢复原状'],
  '02': ['早晚高峰尤其严重', '存在安全隐患', '已有车辆受损', '标线已看不清'],
  '03': ['材料交了两个月没有答复', '不清楚需要哪些材料', '被告知不符合条件', '去年的待遇尚未到账'],
  '04': ['排队时间过长', '食用后身体不适', '预约不上', '收费与公示不一致'],
  '05': ['担心孩子今年不能就近入学', '机构拒绝退费', '器材损坏无人维修', '放学时段门口拥堵'],
  '06': ['夜间十一点以后仍在施工', '气味刺鼻', '河水变色', '垃圾多日未清运'],
  '07': ['商家拒绝退货', '标价与结账不一致', '承诺没有兑现', '没有营业执照'],
  '08': ['补贴名单没有公示', '承包地界址有争议', '种子发芽率低', '污水直排'],
  '09': ['办理进度查询不到', '处罚通知没有收到', '夜间经常发生', '不知道向哪里申请'],
  '10': ['窗口要求重复提交材料', '工作人员态度生硬', '系统提交后没有回音', '网上查到的条件与窗口不同'],
  '11': ['导游强迫购物', '活动没有通知到社区', '民族节日期间停车困难', '开放时间与公示不符'],
};

const WISHES: Readonly<Record<string, string>> = {
  CONSULTATION: '咨询应如何办理',
  HELP: '请求帮助解决',
  GRIEVANCE: '要求尽快处理并答复',
  REPORT: '请求依法查处',
  SUGGESTION: '建议改进',
};

/** What a caller said, as it was taken down. Now and then it names a person and a number, which is why nobody may just read it. */
export function complaintText(
  random: Random,
  said: {
    readonly place: string;
    readonly group: string;
    readonly topic: string;
    readonly kind: string;
    readonly neighbour: string;
  },
): string {
  const trouble = random.pick(TROUBLES[said.group] ?? ['情况属实']);
  const named = random.chance(0.08)
    ? `，可联系${said.neighbour}（1900000${String(random.below(10_000)).padStart(4, '0')}）核实`
    : '';
  return `来电人反映${said.place}${said.topic}问题，${trouble}${named}，${WISHES[said.kind] ?? '请求答复'}。`;
}

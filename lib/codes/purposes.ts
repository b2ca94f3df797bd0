/** 使用目的: what shared data may be used for. */
export interface Purpose {
  /** As tokens and grants name it. */
  readonly code: string;
  readonly title: string;
  /** 使用依据: laws and rules on which a request for it may rest. */
  readonly bases: readonly string[];
}

/** The purposes of the hub. A request for another one is refused: its owner could not judge what it is for. */
export const purposes: readonly Purpose[] = [
  { code: 'low-income-check', title: '低收入家庭核查', bases: ['社会救助暂行办法 第五十八条'] },
  { code: 'social-insurance', title: '社会保险经办', bases: ['社会保险法'] },
  { code: 'medical-insurance', title: '医疗保障经办', bases: ['社会保险法', '医疗保障基金使用监督管理条例'] },
  { code: 'housing-security', title: '住房保障资格审核', bases: ['公共租赁住房管理办法'] },
  { code: 'school-enrolment', title: '义务教育入学审核', bases: ['义务教育法'] },
  { code: 'public-health', title: '公共卫生', bases: ['疫苗管理法 第四十七条', '传染病防治法'] },
  { code: 'household-registration', title: '户口登记', bases: ['户口登记条例'] },
  { code: 'tax-administration', title: '税收征管', bases: ['税收征收管理法 第六条'] },
  { code: 'enterprise-registration', title: '经营主体登记', bases: ['市场主体登记管理条例'] },
  { code: 'credit-supervision', title: '信用监管', bases: ['企业信息公示暂行条例'] },
  { code: 'administrative-approval', title: '行政审批', bases: ['行政许可法'] },
  { code: 'real-estate-registration', title: '不动产登记', bases: ['不动产登记暂行条例 第二十五条'] },
  { code: 'land-survey', title: '国土调查', bases: ['土地调查条例'] },
  { code: 'census', title: '人口普查', bases: ['全国人口普查条例'] },
  { code: 'leaders-statistics', title: '领导决策统计', bases: ['统计法 第二十条'] },
  { code: 'emergency-response', title: '突发事件应对', bases: ['突发事件应对法'] },
  { code: 'archive-use', title: '档案利用', bases: ['档案法'] },
  { code: 'audit', title: '审计监督', bases: ['审计法'] },
  { code: 'judicial-assistance', title: '协助司法', bases: ['民事诉讼法', '刑事诉讼法'] },
];

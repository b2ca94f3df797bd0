/** The 15 kinds of official documents (文种) of the regulation on official documents of 2012. */
export const documentKinds = [
  '决议',
  '决定',
  '命令',
  '公报',
  '公告',
  '通告',
  '意见',
  '通知',
  '通报',
  '报告',
  '请示',
  '批复',
  '议案',
  '函',
  '纪要',
] as const;

export type DocumentKind = (typeof documentKinds)[number];

/** How urgently a document is handled (紧急程度), the most urgent first. */
export const urgencies = ['特急', '加急', '平件'] as const;

export type Urgency = (typeof urgencies)[number];

/** GB/T 4658-2006: level of education, the two-digit groups. */
export const educationLevels: ReadonlyMap<string, string> = new Map([
  ['10', '研究生教育'],
  ['20', '大学本科教育'],
  ['30', '大学专科教育'],
  ['40', '中等职业教育'],
  ['60', '普通高级中学教育'],
  ['70', '初级中学教育'],
  ['80', '小学教育'],
  ['90', '其他'],
]);

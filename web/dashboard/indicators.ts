/** Indicators the dashboard follows over time; name, unit and definition come with the answer. */
export const INDICATORS = [
  { code: 'GE001', frequency: 'QUARTER', name: { 'zh-CN': '地区生产总值', en: 'Gross regional product' } },
  { code: 'FI001', frequency: 'MONTH', name: { 'zh-CN': '一般公共预算收入', en: 'General public budget revenue' } },
  { code: 'GE007', frequency: 'MONTH', name: { 'zh-CN': '社会消费品零售总额', en: 'Retail sales of consumer goods' } },
  { code: 'PE001', frequency: 'QUARTER', name: { 'zh-CN': '城镇居民人均可支配收入', en: 'Urban income per head' } },
  { code: 'PE002', frequency: 'QUARTER', name: { 'zh-CN': '农村居民人均可支配收入', en: 'Rural income per head' } },
  { code: 'PO001', frequency: 'YEAR', name: { 'zh-CN': '常住人口', en: 'Resident population' } },
  { code: 'CO001', frequency: 'MONTH', name: { 'zh-CN': '市长热线受理件', en: 'Hotline complaints received' } },
  { code: 'EN001', frequency: 'MONTH', name: { 'zh-CN': '空气质量优良天数比率', en: 'Days with good air' } },
] as const;

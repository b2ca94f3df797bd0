/** GB/T 2261.2: marital status. 21–23 are kinds of 20. */
export const maritalStatuses: ReadonlyMap<string, string> = new Map([
  ['10', '未婚'],
  ['20', '已婚'],
  ['21', '初婚'],
  ['22', '再婚'],
  ['23', '复婚'],
  ['30', '丧偶'],
  ['40', '离婚'],
  ['90', '未说明的婚姻状况'],
]);

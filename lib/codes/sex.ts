/** GB/T 2261.1: the sex of a person. */
export const sexes: ReadonlyMap<string, string> = new Map([
  ['0', '未知的性别'],
  ['1', '男'],
  ['2', '女'],
  ['9', '未说明的性别'],
]);

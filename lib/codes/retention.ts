/** How long an archived item is kept (保管期限). */
export type Retention = '永久' | '30年' | '10年';

/** Letter used for the term in an item's number (DA/T 22): permanent Y, 30 years D30, 10 years D10. */
export const retentionMarks: ReadonlyMap<Retention, string> = new Map([
  ['永久', 'Y'],
  ['30年', 'D30'],
  ['10年', 'D10'],
]);

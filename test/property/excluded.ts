/*
 * Classes of cases in which the hub is known to answer otherwise than the policy says. Each has a test of its own, found-*.test.ts,
 * that shows the least such case; here they are kept out of what is generated, so that the property looks for others. Set one to
 * false to have the property find it.
 */
export const EXCLUDED = {
  /** A mask that cannot read a value puts null where the schema promises a value: no such values there. */
  unreadableWhereNotNull: true,
  /**
   * The divisions of a grant do not limit what a subgraph adds to rows that another one keeps: such items are granted for
   * all divisions.
   */
  divisionsOfAddedItems: true,
  /**
   * A hidden row of which a field is asked that must not be null is null in its list instead of absent, with an error that tells
   * of it: types with divisions promise nothing but their key, and errors are not compared where rows are hidden.
   */
  promisesOfHiddenRows: true,
};

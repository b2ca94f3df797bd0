/**
 * Whether a row, or a whole division, lies in one of the divisions of a context. Codes end in zeros at the level they name: 532300
 * is a prefecture, 532301 a county, 532301101000 a township.
 *
 * A service that keeps rows under abolished codes has to know these, too: the hub's `division { predecessors }` lists them.
 * @param {string} code
 * @param {readonly string[]} scope
 */
export function isIn(code, scope) {
  return scope.some((division) => division === '*' || code.startsWith(prefixOf(division)));
}

/** @param {string} code */
function prefixOf(code) {
  if (code.length === 6) return code.replace(/(00){1,2}$/, '');
  return code.length === 12 ? code.replace(/000$/, '') : code;
}

/** The known name that a mistyped one most likely means, or undefined where none is near (more than two edits in five letters). */
export function nearestName(typed: string, known: readonly string[]): string | undefined {
  const ranked = known
    // Names of other lengths are as many edits away at least; what was typed may be a megabyte.
    .filter(({ length }) => Math.abs(length - typed.length) * 5 <= typed.length * 2)
    .map((name) => ({ name, edits: editDistance(typed, name) }))
    .filter(({ edits }) => edits * 5 <= typed.length * 2)
    .sort((a, b) => a.edits - b.edits);
  return ranked[0]?.name;
}

/** Levenshtein distance: insertions, deletions and replacements that turn one text into the other. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

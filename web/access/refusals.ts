/** A look-up, as it was recorded. */
export interface Look {
  /** RFC 3339. */
  readonly at: string;
  readonly denied: readonly { readonly coordinate: string; readonly reason: string }[];
}

export interface Refusal {
  readonly coordinate: string;
  readonly reason: string;
  readonly count: number;
  /** When it was refused last, RFC 3339. */
  readonly last: string;
}

/** What a department was refused in these look-ups, item by item, what was refused most often first. */
export function refusalsOf(entries: readonly Look[]): readonly Refusal[] {
  const found = new Map<string, Refusal>();
  for (const { at, denied } of entries)
    for (const { coordinate, reason } of denied) {
      const key = `${coordinate} ${reason}`;
      const known = found.get(key) ?? { coordinate, reason, count: 0, last: at };
      found.set(key, { ...known, count: known.count + 1, last: at > known.last ? at : known.last });
    }
  return [...found.values()].sort((a, b) => b.count - a.count || a.coordinate.localeCompare(b.coordinate));
}

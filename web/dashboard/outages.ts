/** Remembers since when departments have not answered this page: the answer itself only says that one does not. */
export interface Outages {
  /**
   * Takes note of an answer.
   * @param down codes of the departments that did not answer; all others did, as every page asks all of them.
   * @returns milliseconds of the first page that missed each of them.
   */
  note(down: readonly string[], now: number): ReadonlyMap<string, number>;
}

export function createOutages(): Outages {
  let since: ReadonlyMap<string, number> = new Map();
  return {
    note(down, now) {
      since = new Map(down.map((department) => [department, since.get(department) ?? now]));
      return since;
    },
  };
}

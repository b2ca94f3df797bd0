/**
 * What an audience is told of a cell. PRIMARY: the cell itself fails a rule, and a count so marked is below its threshold.
 * SECONDARY: hidden so that others cannot be computed; it makes no statement of size, because a cell that fails a rule carries
 * it too wherever PRIMARY would give away its neighbours, and every count that is hidden because it changed by few: PRIMARY
 * would say between which numbers it lies.
 */
export type CellStatus = 'SHOWN' | 'PRIMARY' | 'SECONDARY';

/** One number of a table. */
export interface SystemCell {
  /** Unique in the system, and the same in every release of the same number; must not contain `@`. */
  readonly id: string;
  /** Whole number ≥ 0, at most Number.MAX_SAFE_INTEGER: persons, rows, fen, square metres. */
  readonly value: number;
  readonly kind: 'COUNT' | 'SUM';
  /** Fewest contributors that may be shown, ≥ 2. */
  readonly threshold: number;
  /** Of a SUM: how many contribute. Required there: 0 says that nobody does. */
  readonly contributors?: number;
  /** Of a SUM: its largest contributions, descending; the first two are enough for the rules as they are set. */
  readonly largest?: readonly number[];
  /** Of a SUM: how many rows it adds up, where one contributor may have several. As many as contribute when absent. */
  readonly rows?: number;
  /**
   * Not published whatever the rules say, though it may be computed if it passes them: what is in none of the parts of a division,
   * and what a narrower audience, which reads these tables as well, must not see.
   */
  readonly hidden?: boolean;
  /** Of a `hidden` one that is in no table, and stands for nobody: an equation needs it, and no rule does. */
  readonly unruled?: boolean;
  /** A zero that cannot be anything else by definition. Zeros of counts stay visible in any case. */
  readonly structuralZero?: boolean;
  /**
   * Of a COUNT: whether everybody may know that it changed by few: the head count of a whole county, which says of whoever came
   * or went nothing but that. What divides it further stays under the rule over time.
   */
  readonly changesOpenly?: boolean;
  /** Ids, in earlier releases, of the cells whose sum it now is (the counties that were merged); by default its own id. */
  readonly replaces?: readonly string[];
  /** What hiding it costs, > 0. By default totals cost more than their parts, and large numbers more than small ones. */
  readonly cost?: number;
}

/** total = Σ parts: over a dimension, over the divisions of the next level, over the predecessors of a merged division. */
export interface SumEquation {
  readonly total: string;
  readonly parts: readonly string[];
}

/** A number of an earlier release, as this audience or a wider one was told of it. */
export interface EarlierCell {
  /** The id of the same number now; after a one-to-one change of code, the new one. */
  readonly id: string;
  readonly value: number;
  readonly status: CellStatus;
  readonly kind: 'COUNT' | 'SUM';
  readonly threshold: number;
  /** As in `SystemCell`. */
  readonly contributors?: number;
  readonly rows?: number;
  readonly changesOpenly?: boolean;
  /** What the wider audience was told, where it differs: the narrower one reads that too. */
  readonly wider?: { readonly status: CellStatus; readonly threshold: number };
}

/**
 * Everything an earlier release of the same cube said to this audience. A number with the same value in two releases is one
 * unknown: whoever learns it from either knows both.
 */
export interface EarlierRelease {
  /** Unique, e.g. the release number; must not contain `@`. */
  readonly name: string;
  readonly cells: readonly EarlierCell[];
  readonly equations: readonly SumEquation[];
}

/** All numbers of one cube for one audience, with everything that ties them together. */
export interface TableSystem {
  readonly cells: readonly SystemCell[];
  /** May name cells of an earlier release by `earlierId`: a merged county is the sum of what its predecessors were. */
  readonly equations: readonly SumEquation[];
  /** Oldest first; changes are measured against the last one. */
  readonly earlier?: readonly EarlierRelease[];
  /** What a wider audience sees of the same release: known here too, and never hidden from this audience. */
  readonly wider?: { readonly system: TableSystem; readonly protection: Protection };
}

/** How a cell of an earlier release is named in equations, witnesses and findings. */
export function earlierId(release: string, id: string): string {
  return `${id}@${release}`;
}

export type PrimaryRule = 'THRESHOLD' | 'DOMINANCE' | 'P_PERCENT' | 'CHANGE';

/** Whole numbers; `upper` null where nothing is said. */
export interface Bounds {
  readonly lower: number;
  readonly upper: number | null;
}

export interface ProtectedCell {
  readonly id: string;
  readonly status: CellStatus;
  /** The threshold that held: the largest among the cells it is known to equal. */
  readonly threshold: number;
  /** What the latest release that showed it said; null where none did. */
  readonly before: number | null;
  /** The rules the cell itself fails: never published, as it would tell more than the status. */
  readonly rules: readonly PrimaryRule[];
  /** Values that must stay possible for whoever reads everything published; null where the rules ask for none. */
  readonly required: Bounds | null;
  /** How far apart, at least, the smallest and the largest possible value must be if it is hidden. */
  readonly width: number;
}

/**
 * Another table that fits everything published: how much each cell would differ. Cells that are not named are as they are.
 * It proves, without any solver, that those cells may have other values.
 */
export type Witness = ReadonlyMap<string, number>;

export interface Unprotected {
  readonly id: string;
  /**
   * ALREADY_PUBLISHED: an earlier release or a wider audience has the value. DETERMINED: no table fits that differs enough,
   * even with all that may still be hidden hidden. NOT_FOUND: the solver gave up; nothing is known either way.
   */
  readonly reason: 'ALREADY_PUBLISHED' | 'DETERMINED' | 'NOT_FOUND';
}

export interface Protection {
  /** Every cell of the system by id. */
  readonly cells: ReadonlyMap<string, ProtectedCell>;
  readonly witnesses: readonly Witness[];
  /** Hidden cells that can be told after all. A release with any of them must not be published. */
  readonly unprotected: readonly Unprotected[];
  /**
   * Hidden cells that cannot be told, but can be placed closer than the rule asks. Of small counts: because the zeros, the
   * statuses and what was published before say as much already, which the audit checks for itself. Of counts that changed
   * by few: because no table in whole numbers was found that is further away.
   */
  readonly narrowed: readonly string[];
}

export interface Finding {
  readonly id: string;
  readonly problem:
    | 'STATUS_MISSING'
    | 'RULE_NOT_APPLIED'
    | 'KNOWN_VALUE_HIDDEN'
    | 'SHOWN_TO_WIDER_BUT_HIDDEN'
    | 'FALSE_STATUS'
    | 'EXACTLY_DETERMINED'
    | 'TOLD_TO_A_CONTRIBUTOR'
    | 'INTERVAL_TOO_NARROW'
    | 'FALSE_WITNESS';
  /** A sentence for the officer who built the release; names cells, never values. */
  readonly sentence: string;
}

export interface ProtectOptions {
  /** After each step: cells looked at, of how many that need protection. */
  readonly onProgress?: (done: number, of: number) => void;
  readonly signal?: AbortSignal;
}

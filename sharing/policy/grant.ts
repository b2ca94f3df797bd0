/** What is done with an item. OUTPUT shows it; the others use it without showing it. */
export type Use = 'OUTPUT' | 'LOOKUP' | 'VERIFY' | 'FILTER' | 'KEY' | 'WRITE';

export interface GrantItem {
  /** `Type.field`. */
  readonly coordinate: string;
  readonly uses: readonly Use[];
}

/** How much of a grant may be used on one day in China; what is absent is not limited. */
export interface Quota {
  /** Rows shown by it, and questions by it that showed none. */
  readonly rowsPerDay?: number | undefined;
  /** Different data subjects shown by it. */
  readonly subjectsPerDay?: number | undefined;
}

export const OBLIGATIONS = ['AGGREGATE_ONLY', 'OFFICER_NAMED'] as const;
/**
 * What its holder must observe. AGGREGATE_ONLY: rows are counted by it and never shown. OFFICER_NAMED: it counts only in calls
 * whose token names the officer at the application.
 */
export type Obligation = (typeof OBLIGATIONS)[number];

/** 授权: what one application of one department may use, for one purpose, in which divisions, for how long. */
export interface Grant {
  readonly id: string;
  /** The department that granted it: the owner of every item in it. */
  readonly owner: string;
  readonly department: string;
  readonly application: string;
  /** 使用目的. */
  readonly purpose: string;
  /** 使用依据: the law or rule the request relied on. */
  readonly basis: string;
  readonly items: readonly GrantItem[];
  /** Division codes whose rows it covers. */
  readonly divisions: readonly string[];
  /** Milliseconds since 1970; in force from `validFrom` (inclusive) to `validUntil` (exclusive). */
  readonly validFrom: number;
  readonly validUntil: number;
  readonly quota?: Quota | undefined;
  readonly obligations?: readonly Obligation[] | undefined;
}

/** All grants in force or to come, as one gateway knows them. */
export interface GrantView {
  /** Grows with every change of any grant. */
  readonly epoch: number;
  /** The grants of one department, application and purpose; see `grantKey`. */
  readonly byHolder: ReadonlyMap<string, readonly Grant[]>;
}

/** The holder of a grant as one string; unambiguous, whatever the names contain. */
export function grantKey(holder: { department: string; application: string; purpose?: string | undefined }): string {
  return JSON.stringify([holder.department, holder.application, holder.purpose ?? null]);
}

/** Builds a view from grants in any order. */
export function grantView(epoch: number, grants: Iterable<Grant>): GrantView {
  const byHolder = new Map<string, Grant[]>();
  for (const grant of grants) {
    const key = grantKey(grant);
    const held = byHolder.get(key) ?? [];
    held.push(grant);
    byHolder.set(key, held);
  }
  return { epoch, byHolder };
}

import type { ParsedSubgraph } from '../documents.ts';
import type { PolicyTable } from '../policy-table.ts';

/** ERROR: do not publish it. WARNING: somebody should decide. NOTE: so that its owner knows. */
export type Severity = 'ERROR' | 'WARNING' | 'NOTE';

export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly subgraph: string;
  /** A schema coordinate, such as `Query.persons(sex:)`. */
  readonly coordinate: string;
  /** A sentence that says what is wrong, and one that says what to write instead. */
  readonly problem: string;
  readonly fix: string;
}

/** One thing that a subgraph's schema must hold to. */
export interface Rule {
  readonly name: string;
  /** Why it is asked, for owners of schemas. */
  readonly why: string;
  /** SDL it finds nothing in, and SDL it does. */
  readonly good: string;
  readonly bad: string;
  check(subgraph: ParsedSubgraph, policy: PolicyTable): readonly Found[];
}

export type Found = Omit<Finding, 'rule' | 'subgraph'>;

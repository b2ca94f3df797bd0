import { type ASTNode, Kind } from 'graphql';
import type { Contract, LintedSubgraph } from './contract.ts';

/** ERROR: do not publish it. WARNING: somebody should decide. NOTE: so that its owner knows. */
export type Severity = 'ERROR' | 'WARNING' | 'NOTE';

export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly subgraph: string;
  /** A schema coordinate, such as `Query.persons(sex:)`; empty where it is about the text as a whole. */
  readonly coordinate: string;
  /** Where it is in the SDL as its owner wrote it, counted from 1. */
  readonly line: number;
  /** Where the line alone does not find it. */
  readonly column?: number;
  /** A sentence that says what is wrong, and one that says what to write instead. */
  readonly problem: string;
  readonly fix: string;
}

/** One thing that a subgraph's schema must hold to. */
export interface Rule {
  readonly name: string;
  /** What it asks, in one sentence. */
  readonly asks: string;
  /** Why it is asked, for owners of schemas. */
  readonly why: string;
  /** SDL it finds nothing in, and SDL it does. */
  readonly good: string;
  readonly bad: string;
  /** What another department has published beside either, where the rule is about both. */
  readonly beside?: string;
  /** @param contract all subgraphs, the one that is checked included. */
  check(subgraph: LintedSubgraph, contract: Contract): readonly Found[];
}

export type Found = Omit<Finding, 'rule' | 'subgraph'>;

/** The line of a definition's name, or of what has none. */
export function lineOf(node: ASTNode): number {
  // The name of an operation may be there and be undefined, whatever its type says.
  const name = 'name' in node && node.kind !== Kind.OPERATION_DEFINITION ? node.name : undefined;
  return (name?.loc ?? node.loc)?.startToken.line ?? 1;
}

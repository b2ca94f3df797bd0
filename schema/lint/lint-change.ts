import type { LintSource } from './contract.ts';
import { lint } from './lint.ts';
import type { Finding } from './rule.ts';

export interface Change {
  /** The subgraphs that are new or other than before. */
  readonly changed: readonly string[];
  /** All subgraphs as they were. */
  readonly before: readonly LintSource[];
}

/**
 * What is wrong with subgraphs that are to be published, and what they would break in the others: what is wrong with those
 * already is not their doing.
 * @param after all subgraphs as they would be.
 */
export function lintChange(after: readonly LintSource[], { changed, before }: Change): readonly Finding[] {
  const found = lint(after);
  if (found.every(({ subgraph }) => changed.includes(subgraph))) return found;
  const known = new Set(lint(before).map(identityOf));
  return found.filter((each) => changed.includes(each.subgraph) || !known.has(identityOf(each)));
}

function identityOf({ rule, severity, subgraph, coordinate, problem }: Finding): string {
  return JSON.stringify([rule, severity, subgraph, coordinate, problem]);
}

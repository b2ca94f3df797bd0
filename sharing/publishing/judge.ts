import type { PolicyChange } from '../../schema/policy-change.ts';
import type { Prepared } from './prepare.ts';
import type { Grant } from '../policy/grant.ts';

/** An operation that was used in the days looked at, and by whom. */
export interface UsedOperation {
  readonly hash: string;
  readonly text: string;
  readonly name?: string | undefined;
  /** Items it was answered or refused. */
  readonly items: readonly string[];
  readonly consumers: readonly Consumer[];
}

export interface Consumer {
  readonly department: string;
  readonly application: string;
  readonly calls: number;
}

/** A change that those who use the hub will notice. */
export interface Impact {
  /** What changes, in words. */
  readonly change: string;
  readonly coordinate: string;
  /** Who used it, most calls first. */
  readonly consumers: readonly Consumer[];
  /** Grants in force or to come that name it. */
  readonly grants: readonly string[];
}

const TIGHTENS = new Set<PolicyChange['what']>(['CLASS', 'MASK', 'REQUIRES', 'ACTORS', 'READS', 'ROWS']);

/**
 * What a release would break, by facts: a change counts where operations of the days looked at use what it touches, where an
 * operation would no longer be valid, or where a grant names an item that is gone.
 */
export function impactsOf(
  { changes, rights, broken }: Pick<Prepared, 'changes' | 'rights' | 'broken'>,
  facts: { readonly operations: readonly UsedOperation[]; readonly grants: readonly Grant[] },
): readonly Impact[] {
  const usersOf = (coordinates: readonly string[]): readonly Consumer[] =>
    gathered(facts.operations.filter(({ items }) => items.some((item) => coordinates.includes(item))));
  const grantsOn = (coordinates: readonly string[]): readonly string[] =>
    facts.grants
      .filter(({ items }) => items.some(({ coordinate }) => coordinates.includes(coordinate)))
      .map(({ id }) => id);
  const found: Impact[] = [];
  const note = (change: string, coordinate: string, touches: readonly string[], grants: readonly string[]): void => {
    const consumers = usersOf(touches);
    if (consumers.length + grants.length > 0) found.push({ change, coordinate, consumers, grants });
  };
  for (const { level, message, path, touches } of changes)
    if (level === 'BREAKING') note(message, path, touches, grantsOn(touches));
  for (const { what, loosens, coordinate, before, after } of rights)
    if (!loosens && TIGHTENS.has(what))
      note(`${what.toLowerCase()} of ${coordinate} is ${after}, was ${before}`, coordinate, [fieldOf(coordinate)], []);
  for (const { hash, problems } of broken) {
    const operation = facts.operations.find((each) => each.hash === hash);
    if (!operation) continue;
    const change = `operation ${operation.name ?? hash.slice(0, 12)} is no longer valid: ${problems.join(' ')}`;
    found.push({ change, coordinate: '', consumers: gathered([operation]), grants: [] });
  }
  return found;
}

function gathered(operations: readonly UsedOperation[]): readonly Consumer[] {
  const byName = new Map<string, Consumer>();
  for (const { consumers } of operations)
    for (const { department, application, calls } of consumers) {
      const key = `${department}/${application}`;
      byName.set(key, { department, application, calls: calls + (byName.get(key)?.calls ?? 0) });
    }
  return [...byName.values()].sort((one, other) => other.calls - one.calls);
}

const fieldOf = (coordinate: string): string => coordinate.split('(')[0] ?? '';

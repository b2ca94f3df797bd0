import { DeviationSearch, type Found } from './deviation.ts';
import { type Target, findExchange } from './exchange.ts';
import type { Deviation, Plan } from './plan.ts';
import type { Solver } from './solver.ts';
import type { Unprotected, ProtectOptions } from './system.ts';
import type { Unknown } from './unknowns.ts';

export interface Secured {
  readonly deviations: readonly Deviation[];
  readonly unprotected: readonly { readonly index: number; readonly reason: Unprotected['reason'] }[];
  /** Unknowns that can be other than they are, but not as far as asked, whatever is hidden. */
  readonly narrowed: readonly number[];
}

/**
 * Finds, for every hidden unknown and every direction it must be able to go, another table that fits all that is published,
 * and hides what that table moves. One table serves many cells, so those already found are asked first.
 */
export function secure(solver: Solver, plan: Plan, options: ProtectOptions): Secured {
  const search = new DeviationSearch(solver, plan);
  try {
    return secureAll(search, plan, options);
  } finally {
    search.dispose();
  }
}

function secureAll(search: DeviationSearch, plan: Plan, { onProgress, signal }: ProtectOptions): Secured {
  const open = new Map<string, Target>();
  const hidden = plan.unknowns.list.filter(({ index }) => plan.isHidden(index));
  for (const target of hidden.flatMap(targetsOf)) open.set(nameOf(target), target);
  const deviations: Deviation[] = [];
  const moved = new Set<number>();
  const short = new Map<number, Unprotected['reason']>();
  const all = open.size;
  const keep = (deviation: Deviation): void => {
    plan.take(deviation);
    search.refresh(deviation.keys());
    deviations.push(deviation);
    for (const [index, by] of deviation) {
      moved.add(index);
      for (const sign of [1, -1, 0]) {
        const target = open.get(nameOf({ index, sign }));
        if (target !== undefined && (sign === 0 || sign * by >= target.amount)) open.delete(nameOf(target));
      }
    }
  };
  for (const target of inOrder(plan, [...open.values()])) {
    signal?.throwIfAborted();
    if (!open.has(nameOf(target))) continue;
    const { found, whole } = protectAsFarAsPossible(search, plan, target);
    if (found.kind === 'FOUND') {
      const { deviation } = found;
      keep(deviation);
      const opposite = negative(deviation);
      if (stays(plan, opposite)) keep(opposite);
    }
    if (!whole && short.get(target.index) !== 'NOT_FOUND') {
      short.set(target.index, found.kind === 'GAVE_UP' ? 'NOT_FOUND' : 'DETERMINED');
    }
    open.delete(nameOf(target));
    onProgress?.(all - open.size, all);
  }
  const fixed = [...short].filter(([index, reason]) => reason === 'NOT_FOUND' || !moved.has(index));
  return {
    deviations,
    unprotected: fixed.map(([index, reason]) => ({ index, reason })),
    narrowed: [...short.keys()].filter((index) => !fixed.some(([other]) => other === index)),
  };
}

/** The ends of the interval that must be reached; where the value is at both, any other value at all. */
function targetsOf({ index, value, required, relaxed }: Unknown): Target[] {
  const up = required?.upper === undefined || required.upper === null ? 0 : required.upper - value;
  const down = required === null ? 0 : value - required.lower;
  const targets: Target[] = [];
  if (up > 0) targets.push({ index, sign: 1, amount: up });
  if (down > 0) targets.push({ index, sign: -1, amount: down });
  if (targets.length > 0) return targets;
  return [{ index, sign: 0, amount: 1 }].filter(() => relaxed.upper !== relaxed.lower || required !== null);
}

function nameOf({ index, sign }: { index: number; sign: number }): string {
  return `${String(index)} ${String(sign)}`;
}

/** Cells of many equations first: what they need hidden below serves the others. */
function inOrder(plan: Plan, targets: readonly Target[]): Target[] {
  const ties = ({ index }: Target): number => plan.unknowns.list[index]?.terms.length ?? 0;
  return [...targets].sort(
    (left, right) =>
      ties(right) - ties(left) || right.amount - left.amount || left.index - right.index || right.sign - left.sign,
  );
}

/** Where statuses and earlier releases alone leave less than the rule asks, what they leave. */
function protectAsFarAsPossible(search: DeviationSearch, plan: Plan, target: Target): { found: Found; whole: boolean } {
  const first = protectOne(search, plan, target);
  if (first.kind !== 'IMPOSSIBLE') return { found: first, whole: first.kind === 'FOUND' };
  let last: Found = first;
  for (let { amount } = target; amount > 1 && last.kind === 'IMPOSSIBLE';) {
    amount = amount > 100 ? Math.floor(amount / 2) : amount - 1;
    last = search.find({ ...target, amount });
  }
  return { found: last, whole: false };
}

function protectOne(search: DeviationSearch, plan: Plan, target: Target): Found {
  const signs = target.sign === 0 ? [1, -1] : [target.sign];
  for (const sign of signs) {
    const deviation = findExchange(plan, { ...target, sign });
    if (deviation !== undefined) return { kind: 'FOUND', deviation };
  }
  const results = signs.map((sign) => search.find({ ...target, sign }));
  const found = results.find(({ kind }) => kind === 'FOUND') ?? results.find(({ kind }) => kind === 'GAVE_UP');
  return found ?? { kind: 'IMPOSSIBLE' };
}

function negative(deviation: Deviation): Deviation {
  return new Map([...deviation].map(([index, by]) => [index, -by]));
}

/** Whether it fits with nothing more hidden and no word relaxed: then it is had for nothing. */
function stays(plan: Plan, deviation: Deviation): boolean {
  return [...deviation].every(([index, by]) => {
    const unknown = plan.unknowns.list[index];
    return unknown !== undefined && Math.abs(by) <= plan.room(unknown, by).strict;
  });
}

import type { Deviation, Plan } from './plan.ts';
import { Queue } from './queue.ts';
import type { Unknown } from './unknowns.ts';

export interface Target {
  readonly index: number;
  /** 1: the value must be able to be higher, −1: lower. */
  readonly sign: number;
  /** By how much, ≥ 1. */
  readonly amount: number;
  /** An unknown that must stay as it is: whoever knows it learns nothing of the target. */
  readonly still?: number;
  /** False where going less far is worth something too. */
  readonly thorough?: boolean;
}

/** Every unknown of one equation only ends here: nothing else has to add up. */
const OUTSIDE = -1;

interface Step {
  readonly cost: number;
  readonly equation: number;
  /** What the equation lacks: ±1 times the amount. */
  readonly lack: number;
  readonly through?: { readonly unknown: number; readonly by: number; readonly from: string };
}

/**
 * The cheapest exchange that moves the target: a closed walk from equation to equation over unknowns of two equations, each
 * moving by the same amount, as the four corners of a rectangle do in a two-way table. It is another table that fits.
 * Undefined where there is none; unknowns of three equations and more need the solver.
 * After the hypercube method (Repsilber 1994; Giessing and Repsilber 2002), with the walk in place of the rectangle.
 */
export function findExchange(plan: Plan, target: Target): Deviation | undefined {
  const start = plan.unknowns.list[target.index];
  if (start === undefined || start.terms.length > 2) return undefined;
  const by = target.sign * target.amount;
  if (start.terms.length === 0) return new Map([[target.index, by]]);
  const [from, to] = ends(start);
  const goal = to.equation === OUTSIDE ? 0 : to.sign * by;
  const steps = walk(plan, { target, from: { equation: from.equation, lack: -from.sign * by } }, (step) => {
    return step.equation === to.equation && step.lack === goal;
  });
  if (steps === undefined) return undefined;
  const deviation = new Map([[target.index, by]]);
  for (const step of steps) deviation.set(step.unknown, (deviation.get(step.unknown) ?? 0) + step.by);
  for (const [index, moved] of deviation) if (moved === 0) deviation.delete(index);
  return plan.fits(deviation) && deviation.get(target.index) === by ? deviation : undefined;
}

interface End {
  readonly equation: number;
  readonly sign: number;
}

function ends({ terms }: Unknown): [End, End] {
  const [first, second] = terms;
  const outside = { equation: OUTSIDE, sign: 1 };
  return [first ?? outside, second ?? outside];
}

function walk(
  plan: Plan,
  { target, from }: { target: Target; from: { equation: number; lack: number } },
  arrived: (step: Step) => boolean,
): { unknown: number; by: number }[] | undefined {
  const best = new Map<string, Step>();
  const done = new Set<string>();
  const queue = new Queue<string>();
  const nameOf = ({ equation, lack }: { equation: number; lack: number }): string =>
    `${String(equation)} ${String(lack)}`;
  const begin = nameOf(from);
  best.set(begin, { cost: 0, ...from });
  queue.push(0, begin);
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const step = best.get(name);
    if (step === undefined || done.has(name)) continue;
    done.add(name);
    if (step.through !== undefined && arrived(step)) return back(best, step);
    for (const next of onward(plan, step, target)) {
      const following = { ...next, cost: step.cost + next.cost, through: { ...next.through, from: name } };
      const key = nameOf(following);
      const known = best.get(key);
      if (known !== undefined && known.cost <= following.cost) continue;
      best.set(key, following);
      queue.push(following.cost, key);
    }
  }
  return undefined;
}

function back(best: ReadonlyMap<string, Step>, last: Step): { unknown: number; by: number }[] {
  const steps: { unknown: number; by: number }[] = [];
  for (let step: Step | undefined = last; step?.through !== undefined; step = best.get(step.through.from)) {
    steps.push(step.through);
  }
  return steps;
}

/** The moves that give an equation what it lacks, each with what the equation at its other end lacks then. */
function onward(plan: Plan, { equation, lack }: Step, target: Target) {
  const moves: { cost: number; equation: number; lack: number; through: { unknown: number; by: number } }[] = [];
  for (const { unknown: index, sign } of plan.unknowns.equations[equation] ?? []) {
    const unknown = plan.unknowns.list[index];
    if (unknown === undefined || index === target.index || index === target.still) continue;
    if (unknown.terms.length > 2) continue;
    const by = lack / sign;
    if (!Number.isInteger(by)) continue;
    const room = plan.room(unknown, by);
    const amount = Math.abs(by);
    if (amount > room.relaxed) continue;
    const [first, second] = ends(unknown);
    const other = first.equation === equation ? second : first;
    const cost = amount > room.strict ? room.relaxedCost : room.cost;
    moves.push({
      cost,
      equation: other.equation,
      lack: other.equation === OUTSIDE ? 0 : -other.sign * by,
      through: { unknown: index, by },
    });
  }
  return moves;
}

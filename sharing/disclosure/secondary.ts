import { Breath } from './breath.ts';
import { families, hiddenRows } from './contributors.ts';
import { DeviationSearch } from './deviation.ts';
import { findExchange, type Target } from './exchange.ts';
import type { Deviation, Plan } from './plan.ts';
import type { Solver } from './solver.ts';
import type { ProtectOptions, Unprotected } from './system.ts';
import type { Unknown } from './unknowns.ts';

export interface Secured {
  readonly deviations: readonly Deviation[];
  readonly unprotected: readonly { readonly index: number; readonly reason: Unprotected['reason'] }[];
  /** Unknowns that can be other than they are, but not as far as asked. */
  readonly narrowed: readonly number[];
}

/** What must be possible of an unknown: so much higher, so much lower, or ends so far apart wherever they lie (sign 0). */
type Aim = Target;

/**
 * Finds, for every hidden unknown and all that must be possible of it, other tables that fit all that is published, and hides
 * what those tables move. One table serves many cells, so what is found already is asked first.
 */
export async function secure(solver: Solver, plan: Plan, { onProgress, signal }: ProtectOptions): Promise<Secured> {
  const search = new DeviationSearch(solver, plan);
  try {
    const securing = new Securing(plan, search);
    const aims = inOrder(plan);
    const breath = new Breath(signal);
    for (const [place, aim] of aims.entries()) {
      await breath.take();
      securing.secure(aim);
      onProgress?.(place + 1, aims.length);
    }
    // What is hidden more makes families smaller: once more, until nothing is.
    for (let kept = -1; kept !== securing.kept;) {
      kept = securing.kept;
      for (const aim of aims) {
        await breath.take();
        securing.secureFromContributors(aim);
      }
    }
    return securing.result();
  } finally {
    search.dispose();
  }
}

class Securing {
  readonly #plan: Plan;
  readonly #search: DeviationSearch;
  readonly #deviations: Deviation[] = [];
  /** How far each unknown has been seen to go, by sign. */
  readonly #reached = { up: new Map<number, number>(), down: new Map<number, number>() };
  readonly #short = new Map<number, Unprotected['reason']>();
  /** Which unknown was looked for while which other stays as it is. */
  readonly #tried = new Set<string>();
  /** Unknowns that the contributor of another could compute. */
  readonly #told = new Set<number>();

  constructor(plan: Plan, search: DeviationSearch) {
    this.#plan = plan;
    this.#search = search;
  }

  /**
   * The only contributor of a cell knows it, and learns by it what moves with it alone. So for each sum that fails a rule there is
   * a table in which that cell stays as it is. Who is behind a part of the sum itself is not meant: see `families`.
   */
  secureFromContributors(aim: Aim): void {
    const { index, sign, amount } = aim;
    const { list } = this.#plan.unknowns;
    if (list[index]?.isSum !== true || sign === 0 || this.#short.has(index)) return;
    const name = (still: number): string => `${String(index)} ${String(sign)} ${String(still)}`;
    for (;;) {
      const moving = this.#deviations.filter((each) => (each.get(index) ?? 0) * sign > 0);
      const far = moving.filter((each) => Math.abs(each.get(index) ?? 0) >= amount);
      const [first, ...others] = far.length > 0 ? far : moving;
      const always = [...(first?.keys() ?? [])].filter((each) => {
        return (
          list[each]?.isOfOne === true &&
          !this.#tried.has(name(each)) &&
          others.every((deviation) => deviation.has(each))
        );
      });
      if (always.every((each) => each === index)) return;
      const same = families(list.length, hiddenRows(this.#plan));
      const knowing = always.find((each) => same(each) !== same(index));
      if (knowing === undefined) return;
      this.#tried.add(name(knowing));
      if (!this.#apart(aim, knowing)) this.#told.add(index);
    }
  }

  /** Looks for a table that moves the aim, as far as it may, while another unknown stays as it is. */
  #apart({ index, sign, amount: asked }: Aim, still: number): boolean {
    // A part of the way is worth something, too.
    for (const amount of new Set([asked, Math.ceil(asked / 4), 1])) {
      const deviation = findExchange(this.#plan, { index, sign, amount, still });
      const found = deviation ?? this.#found({ index, sign, amount, still });
      if (found === undefined) continue;
      this.#keep(found);
      return true;
    }
    return false;
  }

  #found(target: Target): Deviation | undefined {
    const found = this.#search.find(target);
    return found.kind === 'FOUND' ? found.deviation : undefined;
  }

  /** How many tables were found so far. */
  get kept(): number {
    return this.#deviations.length;
  }

  secure(aim: Aim): void {
    if (this.#covered(aim) || this.#exchange(aim)) return;
    let gaveUp = false;
    for (const sign of aim.sign === 0 ? [1, -1] : [aim.sign]) {
      const asked = aim.sign === 0 ? aim.amount - this.#reach(aim.index, -sign) : aim.amount;
      // Where statuses and earlier releases alone leave less than is asked, what they leave.
      for (let amount = asked; amount > this.#reach(aim.index, sign) && !this.#covered(aim); amount = smaller(amount)) {
        const found = this.#search.find({ index: aim.index, sign, amount, thorough: aim.sign !== 0 || amount === 1 });
        if (found.kind === 'FOUND') this.#keep(found.deviation);
        else gaveUp = gaveUp || found.kind === 'GAVE_UP';
      }
    }
    if (!this.#covered(aim)) this.#short.set(aim.index, gaveUp ? 'NOT_FOUND' : 'DETERMINED');
  }

  result(): Secured {
    const open = (index: number): boolean => this.#reach(index, 1) + this.#reach(index, -1) > 0;
    return {
      deviations: this.#deviations,
      unprotected: [
        ...[...this.#short].filter(([index]) => !open(index)).map(([index, reason]) => ({ index, reason })),
        ...[...this.#told].map((index) => ({ index, reason: 'DETERMINED' as const })),
      ],
      narrowed: [...this.#short.keys()].filter(open),
    };
  }

  #exchange(aim: Aim): boolean {
    const { excluded = [] } = this.#plan.unknowns.list[aim.index] ?? {};
    // A step further leads past values that something on the way cannot have.
    for (const further of aim.sign === 0 && excluded.length > 0 ? [0, 1, 2] : [0]) {
      for (const sign of aim.sign === 0 ? [1, -1] : [aim.sign]) {
        const deviation = findExchange(this.#plan, { ...aim, sign, amount: aim.amount + further });
        if (deviation === undefined) continue;
        this.#keep(deviation);
        return true;
      }
    }
    return false;
  }

  #covered({ index, sign, amount }: Aim): boolean {
    const reach = sign === 0 ? this.#reach(index, 1) + this.#reach(index, -1) : this.#reach(index, sign);
    return reach >= amount;
  }

  #reach(index: number, sign: number): number {
    return (sign > 0 ? this.#reached.up : this.#reached.down).get(index) ?? 0;
  }

  /** Keeps a table, and the one as far the other way where that is had for nothing. */
  #keep(deviation: Deviation): void {
    const opposite = new Map([...deviation].map(([index, by]) => [index, -by]));
    this.#plan.take(deviation);
    this.#search.refresh(deviation.keys());
    this.#note(deviation);
    if (this.#stays(opposite)) this.#note(opposite);
  }

  #note(deviation: Deviation): void {
    this.#deviations.push(deviation);
    for (const [index, by] of deviation) {
      const reached = by > 0 ? this.#reached.up : this.#reached.down;
      reached.set(index, Math.max(reached.get(index) ?? 0, Math.abs(by)));
    }
  }

  /** Whether it fits with nothing more hidden and no word relaxed. */
  #stays(deviation: Deviation): boolean {
    return [...deviation].every(([index, by]) => {
      const unknown = this.#plan.unknowns.list[index];
      if (unknown === undefined || unknown.excluded.includes(unknown.value + by)) return false;
      return Math.abs(by) <= this.#plan.room(unknown, by).strict;
    });
  }
}

function smaller(amount: number): number {
  return amount > 100 ? Math.floor(amount / 2) : amount - 1;
}

/** Cells of many equations first: what they need hidden below serves the others. */
function inOrder(plan: Plan): Aim[] {
  const ties = ({ index }: Aim): number => plan.unknowns.list[index]?.terms.length ?? 0;
  const hidden = plan.unknowns.list.filter(({ index, confidential }) => confidential && plan.isHidden(index));
  return hidden
    .flatMap(aimsOf)
    .sort(
      (left, right) =>
        ties(right) - ties(left) || right.amount - left.amount || left.index - right.index || right.sign - left.sign,
    );
}

function aimsOf({ index, value, required, width }: Unknown): Aim[] {
  const up = required === null || required.upper === null ? 0 : required.upper - value;
  const down = required === null ? 0 : value - required.lower;
  const aims: Aim[] = [];
  if (up > 0) aims.push({ index, sign: 1, amount: up });
  if (down > 0) aims.push({ index, sign: -1, amount: down });
  if (Math.max(up, 0) + Math.max(down, 0) < width) aims.push({ index, sign: 0, amount: width });
  return aims;
}

import type { Unknown, Unknowns } from './unknowns.ts';

/** How much each unknown would differ in another table that fits; by index, without zeros. */
export type Deviation = ReadonlyMap<number, number>;

/** What moving a cell costs that is hidden already: little, so that short exchanges are taken. */
const MOVE = 0.01;
/** What it costs to publish SECONDARY where a cell fails a rule itself: a word, no number. */
const RELAX = 0.5;

export interface Room {
  /** How far the unknown may move without anything new hidden or relaxed, with it relaxed, and at what cost a unit. */
  readonly strict: number;
  readonly relaxed: number;
  readonly cost: number;
  readonly relaxedCost: number;
}

/** What is hidden so far, and with which word. Cells are only ever added, so what is protected stays so. */
export class Plan {
  readonly unknowns: Unknowns;
  readonly #hidden: boolean[];
  readonly #relaxed: boolean[];

  /** Starts with what hides itself, and what earlier releases hid and this one does not have. */
  constructor(unknowns: Unknowns, startsHidden: (unknown: Unknown) => boolean) {
    this.unknowns = unknowns;
    this.#hidden = unknowns.list.map(startsHidden);
    this.#relaxed = unknowns.list.map(() => false);
  }

  isHidden(index: number): boolean {
    return this.#hidden[index] === true;
  }

  isRelaxed(index: number): boolean {
    return this.#relaxed[index] === true;
  }

  /** Room of an unknown to go up (sign 1) or down (sign −1). */
  room({ index, value, strict, relaxed, cost }: Unknown, sign: number): Room {
    const width = ({ lower, upper }: Unknown['strict']): number =>
      sign < 0 ? Math.max(0, value - lower) : upper === null ? Infinity : Math.max(0, upper - value);
    const wide = width(relaxed);
    return {
      strict: this.isRelaxed(index) ? wide : width(strict),
      relaxed: wide,
      cost: this.isHidden(index) ? MOVE : cost,
      relaxedCost: (this.isHidden(index) ? 0 : cost) + RELAX,
    };
  }

  /** Hides what moves, and relaxes the word of what moves further than it says. */
  take(deviation: Deviation): void {
    for (const [index, by] of deviation) {
      const unknown = this.unknowns.list[index];
      if (unknown === undefined) continue;
      this.#hidden[index] = true;
      if (Math.abs(by) > this.room(unknown, by).strict) this.#relaxed[index] = true;
    }
  }

  /** Whether a table with this deviation fits everything, if what it moves is hidden. Exact, for every search to end with. */
  fits(deviation: Deviation): boolean {
    const sums = new Map<number, bigint>();
    for (const [index, by] of deviation) {
      const unknown = this.unknowns.list[index];
      if (unknown === undefined || !Number.isSafeInteger(by)) return false;
      if (Math.abs(by) > this.room(unknown, by).relaxed || unknown.excluded.includes(unknown.value + by)) return false;
      for (const { equation, sign } of unknown.terms) {
        sums.set(equation, (sums.get(equation) ?? 0n) + BigInt(sign) * BigInt(by));
      }
    }
    return [...sums.values()].every((sum) => sum === 0n);
  }
}

import type { Highs } from 'highs';
import {
  earlierId,
  type CellStatus,
  type Protection,
  type SumEquation,
  type TableSystem,
} from '../../sharing/disclosure/system.ts';

/** What a reader has of one number: its value, or between what its status says it is. */
interface Clue {
  readonly lower: number;
  readonly upper: number;
  readonly known: boolean;
}

export interface Learnt {
  readonly lower: number;
  readonly upper: number;
}

/**
 * An attacker who writes down all he was shown as a linear program in text and asks for the smallest and largest value of
 * every hidden cell. He shares no code with what he attacks. `whole`: he also knows that counts are whole numbers.
 */
export class Attacker {
  readonly clues = new Map<string, Clue>();
  readonly #facts: string[] = [];
  readonly #names = new Map<string, string>();
  readonly #highs: Highs;

  constructor(highs: Highs, system: TableSystem, { cells }: Pick<Protection, 'cells'>) {
    this.#highs = highs;
    const wasShown = new Map<string, number>();
    const equations: SumEquation[] = [...system.equations];
    const values = new Map<string, string>();
    const oneNumber = (number: string, value: number, id: string): void => {
      const same = values.get(`${number} ${String(value)}`);
      if (same === undefined) values.set(`${number} ${String(value)}`, id);
      else equations.push({ total: same, parts: [id] });
    };
    for (const { name, cells: old, equations: own } of system.earlier ?? []) {
      for (const { id, value, status, threshold, kind, wider, changesOpenly } of old) {
        const told = [{ status, threshold }, ...(wider === undefined ? [] : [wider])];
        const clues = told.map((one) => clue({ value, kind, ...one, before: wasShown.get(id), isOpen: changesOpenly }));
        this.clues.set(earlierId(name, id), clues.reduce(both));
        oneNumber(id, value, earlierId(name, id));
      }
      for (const { id, value, status, wider } of old) {
        if (status === 'SHOWN' || wider?.status === 'SHOWN') wasShown.set(id, value);
      }
      equations.push(
        ...own.map(({ total, parts }) => ({
          total: earlierId(name, total),
          parts: parts.map((id) => earlierId(name, id)),
        })),
      );
    }
    for (const { id, value, kind, threshold, changesOpenly } of system.cells) {
      const told = [{ cell: cells.get(id), threshold: cells.get(id)?.threshold ?? threshold }];
      const wide = system.wider?.protection.cells.get(id);
      if (wide !== undefined) told.push({ cell: wide, threshold: wide.threshold });
      const clues = told.map((one) => {
        return clue({
          value,
          kind,
          status: one.cell?.status ?? 'SHOWN',
          threshold: one.threshold,
          before: one.cell?.before ?? undefined,
          isOpen: changesOpenly,
        });
      });
      this.clues.set(id, clues.reduce(both));
      oneNumber(id, value, id);
    }
    for (const { total, parts } of equations) this.#write(total, parts);
  }

  /** The interval in which he can place a hidden cell. */
  learn(id: string, { whole = false } = {}): Learnt {
    if (!this.#names.has(id)) {
      const { lower, upper } = this.#clue(id);
      return { lower, upper };
    }
    return { lower: this.#extreme('Minimize', id, whole), upper: this.#extreme('Maximize', id, whole) };
  }

  #clue(id: string): Clue {
    const found = this.clues.get(id);
    if (found === undefined) throw new Error(`no clue to ${id}`);
    return found;
  }

  #write(total: string, parts: readonly string[]): void {
    let side = 0;
    const terms: string[] = [];
    for (const [id, sign] of [[total, -1] as const, ...parts.map((part) => [part, 1] as const)]) {
      const { known, lower } = this.#clue(id);
      if (known) side -= sign * lower;
      else terms.push(`${sign < 0 ? '-' : '+'} ${this.#nameOf(id)}`);
    }
    if (terms.length > 0) this.#facts.push(` ${terms.join(' ')} = ${String(side)}`);
  }

  #nameOf(id: string): string {
    const name = this.#names.get(id) ?? `x${String(this.#names.size)}`;
    this.#names.set(id, name);
    return name;
  }

  #extreme(sense: 'Minimize' | 'Maximize', id: string, whole: boolean): number {
    const bounds = [...this.#names].map(([cell, name]) => {
      const { lower, upper } = this.#clue(cell);
      return ` ${String(lower)} <= ${name}${upper === Infinity ? '' : ` <= ${String(upper)}`}`;
    });
    const text = [
      sense,
      ` obj: ${this.#nameOf(id)}`,
      'Subject To',
      ...this.#facts,
      'Bounds',
      ...bounds,
      ...(whole ? ['Generals', ` ${[...this.#names.values()].join(' ')}`] : []),
      'End',
    ].join('\n');
    const { Status, ObjectiveValue } = this.#highs.solve(text, { output_flag: false });
    if (Status === 'Unbounded' || Status === 'Primal infeasible or unbounded')
      return sense === 'Minimize' ? -Infinity : Infinity;
    if (Status !== 'Optimal') throw new Error(`the attacker's program ended ${Status}`);
    return ObjectiveValue;
  }
}

interface Told {
  readonly value: number;
  readonly kind: 'COUNT' | 'SUM';
  readonly status: CellStatus;
  readonly threshold: number;
  readonly before: number | undefined;
  readonly isOpen: boolean | undefined;
}

/** As strict as it can be read: where SECONDARY covers a small count he only takes it for no zero, else for none below. */
function clue({ value, kind, status, threshold, before, isOpen }: Told): Clue {
  if (status === 'SHOWN') return { lower: value, upper: value, known: true };
  if (kind === 'SUM') return { lower: 0, upper: Infinity, known: false };
  const fewChanged =
    before !== undefined && before !== value && Math.abs(before - value) < threshold && isOpen !== true;
  const fails = value < threshold || fewChanged;
  if (status === 'SECONDARY') return { lower: fails ? 1 : threshold, upper: Infinity, known: false };
  if (value < threshold) return { lower: 1, upper: threshold - 1, known: false };
  if (before === undefined) return { lower: 1, upper: Infinity, known: false };
  return { lower: Math.max(1, before - threshold + 1), upper: before + threshold - 1, known: false };
}

function both(left: Clue, right: Clue): Clue {
  const lower = Math.max(left.lower, right.lower);
  const upper = Math.min(left.upper, right.upper);
  return { lower, upper, known: left.known || right.known };
}

export async function loadHighs(): Promise<Highs> {
  const { default: load } = (await import('highs')) as unknown as { default: () => Promise<Highs> };
  return load();
}

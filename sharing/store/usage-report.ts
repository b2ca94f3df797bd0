import type { ItemSet } from './usage-collections.ts';
import type { Tally, Use } from './usage-tally.ts';

/** An item of the subgraph that is reported on. */
export interface ReportedItem {
  readonly coordinate: string;
  readonly class: string;
  /** Why it should not be used any more, where its schema says so. */
  readonly deprecated?: string | undefined;
}

export interface Consuming {
  readonly department: string;
  readonly application: string;
  readonly purpose: string | undefined;
}

/** One application with one purpose, and what it did with the subgraph or one item of it. */
export interface ConsumerUse extends Consuming {
  calls: number;
  /** Calls in which an item was shown masked or was refused. */
  masked: number;
  refused: number;
}

export interface ConsumerTotals extends ConsumerUse {
  /** Rows of the subgraph's resources that it was shown. */
  rows: number;
  last: Date;
}

export interface ItemUse extends ReportedItem {
  /** Calls that showed it, plain or masked. */
  readonly calls: number;
  readonly masked: number;
  readonly refused: number;
  readonly refusals: readonly { readonly reason: string; readonly calls: number }[];
  readonly consumers: readonly ConsumerUse[];
}

export interface OperationUse {
  readonly hash: string;
  readonly name: string | undefined;
  readonly text: string;
  readonly calls: number;
  readonly meanMs: number;
  readonly maxMs: number;
  readonly consumers: readonly (Consuming & { readonly calls: number })[];
}

export interface UsageReport {
  /** Calls that asked for anything of the subgraph. */
  readonly calls: number;
  readonly consumers: readonly ConsumerTotals[];
  /** Items that were asked for, most calls first. */
  readonly items: readonly ItemUse[];
  /** Items that nobody asked for. */
  readonly unused: readonly ReportedItem[];
  /** Slowest first, by their mean. */
  readonly operations: readonly OperationUse[];
}

/** What an owner is told of the use of a subgraph: counts of its own items and rows alone, and the operations that asked for them. */
export function usageReport(
  { uses, operations, itemSets }: Tally,
  { items, resources }: { readonly items: readonly ReportedItem[]; readonly resources: ReadonlySet<string> },
): UsageReport {
  const byItem = new Map(items.map((item) => [item.coordinate, new Gathered(item)]));
  const ownIn = ownSets(itemSets, byItem);
  const consumers = new Map<string, ConsumerTotals>();
  const asked = new Map<string, Asked>();
  for (const use of uses.values()) {
    const total: ConsumerTotals = consumers.get(keyOf(use)) ?? { ...noUse(use), rows: 0, last: use.last };
    let calls = 0;
    for (const [id, count] of use.answers) {
      const own = ownIn.get(id);
      if (!own) continue;
      calls += count;
      if (own.masked.length > 0) total.masked += count;
      if (own.denied.length > 0) total.refused += count;
      for (const coordinate of own.allowed) byItem.get(coordinate)?.show(use, count);
      for (const coordinate of own.masked) byItem.get(coordinate)?.mask(use, count);
      for (const [coordinate, reasons] of reasonsOf(own))
        byItem.get(coordinate)?.refuse(use, { reasons, calls: count });
    }
    if (calls === 0) continue;
    total.calls += calls;
    for (const [resource, rows] of use.rows) if (resources.has(resource)) total.rows += rows;
    if (use.last > total.last) total.last = use.last;
    consumers.set(keyOf(use), total);
    noteOperation(asked, use, calls);
  }
  const gathered = [...byItem.values()];
  return {
    calls: [...consumers.values()].reduce((sum, each) => sum + each.calls, 0),
    consumers: [...consumers.values()].sort(mostCalls),
    items: gathered
      .filter((each) => each.isAsked)
      .map((each) => each.told())
      .sort((one, other) => other.calls + other.refused - one.calls - one.refused),
    unused: gathered.filter((each) => !each.isAsked).map(({ item }) => item),
    operations: [...asked]
      .map(([hash, { totalMs, all, maxMs, calls, by }]) => ({
        ...{ hash, name: operations.get(hash)?.name, text: operations.get(hash)?.text ?? '', calls, maxMs },
        meanMs: Math.round((totalMs / all) * 100) / 100,
        consumers: [...by.values()].sort(mostCalls),
      }))
      .sort((one, other) => other.meanMs - one.meanMs),
  };
}

/** What is asked of one item. */
class Gathered {
  readonly item: ReportedItem;
  readonly #by = new Map<string, ConsumerUse>();
  readonly #reasons = new Map<string, number>();

  constructor(item: ReportedItem) {
    this.item = item;
  }

  get isAsked(): boolean {
    return this.#by.size > 0;
  }

  show(use: Use, calls: number): void {
    this.#consumer(use).calls += calls;
  }

  mask(use: Use, calls: number): void {
    this.#consumer(use).calls += calls;
    this.#consumer(use).masked += calls;
  }

  refuse(use: Use, { reasons, calls }: { readonly reasons: readonly string[]; readonly calls: number }): void {
    this.#consumer(use).refused += calls;
    for (const reason of reasons) this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + calls);
  }

  told(): ItemUse {
    const consumers = [...this.#by.values()].sort(
      (one, other) => other.calls + other.refused - one.calls - one.refused,
    );
    const sum = (of: (use: ConsumerUse) => number): number => consumers.reduce((total, use) => total + of(use), 0);
    return {
      ...this.item,
      calls: sum(({ calls }) => calls),
      masked: sum(({ masked }) => masked),
      refused: sum(({ refused }) => refused),
      refusals: [...this.#reasons].map(([reason, calls]) => ({ reason, calls })).sort(mostCalls),
      consumers,
    };
  }

  #consumer(use: Use): ConsumerUse {
    const known = this.#by.get(keyOf(use)) ?? noUse(use);
    this.#by.set(keyOf(use), known);
    return known;
  }
}

interface Asked {
  calls: number;
  /** Calls that the times are of: also those that never came to the subgraph. */
  all: number;
  totalMs: number;
  maxMs: number;
  readonly by: Map<string, Consuming & { calls: number }>;
}

function noteOperation(asked: Map<string, Asked>, use: Use, calls: number): void {
  const known: Asked = asked.get(use.operation) ?? { calls: 0, all: 0, totalMs: 0, maxMs: 0, by: new Map() };
  asked.set(use.operation, known);
  known.calls += calls;
  known.all += use.calls;
  known.totalMs += use.totalMs;
  known.maxMs = Math.max(known.maxMs, use.maxMs);
  const { department, application, purpose } = use;
  const before = known.by.get(keyOf(use))?.calls ?? 0;
  known.by.set(keyOf(use), { department, application, purpose, calls: before + calls });
}

/** Of each set that names an item of the subgraph, those items. */
function ownSets(sets: Tally['itemSets'], items: ReadonlyMap<string, unknown>): ReadonlyMap<string, ItemSet> {
  const own = new Map<string, ItemSet>();
  for (const [id, { allowed, masked, denied }] of sets) {
    const some: ItemSet = {
      allowed: allowed.filter((coordinate) => items.has(coordinate)),
      masked: masked.filter((coordinate) => items.has(coordinate)),
      denied: denied.filter(({ coordinate }) => items.has(coordinate)),
    };
    if (some.allowed.length + some.masked.length + some.denied.length > 0) own.set(id, some);
  }
  return own;
}

/** One call may be refused an item for more than one reason, and is one call all the same. */
function reasonsOf({ denied }: ItemSet): ReadonlyMap<string, readonly string[]> {
  const reasons = new Map<string, string[]>();
  for (const { coordinate, reason } of denied) reasons.set(coordinate, [...(reasons.get(coordinate) ?? []), reason]);
  return reasons;
}

function noUse({ department, application, purpose }: Consuming): ConsumerUse {
  return { department, application, purpose, calls: 0, masked: 0, refused: 0 };
}

function keyOf({ department, application, purpose }: Consuming): string {
  return JSON.stringify([department, application, purpose ?? null]);
}

function mostCalls(one: { readonly calls: number }, other: { readonly calls: number }): number {
  return other.calls - one.calls;
}

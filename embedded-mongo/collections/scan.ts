/** Reads what a plan says, document by document. */
import type { Entry, Range, Transaction } from '../storage/transaction.ts';
import type { Choice } from './find-plan.ts';
import type { Collection } from './collection.ts';
import type { Plan } from './plan.ts';

/** What reading has cost, as `explain` reports it. */
export type Cost = { keysExamined: number; docsExamined: number };

/** Every document once, as it is stored. */
export function* scan(
  collection: Collection,
  choice: Choice,
  view: Transaction,
  cost: Cost,
): Generator<Buffer, void, undefined> {
  if (choice.plans.length === 0) {
    for (const { value } of view.range(collection.range(0))) {
      cost.docsExamined++;
      yield value;
    }
    return;
  }
  // Only where a document can come twice is it worth remembering which have come.
  const repeats =
    choice.plans.length > 1 ||
    choice.plans.some(({ index, ranges }) => index.multikey && index.spec.id !== 0 && ranges.length > 0);
  const seen = repeats ? new Set<string>() : undefined;
  for (const plan of choice.plans) yield* documents(collection, plan, view, { cost, seen });
}

type Progress = { readonly cost: Cost; readonly seen: Set<string> | undefined };

function* documents(
  collection: Collection,
  plan: Plan,
  view: Transaction,
  { cost, seen }: Progress,
): Generator<Buffer, void, undefined> {
  const isPrimary = plan.index.spec.id === 0;
  for (const { key, value } of entries(plan, view)) {
    cost.keysExamined++;
    if (seen) {
      const id = (isPrimary ? key.subarray(plan.index.prefix.length) : value).toString('latin1');
      if (seen.has(id)) continue;
      seen.add(id);
    }
    const raw = isPrimary ? value : collection.byKey(view, value);
    if (!raw) continue;
    cost.docsExamined++;
    yield raw;
  }
}

function* entries(plan: Plan, view: Transaction): Generator<Entry, void, undefined> {
  if (plan.points && !plan.index.multikey) {
    for (const [key] of plan.reverse ? [...plan.ranges].reverse() : plan.ranges) {
      const value = view.get(key);
      if (value) yield { key, value };
    }
  } else if (plan.merged) {
    yield* merge(plan.ranges, plan.merged, plan.reverse, view);
  } else {
    for (const range of plan.reverse ? [...plan.ranges].reverse() : plan.ranges) yield* view.range(range, plan.reverse);
  }
}

type Head = { readonly entries: Iterator<Entry>; readonly skip: number; entry: Entry };

/** Entries of all ranges in the order of what follows the fixed part of their keys: a heap of the first entry of each. */
function* merge(
  ranges: readonly Range[],
  skips: readonly number[],
  reverse: boolean,
  view: Transaction,
): Generator<Entry, void, undefined> {
  const heap: Head[] = [];
  const sign = reverse ? -1 : 1;
  const isBefore = (a: Head, b: Head): boolean =>
    Buffer.compare(a.entry.key.subarray(a.skip), b.entry.key.subarray(b.skip)) * sign < 0;
  for (const [i, range] of ranges.entries()) {
    const own = view.range(range, reverse);
    const first = own.next();
    if (!first.done) heap.push({ entries: own, skip: skips[i] ?? 0, entry: first.value });
  }
  for (let i = (heap.length >> 1) - 1; i >= 0; i--) sink(heap, i, isBefore);
  for (let top = heap[0]; top; top = heap[0]) {
    yield top.entry;
    const next = top.entries.next();
    if (next.done) {
      const last = heap.pop();
      if (last && last !== top) heap[0] = last;
    } else {
      top.entry = next.value;
    }
    sink(heap, 0, isBefore);
  }
}

function sink(heap: Head[], from: number, isBefore: (a: Head, b: Head) => boolean): void {
  let at = from;
  for (;;) {
    let least = at;
    for (const child of [2 * at + 1, 2 * at + 2]) {
      const [a, b] = [heap[child], heap[least]];
      if (a && b && isBefore(a, b)) least = child;
    }
    const [parent, child] = [heap[at], heap[least]];
    if (least === at || !parent || !child) return;
    heap[at] = child;
    heap[least] = parent;
    at = least;
  }
}

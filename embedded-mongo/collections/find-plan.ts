/** Chooses the index, or indexes, for a query. */
import { badValue, unsupported } from '../errors.ts';
import { type Conditions, conditionsOf, isPlain } from '../queries/conditions.ts';
import type { SortField } from '../queries/sort.ts';
import type { Transaction } from '../storage/transaction.ts';
import { type Document, isDocument } from '../values/document.ts';
import { toNumber } from '../values/numbers.ts';
import { keyOf } from '../values/key-encoder.ts';
import type { Collection, Index } from './collection.ts';
import { fullPlan, type Plan, planWith, type Wanted } from './plan.ts';

/** Several plans are read one after the other, for the branches of an `$or`; none means every document. */
export type Choice = { readonly plans: readonly Plan[]; readonly sorted: boolean };

type Query = {
  readonly filter: Document;
  readonly sort: readonly SortField[];
  readonly limit: number;
  readonly hint?: unknown;
};

/** How far entries are counted to tell which plan reads fewer. */
const PROBE = 128;
const EVERYTHING: Choice = { plans: [], sorted: false };

export function findPlan(collection: Collection, query: Query, view: Transaction): Choice {
  const { filter, sort, limit } = query;
  const wanted: Wanted = { conditions: conditionsOf(filter), isPlain: isPlain(filter), sort, limit };
  const hinted = query.hint === undefined ? undefined : hintedIndex(collection, query.hint);
  if (hinted === 'natural') return EVERYTHING;
  if (hinted) return single(planWith(hinted, wanted, view) ?? fullPlan(hinted, query.sort));
  const plans = collection.indexes.map((index) => planWith(index, wanted, view)).filter((plan) => plan !== undefined);
  const best = choose(plans, view);
  if (best && best.used.length > 0) return single(best);
  return union(collection, filter, wanted.conditions, view) ?? (best ? single(best) : EVERYTHING);
}

const single = (plan: Plan): Choice => ({ plans: [plan], sorted: plan.sorted });

function choose(plans: readonly Plan[], view: Transaction): Plan | undefined {
  const [first] = plans;
  if (!first || plans.length === 1) return first;
  const whole = plans.find((plan) => plan.points);
  if (whole) return whole;
  const rivals = plans.filter((plan) => !plans.some((other) => other !== plan && isBetter(other, plan)));
  const [only] = rivals;
  if (rivals.length === 1) return only;
  const narrow = rivals.filter((plan) => plan.used.length > 0).map((plan) => ({ plan, size: sizeOf(plan, view) }));
  // Few rows are quickly fetched and sorted, whatever order they come in.
  const smallest = best(narrow, ({ plan, size }) => -size + plan.score / 1000);
  if (smallest && smallest.size < PROBE) return smallest.plan;
  // Of many, those that come in order need not all be read.
  return best(rivals, (plan) => plan.score + (plan.ordersPage && plan.used.length > 0 ? 100 : 0));
}

/** True when one plan reads no more than another, in an order that is no worse. */
function isBetter(plan: Plan, other: Plan): boolean {
  const readsNoMore = other.used.every((path) => plan.used.includes(path));
  if (!readsNoMore || (other.ordersPage && !plan.ordersPage)) return false;
  return plan.score !== other.score ? plan.score > other.score : plan.index.spec.id < other.index.spec.id;
}

function sizeOf(plan: Plan, view: Transaction): number {
  let size = 0;
  for (const range of plan.ranges.slice(0, PROBE)) {
    size += view.countUpTo(PROBE - size, range);
    if (size >= PROBE) break;
  }
  return size;
}

function best<T>(items: readonly T[], rate: (item: T) => number): T | undefined {
  return items.reduce<T | undefined>(
    (found, item) => (found === undefined || rate(item) > rate(found) ? item : found),
    undefined,
  );
}

/** One plan for each branch of the `$or`, if every branch has one. */
function union(
  collection: Collection,
  filter: Document,
  conditions: Conditions,
  view: Transaction,
): Choice | undefined {
  const branches = filter['$or'];
  if (!Array.isArray(branches)) return undefined;
  const plans: Plan[] = [];
  for (const branch of branches as unknown[]) {
    const own = isDocument(branch) ? conditionsOf(branch) : new Map<string, Document[]>();
    const both = new Map([
      ...conditions,
      ...[...own].map(([path, list]) => [path, [...list, ...(conditions.get(path) ?? [])]] as const),
    ]);
    const candidates = collection.indexes.map((index) =>
      planWith(index, { conditions: both, isPlain: false, sort: [], limit: 0 }, view),
    );
    const plan = choose(
      candidates.filter((candidate): candidate is Plan => candidate !== undefined && candidate.used.length > 0),
      view,
    );
    if (!plan) return undefined;
    plans.push(plan);
  }
  return { plans, sorted: false };
}

function hintedIndex(collection: Collection, hint: unknown): Index | 'natural' {
  if (isDocument(hint) && '$natural' in hint) {
    if (toNumber(hint['$natural']) !== 1) throw unsupported('the hint { $natural: -1 }');
    return 'natural';
  }
  const found = collection.indexes.find(
    ({ spec }) => spec.name === hint || keyOf(spec.definition['key']) === keyOf(hint),
  );
  if (!found)
    throw badValue(
      'error processing query: planner returned error :: caused by :: hint provided does not correspond to an existing index',
    );
  return found;
}

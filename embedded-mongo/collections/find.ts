/** Finds documents: chooses a plan, reads, tests the whole filter again, sorts if the index did not. */
import { type Variables } from '../aggregation/expression.ts';
import { CommandError } from '../errors.ts';
import { compileFilter } from '../queries/filter.ts';
import { fieldsOfFilter, needsTypes } from '../queries/needed-fields.ts';
import { sortDocuments, type SortField } from '../queries/sort.ts';
import type { Transaction } from '../storage/transaction.ts';
import type { Document } from '../values/document.ts';
import { Row } from '../values/row.ts';
import type { Collection } from './collection.ts';
import { findPlan } from './find-plan.ts';
import { type Cost, scan } from './scan.ts';

export type FindOptions = {
  readonly sort?: readonly SortField[];
  readonly skip?: number;
  /** 0 for all. */
  readonly limit?: number;
  readonly hint?: unknown;
  readonly variables?: Variables | undefined;
  readonly cost?: Cost;
  /** When to give up, as performance.now() tells the time. */
  readonly deadline?: number | undefined;
};

/** How many documents are read between two looks at the clock. */
const CLOCK_INTERVAL = 256;

export function* find(
  collection: Collection,
  view: Transaction,
  filter: Document,
  options: FindOptions = {},
): Generator<Row, void, undefined> {
  const { sort = [], skip = 0, limit = 0 } = options;
  const choice = findPlan(collection, { filter, sort, limit, hint: options.hint }, view);
  const stored = scan(collection, choice, view, options.cost ?? { keysExamined: 0, docsExamined: 0 });
  const [plan, ...more] = choice.plans;
  const matching = matches(stored, filter, { ...options, isProven: plan?.exact === true && more.length === 0 });
  if (sort.length === 0 || choice.sorted) {
    yield* part(matching, skip, limit);
    return;
  }
  const named = new Set(sort.map(({ path }) => path.split('.')[0] ?? ''));
  yield* part(
    sortDocuments([...matching], sort, (row) => row.fields(named)),
    skip,
    limit,
  );
}

function* matches(
  stored: Iterable<Buffer>,
  filter: Document,
  { variables, deadline, isProven }: FindOptions & { readonly isProven: boolean },
): Generator<Row, void, undefined> {
  const test = compileFilter(filter, variables);
  // What the index has proved need not be tested again.
  const isSure = isProven || Object.keys(filter).length === 0;
  const fields = fieldsOfFilter(filter);
  const typed = needsTypes(filter);
  let count = 0;
  for (const raw of stored) {
    if (deadline !== undefined && count++ % CLOCK_INTERVAL === 0 && performance.now() > deadline) {
      throw new CommandError(50, 'MaxTimeMSExpired', 'operation exceeded time limit');
    }
    const row = new Row(raw);
    if (isSure || test(typed ? row.typed() : row.fields(fields))) yield row;
  }
}

function* part<T>(items: Iterable<T>, skip: number, limit: number): Generator<T, void, undefined> {
  let at = 0;
  for (const item of items) {
    at++;
    if (at > skip) yield item;
    if (limit > 0 && at >= skip + limit) return;
  }
}

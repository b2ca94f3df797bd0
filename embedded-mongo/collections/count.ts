/** Counts documents; from the index alone where that says enough. */
import { conditionsOf } from '../queries/conditions.ts';
import { lengthOf } from '../values/length-of.ts';
import type { Document } from '../values/document.ts';
import type { Transaction } from '../storage/transaction.ts';
import type { Collection } from './collection.ts';
import { find, type FindOptions } from './find.ts';
import { findPlan } from './find-plan.ts';

export function count(collection: Collection, view: Transaction, filter: Document, options: FindOptions): number {
  const { skip = 0, limit = 0, hint, cost } = options;
  const all = countAll(collection, view, filter, hint);
  if (all === undefined) return lengthOf(find(collection, view, filter, { ...options, sort: [] }));
  if (cost && Object.keys(filter).length > 0) cost.keysExamined += all;
  const rest = Math.max(0, all - skip);
  return limit > 0 ? Math.min(rest, limit) : rest;
}

function countAll(collection: Collection, view: Transaction, filter: Document, hint: unknown): number | undefined {
  if (hint === undefined && Object.keys(filter).length === 0) return view.count(collection.range(0));
  if (conditionsOf(filter).size === 0) return undefined;
  const { plans } = findPlan(collection, { filter, sort: [], limit: 0, hint }, view);
  const [plan, ...more] = plans;
  if (!plan?.exact || more.length > 0) return undefined;
  return plan.ranges.reduce((sum, range) => sum + view.count(range), 0);
}

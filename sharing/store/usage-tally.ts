import { createHash } from 'node:crypto';
import type { AuditRecord } from './models.ts';
import type { ItemSet, OperationRecord, UsageRecord } from './usage-collections.ts';
import { prefixOf } from './usage-hour.ts';

/** What is read of an entry to count it, and to know where it stands among those of its writer. */
export const COUNTED = {
  writer: 1,
  sequence: 1,
  at: 1,
  kind: 1,
  'caller.department': 1,
  'caller.application': 1,
  'caller.purpose': 1,
  operation: 1,
  items: 1,
  rows: 1,
  outcome: 1,
  durationMs: 1,
} as const;

/** What one operation of one application did for one purpose, over some time. */
export interface Use {
  readonly department: string;
  readonly application: string;
  readonly purpose: string | undefined;
  readonly operation: string;
  calls: number;
  refused: number;
  failed: number;
  readonly rows: Map<string, number>;
  /** Calls by the id of the set of items. */
  readonly answers: Map<string, number>;
  totalMs: number;
  maxMs: number;
  last: Date;
}

/** Counts of calls, with the texts and sets of items that they name. */
export interface Tally {
  readonly uses: Map<string, Use>;
  readonly operations: Map<string, OperationRecord>;
  readonly itemSets: Map<string, ItemSet>;
}

export function emptyTally(): Tally {
  return { uses: new Map(), operations: new Map(), itemSets: new Map() };
}

const SHOWN = new Set<AuditRecord['outcome']>(['ANSWERED', 'PARTIAL']);

/** Counts an entry. What is no call of an operation by a known caller is none. */
export function countEntry(tally: Tally, entry: AuditRecord): void {
  const { kind, caller, operation, items, outcome, durationMs = 0, at } = entry;
  if (kind !== 'REQUEST' || !operation || !caller) return;
  const { hash, text, name } = operation;
  if (!tally.operations.has(hash)) tally.operations.set(hash, { _id: hash, text, ...(name !== undefined && { name }) });
  const use = useOf(tally, { ...caller, purpose: caller.purpose ?? undefined, operation: hash, last: at });
  use.calls += 1;
  if (outcome === 'REFUSED') use.refused += 1;
  else if (!SHOWN.has(outcome)) use.failed += 1;
  // What could not be recorded was not shown, though the entry that was written afterwards says what would have been.
  if (outcome !== 'ERROR')
    for (const [resource, rows] of Object.entries(entry.rows ?? {})) add(use.rows, resource, rows);
  if (items) add(use.answers, keptSet(tally, items), 1);
  use.totalMs = sum(use.totalMs, durationMs);
  use.maxMs = Math.max(use.maxMs, durationMs);
  if (at > use.last) use.last = at;
}

/** Counts what a record of an hour counted. */
export function countRecord(tally: Tally, record: UsageRecord): void {
  const use = useOf(tally, { ...record, purpose: record.purpose });
  use.calls += record.calls;
  use.refused += record.refused;
  use.failed += record.failed;
  for (const { resource, rows } of record.rows) add(use.rows, resource, rows);
  for (const { set, calls } of record.answers) add(use.answers, set, calls);
  use.totalMs = sum(use.totalMs, record.totalMs);
  use.maxMs = Math.max(use.maxMs, record.maxMs);
  if (record.last > use.last) use.last = record.last;
}

/** The records of an hour. Their ids are made of what they are of, so that making them again makes the same ones. */
export function recordsOf({ uses }: Pick<Tally, 'uses'>, hour: number): UsageRecord[] {
  return [...uses].map(([key, { rows, answers, purpose, ...use }]) => ({
    _id: `${prefixOf(hour)}${hashOf(key)}`,
    ...use,
    ...(purpose !== undefined && { purpose }),
    rows: sorted(rows).map(([resource, count]) => ({ resource, rows: count })),
    answers: sorted(answers).map(([set, calls]) => ({ set, calls })),
  }));
}

type Named = Pick<Use, 'department' | 'application' | 'purpose' | 'operation' | 'last'>;

function useOf({ uses }: Tally, { department, application, purpose, operation, last }: Named): Use {
  const key = JSON.stringify([department, application, purpose ?? null, operation]);
  const known = uses.get(key);
  if (known) return known;
  const use: Use = {
    ...{ department, application, purpose, operation, last },
    ...{ calls: 0, refused: 0, failed: 0, totalMs: 0, maxMs: 0 },
    rows: new Map(),
    answers: new Map(),
  };
  uses.set(key, use);
  return use;
}

/** Entries say the same set in the order of their operation: one order makes one set of it. */
function keptSet({ itemSets }: Tally, { allowed, masked, denied }: ItemSet): string {
  const set: ItemSet = {
    allowed: [...allowed].sort(),
    masked: [...masked].sort(),
    denied: denied
      .map(({ coordinate, reason }) => ({ coordinate, reason }))
      .sort((one, other) => compare(`${one.coordinate} ${one.reason}`, `${other.coordinate} ${other.reason}`)),
  };
  const id = hashOf(JSON.stringify(set));
  itemSets.set(id, set);
  return id;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

function add(counts: Map<string, number>, name: string, more: number): void {
  counts.set(name, (counts.get(name) ?? 0) + more);
}

function sorted(counts: ReadonlyMap<string, number>): [string, number][] {
  return [...counts].sort(([one], [other]) => compare(one, other));
}

/** In hundredths, as entries are written: a sum of fractions would depend on the order in which they are read. */
function sum(one: number, other: number): number {
  return (Math.round(one * 100) + Math.round(other * 100)) / 100;
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

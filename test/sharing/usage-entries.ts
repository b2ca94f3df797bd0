import fc from 'fast-check';
import type { ItemSet } from '../../sharing/store/usage-collections.ts';
import type { AuditRecord } from '../../sharing/store/models.ts';
import type { Tally } from '../../sharing/store/usage-tally.ts';

export const HOUR = 3_600_000;
export const START = Date.parse('2027-03-01T00:00:00Z');
/** Two days later: the last hours are not over. */
export const NOW = START + 48 * HOUR + 7 * 60_000;

/** A call in short. */
export interface Given {
  /** After START. */
  readonly minutes: number;
  readonly who: number;
  readonly operation: number;
  readonly answer: number;
  readonly outcome: NonNullable<AuditRecord['outcome']>;
  readonly rows: number;
  readonly durationMs: number;
}

const CALLERS = [
  { department: 'civil-affairs', application: 'relief', purpose: 'low-income-check' },
  { department: 'civil-affairs', application: 'pensions' },
  { department: 'education', application: 'relief', purpose: 'low-income-check' },
] as const;

const ANSWERS: readonly ItemSet[] = [
  { allowed: ['Person.sex', 'Person.name'], masked: [], denied: [] },
  { allowed: ['Person.sex'], masked: ['Person.name'], denied: [] },
  { allowed: [], masked: [], denied: [{ coordinate: 'Person.name', reason: 'NO_GRANT' }] },
];

/** Calls of two days, few hours of which have many, in no order: clocks go wrong and stores away. */
export const given: fc.Arbitrary<Given> = fc.record({
  minutes: fc.oneof(fc.nat(180), fc.integer({ min: 46 * 60, max: 48 * 60 + 6 }), fc.nat(48 * 60)),
  who: fc.nat(2),
  operation: fc.nat(2),
  answer: fc.nat(2),
  outcome: fc.constantFrom('ANSWERED', 'PARTIAL', 'REFUSED', 'ERROR', 'LIMIT', 'TIMEOUT'),
  rows: fc.nat(100),
  durationMs: fc.nat(100_000).map((hundredths) => hundredths / 100),
});

export function entryOf(writer: string, sequence: number, call: Given): AuditRecord {
  const { minutes, who, operation, answer, outcome, rows, durationMs } = call;
  return {
    ...{ _id: `${writer}-${sequence}`, writer, sequence, kind: 'REQUEST', outcome, durationMs },
    at: new Date(START + minutes * 60_000),
    caller: { roles: [], ...(CALLERS[who] ?? CALLERS[0]) },
    operation: { hash: `h${operation}`, text: `query operation${operation} { a }`, name: `operation${operation}` },
    items: ANSWERS[answer] ?? { allowed: [], masked: [], denied: [] },
    rows: rows > 0 ? { Person: rows, Household: 1 } : {},
  };
}

/** What is known of one operation of one application for one purpose, to be compared. */
interface Line {
  calls: number;
  refused: number;
  failed: number;
  rows: Record<string, number>;
  items: Record<string, number>;
  ms: number;
  maxMs: number;
  last: number;
}

/** The lines of a tally. */
export function told({ uses, operations, itemSets }: Tally): Record<string, Line> {
  const lines = [...uses.values()].map(({ department, application, purpose, operation, ...use }) => {
    const items: Record<string, number> = {};
    for (const [id, calls] of use.answers) {
      const set = itemSets.get(id);
      if (!set) throw new Error(`no set ${id}`);
      addItems(items, set, calls);
    }
    const key = [department, application, purpose ?? '-', operations.get(operation)?.text].join(' ');
    const { calls, refused, failed, maxMs } = use;
    const line = { calls, refused, failed, maxMs, items, ms: Math.round(use.totalMs * 100), last: use.last.getTime() };
    return [key, { ...line, rows: Object.fromEntries(use.rows) }] as const;
  });
  return Object.fromEntries(lines);
}

/** The same lines, counted one entry after the other. */
export function plainCount(entries: readonly AuditRecord[], since: Date): Record<string, Line> {
  const lines: Record<string, Line> = {};
  for (const { at, kind, caller, operation, outcome, items, rows, durationMs = 0 } of entries) {
    if (at < since || kind !== 'REQUEST' || !caller || !operation) continue;
    const key = [caller.department, caller.application, caller.purpose ?? '-', operation.text].join(' ');
    const line = (lines[key] ??= {
      ...{ calls: 0, refused: 0, failed: 0, rows: {}, items: {}, ms: 0, maxMs: 0, last: 0 },
    });
    line.calls += 1;
    if (outcome === 'REFUSED') line.refused += 1;
    if (outcome !== 'REFUSED' && outcome !== 'ANSWERED' && outcome !== 'PARTIAL') line.failed += 1;
    if (outcome !== 'ERROR')
      for (const [resource, count] of Object.entries(rows ?? {}))
        line.rows[resource] = (line.rows[resource] ?? 0) + count;
    if (items) addItems(line.items, items, 1);
    line.ms += Math.round(durationMs * 100);
    line.maxMs = Math.max(line.maxMs, durationMs);
    line.last = Math.max(line.last, at.getTime());
  }
  return lines;
}

function addItems(items: Record<string, number>, { allowed, masked, denied }: ItemSet, calls: number): void {
  const named = [
    ...allowed.map((item) => `${item} allowed`),
    ...masked.map((item) => `${item} masked`),
    ...denied.map(({ coordinate, reason }) => `${coordinate} ${reason}`),
  ];
  for (const name of named) items[name] = (items[name] ?? 0) + calls;
}

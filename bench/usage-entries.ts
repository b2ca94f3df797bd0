import { randomUUID } from 'node:crypto';
import type { AuditRecord } from '../sharing/store/models.ts';
import { fetchHash } from '../lib/signed-context.ts';

export const HOUR_MS = 3_600_000;
export const START = Date.parse('2027-03-01T00:00:00+08:00');
const DAYS = 30;
/** The last entries are of an hour that is not over. */
export const LAST = START + DAYS * 24 * HOUR_MS - HOUR_MS / 2;
export const OPERATIONS = 300;
const APPLICATIONS = 40;
const GATEWAYS = 4;
const ITEMS = 600;
const GROUP = 2_000;

/** Share of the calls of a day by hour in China: offices work from 8 to 18, machines always. */
const HOURS = [1, 1, 1, 1, 1, 1, 2, 4, 9, 11, 11, 9, 5, 7, 10, 10, 8, 5, 3, 2, 2, 1, 1, 1];

/** The entries of 30 days in groups, as gateways write them; the same ones in every run but for their ids. */
export function* entriesOf(many: number): Generator<AuditRecord[]> {
  const random = numbers(7);
  const operations = Array.from({ length: OPERATIONS }, (_, index) => operationOf(index, random));
  const applications = Array.from({ length: APPLICATIONS }, (_, index) => ({
    ...{ department: `department-${index % 12}`, application: `application-${index}` },
    ...(index % 5 > 0 && { purpose: `purpose-${index % 7}` }),
    // Each asks a few operations often and others now and then.
    asks: Array.from({ length: 4 + Math.floor(random() * 20) }, () => Math.floor(random() * OPERATIONS)),
  }));
  const sequences = new Map<string, number>();
  const slots = slotsOf(many);
  let group: AuditRecord[] = [];
  for (const [start, calls] of slots)
    for (let call = 0; call < calls; call += 1) {
      const at = new Date(start + ((call + random()) / calls) * HOUR_MS);
      const { asks, ...caller } = pick(applications, random() ** 2);
      const operation = pick(operations, (pick(asks, random() ** 3) + 0.5) / OPERATIONS);
      const week = Math.floor((start - START) / (7 * 24 * HOUR_MS));
      const writer = `gateway-${Math.floor(random() * GATEWAYS)}-${week}`;
      const sequence = sequences.get(writer) ?? 0;
      sequences.set(writer, sequence + 1);
      group.push(entry({ writer, sequence, at }, { caller, operation, random }));
      if (group.length === GROUP) {
        yield group;
        group = [];
      }
    }
  if (group.length > 0) yield group;
}

interface Asked {
  readonly caller: { readonly department: string; readonly application: string; readonly purpose?: string };
  readonly operation: ReturnType<typeof operationOf>;
  readonly random: () => number;
}

function entry(
  numbered: Pick<AuditRecord, 'writer' | 'sequence' | 'at'>,
  { caller, operation: { items, ...operation }, random }: Asked,
): AuditRecord {
  // A grant that ended, or a purpose that it does not cover: now and then the same operation is answered less.
  const less = random() < 0.08 ? 1 + Math.floor(random() * 3) : 0;
  const denied = items.slice(0, less).map((coordinate) => ({ coordinate, reason: 'NO_GRANT' as const }));
  const rows = Math.floor(100 ** random());
  return {
    ...{ _id: randomUUID(), ...numbered, kind: 'REQUEST', requestId: randomUUID() },
    traceId: randomUUID().replaceAll('-', ''),
    caller: { ...caller, officer: `officer-${Math.floor(random() * 20)}`, roles: [] },
    ...{ token: randomUUID(), grants: ['G-0123456789abcdef', 'G-fedcba9876543210'], operation },
    items: { allowed: items.slice(less + 2), masked: items.slice(less, less + 2), denied },
    rows: { [items[0]?.split('.')[0] ?? '']: rows },
    subjects: Array.from({ length: Math.min(rows, 5) }, () => randomUUID()).join(' '),
    ...{ outcome: 'PARTIAL', release: '17', epoch: 12, durationMs: Math.round(random() ** 4 * 200_000) / 100 },
  };
}

function operationOf(index: number, random: () => number) {
  const first = Math.floor(random() * ITEMS);
  const items = Array.from({ length: 5 + Math.floor(random() * 26) }, (_, step) =>
    coordinateOf((first + step) % ITEMS),
  );
  const fields = items.map((item) => item.split('.')[1]).join(' ');
  const text = `query operation${index}($v1: ID!) { root${index}(id: $v1) { ${fields} } }`;
  return { hash: fetchHash(text), text, name: `operation${index}`, items };
}

const coordinateOf = (item: number): string => `Resource${Math.floor(item / 20)}.itemNumber${item % 20}`;

/** Hours with the number of their calls. */
function slotsOf(many: number): readonly (readonly [number, number])[] {
  const perDay = HOURS.reduce((sum, share) => sum + share, 0) * DAYS;
  let before = 0;
  let shares = 0;
  return Array.from({ length: DAYS * 24 }, (_, hour) => {
    shares += HOURS[hour % 24] ?? 0;
    const upTo = Math.round((many * shares) / perDay);
    const calls = upTo - before;
    before = upTo;
    return [START + hour * HOUR_MS, calls] as const;
  });
}

function pick<Item>(list: readonly Item[], at: number): Item {
  const picked = list[Math.floor(at * list.length)];
  if (picked === undefined) throw new Error('nothing to pick from');
  return picked;
}

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

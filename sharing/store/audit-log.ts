import { randomUUID } from 'node:crypto';
import { HubError } from '../../lib/errors.ts';
import type { AuditEntry, Unnumbered } from './audit-entry.ts';
import type { AuditRecord, SharingModels } from './models.ts';

export interface AuditLog {
  readonly writer: string;
  /**
   * Resolves with the entry's id once it is durable.
   * @throws HubError AUDIT_UNAVAILABLE when it could not be written: the request must not be answered then.
   */
  append(entry: Unnumbered): Promise<string>;
  /** Writes what is waiting and the closing entry. */
  close(): Promise<void>;
}

export interface AuditLogOptions {
  /** Called after each group of entries, with its size and the time its write took. */
  readonly onFlush?: ((size: number, milliseconds: number) => void) | undefined;
  readonly onFailure?: ((error: unknown) => void) | undefined;
  /** Milliseconds a write may take before its requests fail. */
  readonly timeoutMs?: number;
  /** The store does not answer yet: the opening entry is written with the first one it takes. */
  readonly away?: boolean | undefined;
}

interface Waiting {
  readonly record: AuditRecord;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Entries one write carries at most. */
const GROUP = 500;
/** Entries that may wait; beyond it requests fail at once instead of piling up behind a dead store. */
const BACKLOG = 10_000;

/**
 * Opens a numbered run of audit entries. Entries that arrive while a write is under way go together with the next one
 * (group commit), so that many requests share one fsync and none waits for more than two.
 *
 * Where a write fails, its requests are refused and its entries, now with the outcome ERROR, go again before the next
 * write: a store that comes back shows what was refused while it was away, and the numbers have no gap.
 */
export async function openAuditLog(
  models: Pick<SharingModels, 'audit'>,
  options: AuditLogOptions = {},
): Promise<AuditLog> {
  const writer = randomUUID();
  const { timeoutMs = 5_000 } = options;
  let sequence = 0;
  let waiting: Waiting[] = [];
  let unwritten: AuditRecord[] = [];
  let flushing = false;
  let closed = false;

  const write = async (group: readonly Waiting[]): Promise<void> => {
    const started = performance.now();
    const collection = models.audit.db.collection<AuditRecord>(models.audit.collection.name);
    if (unwritten.length > 0) {
      // The first attempt may have been stored after all: replacing by _id cannot store an entry twice.
      const again = unwritten.map((record) => ({
        replaceOne: { filter: { _id: record._id }, replacement: record, upsert: true },
      }));
      await collection.bulkWrite(again, { ordered: true, timeoutMS: timeoutMs });
      unwritten = [];
    }
    const [first, ...others] = group;
    // One alone is what comes most, and costs a sixth less than a list of one.
    if (first && others.length === 0) await collection.insertOne(first.record, { timeoutMS: timeoutMs });
    else
      await collection.insertMany(
        group.map(({ record }) => record),
        { ordered: true, timeoutMS: timeoutMs },
      );
    options.onFlush?.(group.length, performance.now() - started);
  };

  const flush = async (): Promise<void> => {
    flushing = true;
    while (waiting.length > 0) {
      const group = waiting.slice(0, GROUP);
      waiting = waiting.slice(GROUP);
      try {
        await write(group);
        for (const { resolve } of group) resolve();
      } catch (thrown) {
        options.onFailure?.(thrown);
        unwritten.push(...group.map(({ record }) => ({ ...record, outcome: 'ERROR' as const })));
        for (const { reject } of group) reject(unavailable());
      }
    }
    // In the same turn as the last look at what waits: an entry that comes now must start the next write itself.
    flushing = false;
  };

  const append = (entry: Unnumbered): Promise<string> => {
    if (closed || waiting.length + unwritten.length >= BACKLOG) return Promise.reject(unavailable());
    const { subjects, ...rest } = entry;
    const own = { _id: randomUUID(), writer, sequence: sequence++, at: new Date() };
    const record = { ...own, ...rest, ...(subjects && { subjects: subjects.join(' ') }) };
    return new Promise<string>((resolve, reject) => {
      waiting.push({ record, resolve: () => resolve(record._id), reject });
      // A turn later, so that the entries of one turn go together.
      queueMicrotask(() => {
        if (!flushing) void flush();
      });
    });
  };

  const opening = append({ kind: 'OPENED' });
  // What cannot be written now is kept, and goes before the first entry that can.
  await (options.away ? opening.catch(() => undefined) : opening);
  return {
    writer,
    append,
    async close() {
      const last = append({ kind: 'CLOSED' });
      closed = true;
      await last;
    },
  };
}

function unavailable(): HubError {
  return new HubError(
    'AUDIT_UNAVAILABLE',
    'The look-up could not be recorded, so it was not answered. Try again shortly.',
    {
      http: { status: 503 },
    },
  );
}

/** The entries of one period, oldest first. */
export async function readEntries(
  models: Pick<SharingModels, 'audit'>,
  filter: Record<string, unknown>,
  limit: number,
): Promise<readonly AuditEntry[]> {
  const records = await models.audit.db
    .collection<AuditRecord>(models.audit.collection.name)
    .find(filter)
    .sort({ at: -1 })
    .limit(limit)
    .toArray();
  return records.map(({ _id, subjects, ...entry }) => ({
    id: _id,
    ...entry,
    ...(subjects !== undefined && { subjects: subjectsOf({ subjects }) }),
  }));
}

/** Keyed hashes of the data subjects an entry names. */
export function subjectsOf({ subjects = '' }: Pick<AuditRecord, 'subjects'>): readonly string[] {
  return subjects.split(' ').filter((subject) => subject !== '');
}

import type { Connection } from 'mongoose';
import { checkRow } from './check-row.ts';
import type { Reject } from './check-row.ts';
import { loadBatch } from './load-batch.ts';
import type { Line } from './load-batch.ts';
import type { RejectFile } from './reject-file.ts';
import type { Resource } from './resource.ts';
import type { SourceRow } from './source.ts';

const batchSize = 1_000;

export type ImportCounts = {
  /** Rows dealt with: the sum of the other four. */
  readonly rows: number;
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly rejected: number;
};

export type ImportRun = {
  /** Checks a row; every so often stores what has gathered. True when the counts have grown. */
  add(row: SourceRow): Promise<boolean>;
  /** Stores the rest. */
  finish(): Promise<void>;
  /** What is stored and acknowledged so far. */
  counts(): ImportCounts;
};

type Batch = { rows: number; readonly lines: Line[]; readonly rejects: Reject[] };

/** While one batch is being stored, the next waits and the one after it is read and checked: the store is never idle. */
export function startRun(options: {
  readonly resource: Resource;
  readonly connection: Connection;
  readonly rejects: RejectFile;
  readonly now: Date;
}): ImportRun {
  const { resource, now } = options;
  const model = resource.model(options.connection);
  const target = {
    collection: model.collection,
    keyField: resource.keyField,
    hasUpdatedAt: 'updatedAt' in model.schema.paths,
  };
  const context = { today: now.toISOString().slice(0, 10) };
  const counts = { rows: 0, inserted: 0, updated: 0, unchanged: 0, rejected: 0 };
  let batch: Batch = { rows: 0, lines: [], rejects: [] };
  let beforeLast = Promise.resolve();
  let last = Promise.resolve();

  async function store({ rows, lines, rejects }: Batch): Promise<void> {
    const { refused, ...loaded } = await loadBatch(target, lines, now);
    const all = [
      ...rejects,
      ...refused.map(({ line, reason, message }) => ({ line, field: '', kind: 'record', reason, fix: message })),
    ];
    await options.rejects.write(all.sort((left, right) => left.line - right.line));
    counts.rows += rows;
    counts.inserted += loaded.inserted;
    counts.updated += loaded.updated;
    counts.unchanged += loaded.unchanged;
    counts.rejected += rows - lines.length + refused.length;
  }

  async function flush(): Promise<void> {
    await beforeLast;
    const full = batch;
    beforeLast = last;
    last = last.then(() => store(full));
    // Awaited by a later flush; until then a failure must not count as unhandled.
    void last.catch(() => undefined);
    batch = { rows: 0, lines: [], rejects: [] };
  }

  return {
    counts: () => ({ ...counts }),
    async add({ line, cells, fault }) {
      batch.rows++;
      if (fault !== undefined) {
        batch.rejects.push({ line, field: fault.field, kind: 'line', reason: fault.reason, fix: fault.message });
      } else {
        const checked = checkRow(resource, line, cells, context);
        if ('prepared' in checked) batch.lines.push(checked);
        else batch.rejects.push(...checked.rejects);
      }
      if (batch.rows < batchSize) return false;
      await flush();
      return true;
    },
    async finish() {
      await flush();
      await last;
    },
  };
}

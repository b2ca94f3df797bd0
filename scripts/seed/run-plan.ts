import type { Plan } from './plan.ts';
import type { SeedStore } from './seed-stores.ts';

/** Documents written together: large enough for speed, small enough that stopping takes well under a second. */
const batchSize = 2_000;

type Batch = { readonly rows: ReadonlyMap<string, object[]>; readonly documents: number; readonly next: number };

export type PlanRun = {
  readonly signal: AbortSignal;
  /** Called after each batch that is stored and recorded, with its number of documents. */
  readonly onBatch: (documents: number) => void;
};

/**
 * Goes on with a plan where the log says, to its end or until the signal. The next batch is made while the last one is
 * being written. Returns the number of documents written.
 */
export async function runPlan(store: SeedStore, plan: Plan, run: PlanRun): Promise<number> {
  const start = store.log.next(plan.name);
  let unit = start;
  let written = 0;
  let writing = Promise.resolve();
  while (unit < plan.units && !run.signal.aborted) {
    const batch = makeBatch(plan, unit);
    await writing;
    // A process that was killed may have written one batch more than it recorded: the first is replaced, not inserted.
    writing = write(store, plan, batch, unit === start && !store.log.isNew).then(() => {
      written += batch.documents;
      run.onBatch(batch.documents);
    });
    // Awaited at the next turn or below; until then a failure must not count as unhandled.
    void writing.catch(() => undefined);
    unit = batch.next;
  }
  await writing;
  return written;
}

function makeBatch(plan: Plan, from: number): Batch {
  const rows = new Map<string, object[]>();
  let documents = 0;
  let next = from;
  while (next < plan.units && documents < batchSize) {
    for (const [collection, made] of Object.entries(plan.make(next))) {
      const all = rows.get(collection) ?? [];
      all.push(...made);
      rows.set(collection, all);
      documents += made.length;
    }
    next++;
  }
  return { rows, documents, next };
}

async function write(store: SeedStore, plan: Plan, batch: Batch, replace: boolean): Promise<void> {
  for (const [name, documents] of batch.rows) {
    const collection = store.models[name]?.collection;
    if (collection === undefined) throw new RangeError(`the plan ${plan.name} makes ${name}, which no model keeps`);
    if (documents.length === 0) continue;
    if (replace) await collection.bulkWrite(documents.map(replacement), { ordered: false });
    else await collection.insertMany(documents, { ordered: false });
  }
  await store.log.record(plan.name, batch.next);
}

function replacement(document: object) {
  const filter: Record<string, unknown> = { _id: (document as { _id: unknown })._id };
  return { replaceOne: { filter, replacement: document, upsert: true } };
}

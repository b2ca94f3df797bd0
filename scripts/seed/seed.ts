import type { Connection } from 'mongoose';
import { readAsset } from '../../lib/asset.ts';
import { HubError } from '../../lib/errors.ts';
import { noteUpdate } from '../../lib/resource-updates.ts';
import { resourceTypes } from '../../schema/resource-types.ts';
import type { DataSet, Plan } from './plan.ts';
import { largestSize, plans, smallestSize, stores } from './plans.ts';
import { runPlan } from './run-plan.ts';
import { openSeedStore, prepareSeedStore } from './seed-stores.ts';
import type { SeedStore } from './seed-stores.ts';

/** The day the data describes unless the caller says otherwise; never the clock, or no two runs would agree. */
const defaultAsOf = '2025-10-31';

export type SeedTarget = {
  /** The connection of a subgraph's database. The caller opens and closes it. */
  open(name: string): Promise<Connection> | Connection;
};

type SeedProgress = {
  /** Documents so far, those of earlier runs included, and in all; the total is an estimate. */
  readonly done: number;
  readonly total: number;
};

export type SeedOptions = {
  /** From 200 to 2,500,000; everything else is in proportion. */
  readonly persons: number;
  readonly seed: string;
  readonly asOf?: string | undefined;
  readonly onProgress?: ((progress: SeedProgress) => void) | undefined;
  /** When aborted, the batches under way are finished and recorded; the same call goes on from there. */
  readonly signal?: AbortSignal | undefined;
};

export type SeedResult = {
  /** COMPLETE: all is there now. INTERRUPTED: the same call goes on. UNCHANGED: all was there before. */
  readonly kind: 'COMPLETE' | 'INTERRUPTED' | 'UNCHANGED';
  /** Documents written by this run. */
  readonly written: number;
};

/**
 * Fills the subgraphs' databases with generated data, and does nothing where that was done before.
 * @throws HubError SEED_CONFLICT where a database holds other data, or data of another seed, size or day.
 * @throws HubError BAD_USER_INPUT for a size out of range.
 */
export async function seed(target: SeedTarget, options: SeedOptions): Promise<SeedResult> {
  const { persons } = options;
  if (!Number.isInteger(persons) || persons < smallestSize || persons > largestSize) {
    throw new HubError('BAD_USER_INPUT', `persons: give a whole number from ${smallestSize} to ${largestSize}.`);
  }
  const dataSet: DataSet = { seed: options.seed, persons, asOf: options.asOf ?? defaultAsOf };
  const opened = await Promise.all(stores.map(async (name) => openSeedStore(name, await target.open(name), dataSet)));
  const work = plans(dataSet);
  if (isComplete(opened, work)) return { kind: 'UNCHANGED', written: 0 };

  const written = await runAll(opened, work, options);
  if (!isComplete(opened, work)) return { kind: 'INTERRUPTED', written };
  for (const { name, log } of opened) {
    const sdl = readAsset(new URL(`../../subgraphs/${name}/schema.graphql`, import.meta.url));
    await noteUpdate(await target.open(name), resourceTypes(sdl), new Date());
    await log.complete();
  }
  return { kind: 'COMPLETE', written };
}

/** The databases are filled side by side; where one fails the others stop after their batch, and the failure is thrown. */
async function runAll(opened: readonly SeedStore[], work: readonly Plan[], options: SeedOptions): Promise<number> {
  const failed = new AbortController();
  const signal = options.signal === undefined ? failed.signal : AbortSignal.any([options.signal, failed.signal]);
  const progress = { done: 0, total: 0 };
  for (const plan of work) {
    progress.total += plan.units * plan.documentsPerUnit;
    progress.done += nextUnit(opened, plan) * plan.documentsPerUnit;
  }
  const onBatch = (documents: number) => {
    progress.done = Math.min(progress.done + documents, progress.total);
    options.onProgress?.({ ...progress });
  };
  const runs = await Promise.allSettled(
    opened.map(async (store) => {
      try {
        await prepareSeedStore(store);
        let written = 0;
        for (const plan of work.filter((candidate) => candidate.store === store.name)) {
          written += await runPlan(store, plan, { signal, onBatch });
        }
        return written;
      } catch (thrown) {
        failed.abort();
        throw thrown;
      }
    }),
  );
  let written = 0;
  for (const run of runs) {
    if (run.status === 'rejected') throw run.reason;
    written += run.value;
  }
  return written;
}

function nextUnit(opened: readonly SeedStore[], plan: Plan): number {
  return opened.find(({ name }) => name === plan.store)?.log.next(plan.name) ?? 0;
}

function isComplete(opened: readonly SeedStore[], work: readonly Plan[]): boolean {
  return work.every((plan) => nextUnit(opened, plan) >= plan.units);
}

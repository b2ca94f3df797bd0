/**
 * What the rollup of usage costs and saves, on audit entries as a hub of this size leaves them in 30 days: 40 applications that ask
 * 300 operations of 5 to 30 items, most of them a few times a day, by four gateways that start anew every week. CPU of the first
 * rollup, of the next one, and of what a check and an owner read; against reading all entries.
 *
 *   node --import tsx bench/usage.ts [--entries 1000000] [--json]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Command } from 'commander';
import { connectStore } from '../lib/mongo/connect-store.ts';
import type { AuditRecord } from '../sharing/store/models.ts';
import { createSharingIndexes, type SharingModels, sharingModels } from '../sharing/store/models.ts';
import { rollUp } from '../sharing/store/usage-roll-up.ts';
import { readUsage } from '../sharing/store/usage.ts';
import { COUNTED, countEntry, emptyTally, type Tally } from '../sharing/store/usage-tally.ts';
import { usageCollections } from '../sharing/store/usage-collections.ts';
import { usedOperations } from '../sharing/store/used-operations.ts';
import { count, show } from './report.ts';
import { entriesOf, HOUR_MS, LAST, OPERATIONS, START } from './usage-entries.ts';

const READS = 5;

await new Command('usage')
  .description('the rollup of usage, on the audit entries of 30 days')
  .option('--entries <number>', 'audit entries', entries, 1_000_000)
  .option('--json', 'print the figures as JSON')
  .action(async ({ entries: many, json }: { entries: number; json?: true }) => {
    const dataDir = await mkdtemp(join(tmpdir(), 'shuniu-bench-'));
    const store = await connectStore('hub', { dataDir });
    try {
      const models = sharingModels(store.connection);
      await createSharingIndexes(models);
      const figures = await measured(models, many);
      show(json, figures, () => text(figures));
    } finally {
      await store.close();
      await rm(dataDir, { recursive: true, force: true });
    }
  })
  .parseAsync();

async function measured(models: SharingModels, many: number) {
  const { entries, records, hours, itemSets } = usageCollections(models);
  const [storing] = await timed(async () => {
    for (const group of entriesOf(many)) await entries.insertMany(group);
  });
  const now = new Date(LAST);
  const since = new Date(START);
  const [plain, counted] = await timed(() => plainCount(models, since));
  const [first, rolled] = await timed(() => rollUp(models, { now }));
  if (!rolled.done || !isDeepStrictEqual(plainOf(await readUsage(models, since)), plainOf(counted)))
    throw new Error('the rollup says something else than the entries');
  const next: number[] = [];
  for (let hour = 1; hour <= READS; hour += 1)
    next.push((await timed(() => rollUp(models, { now: new Date(LAST + hour * HOUR_MS) })))[0]);
  const idle = await median(() => rollUp(models, { now: new Date(LAST + READS * HOUR_MS) }));
  const used = await median(() => usedOperations(models, since));
  const usage = await median(() => readUsage(models, since));
  const week = await median(() => readUsage(models, new Date(LAST - 7 * 24 * HOUR_MS)));
  return {
    ...{ entries: many, operations: OPERATIONS, records: await records.countDocuments() },
    ...{ hours: await hours.countDocuments(), itemSets: await itemSets.countDocuments() },
    ms: { storing, plain, first, next: Math.max(...next), idle, usedOperations: used, usage, usageOfAWeek: week },
    times: { usedOperations: ratio(plain, used), usage: ratio(plain, usage) },
  };
}

type Figures = Awaited<ReturnType<typeof measured>>;

function text({ entries, records, hours, itemSets, ms, times }: Figures): string {
  return [
    `${entries} entries of 30 days: ${records} records of ${hours} hours, ${itemSets} sets of items; CPU time`,
    `  storing the entries       ${ms.storing} ms`,
    `  reading all entries       ${ms.plain} ms`,
    `  first rollup              ${ms.first} ms (${Math.round(entries / (ms.first / 1_000))} entries a second)`,
    `  rollup of the next hour   ${ms.next} ms at most`,
    `  rollup of nothing new     ${ms.idle} ms`,
    `  usedOperations, 30 days   ${ms.usedOperations} ms (entries take ${times.usedOperations} times as long)`,
    `  readUsage, 30 days        ${ms.usage} ms (entries take ${times.usage} times as long)`,
    `  readUsage, 7 days         ${ms.usageOfAWeek} ms`,
  ].join('\n');
}

async function plainCount(models: SharingModels, since: Date): Promise<Tally> {
  const tally = emptyTally();
  const found = usageCollections(models).entries.find(
    { at: { $gte: since } },
    { projection: COUNTED, batchSize: 1_000 },
  );
  for await (const entry of found as AsyncIterable<AuditRecord>) countEntry(tally, entry);
  return tally;
}

/** Without the order in which uses and sets were met. */
function plainOf({ uses }: Tally): object {
  return Object.fromEntries(
    [...uses].map(([key, use]) => [
      key,
      { ...use, rows: Object.fromEntries(use.rows), answers: Object.fromEntries(use.answers) },
    ]),
  );
}

/** CPU milliseconds of the whole process, the store's thread included: a time would tell what else the machine was doing. */
async function timed<Done>(action: () => Promise<Done>): Promise<readonly [number, Done]> {
  const before = process.cpuUsage();
  const done = await action();
  const { user, system } = process.cpuUsage(before);
  return [Math.round((user + system) / 1_000), done];
}

async function median(action: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < READS; run += 1) times.push((await timed(action))[0]);
  return times.sort((one, other) => one - other)[Math.floor(READS / 2)] ?? Number.NaN;
}

function ratio(one: number, other: number): number {
  return Math.round((one / Math.max(1, other)) * 10) / 10;
}

function entries(text: string): number {
  return text.endsWith('000000') ? count(text.slice(0, -1)) * 10 : count(text);
}

import type { Logger } from 'pino';
import type { Metrics } from '../lib/metrics.ts';
import type { SubgraphTransport } from '../lib/transport.ts';
import { isOverdue } from '../schema/freshness.ts';
import type { PolicyTable, ResourcePolicy } from '../schema/policy-table.ts';
import type { FreshnessModels } from '../sharing/store/freshness-models.ts';

/** What subgraphs say changes by the hour at most. */
const EVERY_MS = 30_000;

export interface WatchOptions {
  readonly transports: () => ReadonlyMap<string, SubgraphTransport>;
  readonly table: () => Pick<PolicyTable, 'resources'>;
  readonly logger: Logger;
  readonly metrics?: Metrics | undefined;
  readonly everyMs?: number | undefined;
}

export interface FreshnessWatch {
  /** When each resource was last brought up to date, by its type. */
  readonly known: () => ReadonlyMap<string, Date>;
  /** Resolves when it has asked all once more. */
  ask(): Promise<void>;
  stop(): void;
}

/**
 * Asks every subgraph when its resources were last brought up to date, remembers it for answers, counts what is overdue, and
 * notes it in the hub's store for the catalogue. A subgraph speaks of its own resources only.
 */
export function watchFreshness(models: FreshnessModels, options: WatchOptions): FreshnessWatch {
  const { transports, table, logger, metrics } = options;
  let known: ReadonlyMap<string, Date> = new Map();
  let asking: Promise<void> | undefined;

  const once = async (): Promise<void> => {
    const { resources } = table();
    const said = await Promise.all(
      [...transports()].map(async ([subgraph, transport]) =>
        Object.entries(await transport.freshness()).filter(([type]) => resources.get(type)?.subgraph === subgraph),
      ),
    );
    // What a subgraph that does not answer now said before still holds.
    const next = new Map([...known].filter(([type]) => resources.has(type)));
    const changed: ResourcePolicy[] = [];
    for (const [type, at] of said.flat()) {
      const resource = resources.get(type);
      if (resource && next.get(type)?.getTime() !== at.getTime()) changed.push(resource);
      next.set(type, at);
    }
    known = next;
    const now = Date.now();
    for (const [type, { updateCycle }] of resources) {
      const at = next.get(type);
      if (at) metrics?.freshness(type, at, isOverdue(at, updateCycle, now));
    }
    if (changed.length > 0) await note(models, changed, next);
  };

  const ask = (): Promise<void> =>
    (asking ??= once()
      .catch((err: unknown) => logger.warn({ err }, 'how fresh the resources are cannot be told'))
      .finally(() => (asking = undefined)));
  const timer = setInterval(() => void ask(), options.everyMs ?? EVERY_MS).unref();
  return { known: () => known, ask, stop: () => clearInterval(timer) };
}

async function note(
  { freshness }: FreshnessModels,
  changed: readonly ResourcePolicy[],
  known: ReadonlyMap<string, Date>,
): Promise<void> {
  const seenAt = new Date();
  await freshness.bulkWrite(
    changed.flatMap(({ type, subgraph }) => {
      const updatedAt = known.get(type);
      const update = { $set: { subgraph, updatedAt, seenAt } };
      return updatedAt ? [{ updateOne: { filter: { _id: type }, update, upsert: true } }] : [];
    }),
  );
}

import type { Consumer, UsedOperation } from '../publishing/judge.ts';
import type { SharingModels } from './models.ts';
import { readUsage } from './usage.ts';

interface Gathering {
  readonly items: Set<string>;
  readonly consumers: Map<string, Consumer>;
}

/** The operations asked since a moment, with who asked them and what they were shown. */
export async function usedOperations(
  models: Pick<SharingModels, 'audit'>,
  since: Date,
): Promise<readonly UsedOperation[]> {
  const { uses, operations, itemSets } = await readUsage(models, since);
  const found = new Map<string, Gathering>();
  for (const { operation, department, application, calls, answers } of uses.values()) {
    const known: Gathering = found.get(operation) ?? { items: new Set(), consumers: new Map() };
    found.set(operation, known);
    for (const set of answers.keys()) {
      const { allowed = [], masked = [] } = itemSets.get(set) ?? {};
      for (const item of [...allowed, ...masked]) known.items.add(item);
    }
    const key = JSON.stringify([department, application]);
    const before = known.consumers.get(key)?.calls ?? 0;
    known.consumers.set(key, { department, application, calls: calls + before });
  }
  return [...found].map(([hash, { items, consumers }]) => {
    const { text = '', name } = operations.get(hash) ?? {};
    return { hash, text, name, items: [...items].sort(), consumers: [...consumers.values()].sort(mostCalls) };
  });
}

function mostCalls(one: Consumer, other: Consumer): number {
  return other.calls - one.calls;
}

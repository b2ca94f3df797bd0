import type { UsedOperation } from '../publishing/judge.ts';
import type { AuditRecord, SharingModels } from './models.ts';

interface Gathering {
  readonly text: string;
  readonly name?: string | undefined;
  readonly items: Set<string>;
  readonly consumers: Map<string, { readonly department: string; readonly application: string; calls: number }>;
}

/** Entries looked at, newest first: what is used is used again, and a check must not take longer the older the hub is. */
const MOST = 100_000;

/** The operations asked since a moment, with who asked them and what they touched; from the audit entries. */
export async function usedOperations(
  { audit }: Pick<SharingModels, 'audit'>,
  since: Date,
): Promise<readonly UsedOperation[]> {
  const found = new Map<string, Gathering>();
  const entries = audit.db
    .collection<AuditRecord>(audit.collection.name)
    .find({ at: { $gte: since } }, { projection: { kind: 1, caller: 1, operation: 1, items: 1 } })
    .sort({ at: -1 })
    .limit(MOST);
  for await (const { kind, caller, operation, items } of entries) {
    if (kind !== 'REQUEST' || !operation || !caller) continue;
    const { hash, text, name } = operation;
    const known: Gathering = found.get(hash) ?? { text, name, items: new Set(), consumers: new Map() };
    found.set(hash, known);
    for (const item of [...(items?.allowed ?? []), ...(items?.masked ?? [])]) known.items.add(item);
    const { department, application } = caller;
    const key = `${department}/${application}`;
    const consumer = known.consumers.get(key) ?? { department, application, calls: 0 };
    consumer.calls += 1;
    known.consumers.set(key, consumer);
  }
  return [...found].map(([hash, { text, name, items, consumers }]) => ({
    ...{ hash, text, name },
    items: [...items],
    consumers: [...consumers.values()],
  }));
}

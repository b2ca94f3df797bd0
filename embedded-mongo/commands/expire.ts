/** Removes what TTL indexes say has expired. */
import { changeEvent } from './change-log.ts';
import type { Catalogue } from '../collections/catalogue.ts';
import { find } from '../collections/find.ts';

/** Documents removed in one write, so that others get their turn in between. */
const AT_ONCE = 1_000;

export async function removeExpired(catalogue: Catalogue, now: Date, isWatched: () => boolean): Promise<void> {
  for (const { ns, indexes } of catalogue.list()) {
    for (const { spec } of indexes) {
      if (spec.expireAfterSeconds === undefined) continue;
      const path = spec.fields[0]?.path ?? '';
      const expired = { [path]: { $lt: new Date(now.getTime() - spec.expireAfterSeconds * 1000) } };
      const filter = spec.partial ? { $and: [spec.partial, expired] } : expired;
      let removed = AT_ONCE;
      while (removed === AT_ONCE) removed = await removeSome(catalogue, ns, filter, isWatched);
    }
  }
}

async function removeSome(
  catalogue: Catalogue,
  ns: string,
  filter: Record<string, unknown>,
  isWatched: () => boolean,
): Promise<number> {
  const { store } = catalogue;
  const collection = catalogue.get(ns);
  if (!collection || store.read((view) => find(collection, view, filter, { limit: 1 }).next().done)) return 0;
  return store.write((view) => {
    const current = catalogue.get(ns);
    const rows = current ? [...find(current, view, filter, { limit: AT_ONCE })] : [];
    for (const row of rows) {
      current?.remove(view, row);
      if (isWatched()) view.events.push(changeEvent(ns, { before: row.document }));
    }
    return rows.length;
  });
}

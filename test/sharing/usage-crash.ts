import type { SharingModels } from '../../sharing/store/models.ts';

const WRITES = new Set(['insertOne', 'insertMany', 'updateOne', 'replaceOne', 'deleteMany', 'bulkWrite']);

/**
 * The hub's store for a process that dies at one of its writes.
 * @param done whether that write still reaches the store.
 */
export function crashing(
  { audit }: Pick<SharingModels, 'audit'>,
  { after, done }: { readonly after: number; readonly done: boolean },
): Pick<SharingModels, 'audit'> {
  let left = after;
  const dying = <Target extends object>(target: Target): Target =>
    new Proxy(target, {
      get(of, property) {
        const value: unknown = Reflect.get(of, property);
        if (typeof value !== 'function') return value;
        if (property === 'collection') return (name: string) => dying(value.call(of, name) as object);
        if (!WRITES.has(String(property))) return value.bind(of) as unknown;
        return async (...given: unknown[]): Promise<unknown> => {
          if (left > 0) {
            left -= 1;
            return value.apply(of, given) as unknown;
          }
          if (done) await value.apply(of, given);
          throw new Error('crashed');
        };
      },
    });
  const db = dying(audit.db);
  return {
    audit: new Proxy(audit, {
      get: (of, property) => (property === 'db' ? db : (Reflect.get(of, property) as unknown)),
    }),
  };
}

/** The hub's store for a process that is held up between reading an hour and storing it, while something else happens. */
export function heldUp(
  { audit }: Pick<SharingModels, 'audit'>,
  meanwhile: () => Promise<unknown>,
): Pick<SharingModels, 'audit'> {
  let held = false;
  const { db } = audit;
  const transaction: typeof db.transaction = async (action) => {
    if (!held) {
      held = true;
      await meanwhile();
    }
    return db.transaction(action);
  };
  const slow = new Proxy(db, {
    get(of, property) {
      const value: unknown = property === 'transaction' ? transaction : Reflect.get(of, property);
      return typeof value === 'function' ? (value.bind(of) as unknown) : value;
    },
  });
  return {
    audit: new Proxy(audit, {
      get: (of, property) => (property === 'db' ? slow : (Reflect.get(of, property) as unknown)),
    }),
  };
}

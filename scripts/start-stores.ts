import { hasStore, startEmbedded } from '../lib/mongo/embedded-stores.ts';
import { HUB_DATABASE, type Settings, storeFor } from '../lib/settings.ts';
import { subgraphNames } from './subgraphs.ts';

/**
 * Starts the embedded stores that this process is going to use and that hold data, while the rest of the program still loads:
 * each has a thread of its own. A store that cannot start says so when it is opened.
 * @returns what gives them back, to be called once all are closed.
 */
export function startStores(settings: Settings): () => Promise<void> {
  const databases = [HUB_DATABASE, ...subgraphNames().filter((name) => settings.subgraphUrls[name] === undefined)];
  const embedded = databases.filter((database) => storeFor(settings, database).url === undefined);
  const starting = Promise.allSettled(
    embedded.map(async (database) => {
      if (!(await hasStore(database, settings.dataDir))) return undefined;
      return startEmbedded(database, settings.dataDir);
    }),
  );
  return async () => {
    const stores = await starting;
    const started = stores.flatMap((store) => (store.status === 'fulfilled' && store.value ? [store.value] : []));
    await Promise.all(started.map((store) => store.stop()));
  };
}

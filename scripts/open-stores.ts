import type { Connection } from 'mongoose';
import type { OpenedStore } from '../lib/mongo/connect-store.ts';
import { joinStore } from '../lib/mongo/store-url.ts';
import { type Settings, storeFor } from '../lib/settings.ts';

/** Databases that a command works on, beside a hub that may be running. */
export interface OpenStores {
  open(database: string): Promise<Connection>;
  close(): Promise<void>;
}

export function openStores(settings: Settings): OpenStores {
  const opened: Promise<OpenedStore>[] = [];
  return {
    async open(database) {
      const store = joinStore(database, storeFor(settings, database));
      opened.push(store);
      return (await store).connection;
    },
    async close() {
      // A store that could not be opened has said so where it was opened; the others must be closed all the same.
      const stores = await Promise.allSettled(opened);
      for (const store of stores) if (store.status === 'fulfilled') await store.value.close();
    },
  };
}

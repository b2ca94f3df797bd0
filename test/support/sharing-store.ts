import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectStore } from '../../lib/mongo/connect-store.ts';
import { createSharingIndexes, type SharingModels, sharingModels } from '../../sharing/store/models.ts';

export interface SharingStore {
  readonly models: SharingModels;
  /** Closes the store and removes it. */
  close(): Promise<void>;
}

/** The hub's own database in an embedded store of a new folder, empty, with its indexes. */
export async function openSharingStore(): Promise<SharingStore> {
  const dataDir = await mkdtemp(join(tmpdir(), 'shuniu-'));
  const store = await connectStore('hub', { dataDir });
  const models = sharingModels(store.connection);
  await createSharingIndexes(models);
  return {
    models,
    async close() {
      await store.close();
      await rm(dataDir, { recursive: true });
    },
  };
}

import type { Connection } from 'mongoose';
import type { Logger } from 'pino';
import { HubError } from '../lib/errors.ts';
import { connectStore, connectWhenThere, type OpenedStore } from '../lib/mongo/connect-store.ts';
import { joinStore } from '../lib/mongo/store-url.ts';
import { HUB_DATABASE, type Settings, storeFor } from '../lib/settings.ts';
import { createSharingIndexes, type SharingModels, sharingModels } from '../sharing/store/models.ts';
import { lastRelease } from './last-release.ts';

export interface HubStore {
  readonly models: SharingModels;
  /** The store did not answer: what needs it waits for it. */
  readonly away: boolean;
  close(): Promise<void>;
}

export interface HubStoreOptions {
  readonly logger: Logger;
  /** How the store is opened: by who may run it here, or by who joins it. */
  readonly by: 'owner' | 'guest';
  /** Goes on without the store, where there is a release on disk to be served meanwhile. */
  readonly patient: boolean;
}

/**
 * Opens the hub's own database.
 * @throws HubError STORE_UNREACHABLE where it does not answer and must.
 */
export async function openHubStore(settings: Settings, options: HubStoreOptions): Promise<HubStore> {
  const { logger, by, patient } = options;
  const where = storeFor(settings, HUB_DATABASE);
  let store: OpenedStore;
  try {
    store = await (by === 'owner' ? connectStore : joinStore)(HUB_DATABASE, where);
  } catch (thrown) {
    const unreachable = thrown instanceof HubError && thrown.code === 'STORE_UNREACHABLE';
    const release = unreachable && patient ? await lastRelease(settings).read() : undefined;
    if (!release) throw thrown;
    logger.warn(
      { release: release.number },
      'the hub’s store does not answer: the last release is served from disk. Requests are refused until it does, as none can be recorded',
    );
    const later = connectWhenThere(HUB_DATABASE, where);
    later.connected.then(
      (connection) => void indexed(connection, logger),
      () => undefined,
    );
    return { models: sharingModels(later.connection), away: true, close: () => later.close() };
  }
  const models = sharingModels(store.connection);
  await createSharingIndexes(models);
  return { models, away: false, close: () => store.close() };
}

async function indexed(connection: Connection, logger: Logger): Promise<void> {
  try {
    await createSharingIndexes(sharingModels(connection));
    logger.info('the hub’s store answers');
  } catch (err) {
    logger.error({ err }, 'the indexes of the hub’s store cannot be built');
  }
}

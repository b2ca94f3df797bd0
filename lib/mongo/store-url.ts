import { dirname, join } from 'node:path';
import { HubError } from '../errors.ts';
import { connectStore, type OpenedStore, type StoreSettings } from './connect-store.ts';

/**
 * The URL of an embedded database that some process runs in this folder, or undefined where none does.
 * @throws EmbeddedMongoError for a name that is none.
 */
export async function runningUrl(database: string, dataDir: string): Promise<string | undefined> {
  const [{ urlOf }, { EmbeddedMongoError }] = await Promise.all([
    import('../../embedded-mongo/where.ts'),
    import('../../embedded-mongo/start-error.ts'),
  ]);
  try {
    return await urlOf(dataDir, database);
  } catch (thrown) {
    if (thrown instanceof EmbeddedMongoError && thrown.code === 'NOT_RUNNING') return undefined;
    throw thrown;
  }
}

/**
 * One URL for all databases that run in this folder, `{database}` standing for the name, as MONGODB_URL takes it.
 * @throws HubError STORE_NOT_RUNNING; STORE_SCATTERED where their sockets share no folder, so that each needs its own URL.
 */
export async function urlTemplate(databases: readonly string[], dataDir: string): Promise<string> {
  const templates = new Set<string>();
  for (const database of databases) {
    const url = await runningUrl(database, dataDir);
    if (url !== undefined) templates.add(templateOf(url, database));
  }
  const [template] = templates;
  if (template === undefined)
    throw new HubError(
      'STORE_NOT_RUNNING',
      `No store is running in ${dataDir}. Start the hub there, or name its DATA_DIR.`,
    );
  if (templates.size > 1)
    throw new HubError(
      'STORE_SCATTERED',
      'The path of DATA_DIR is too long for sockets, so that each database has a URL of its own. Name one: hub store url <database>.',
    );
  return template;
}

/** Opens a database to work on it beside the hub: joins the process that runs its embedded store where there is one. */
export async function joinStore(database: string, settings: StoreSettings): Promise<OpenedStore> {
  const url = settings.url ?? (await runningUrl(database, settings.dataDir));
  return connectStore(database, { ...settings, url });
}

function templateOf(url: string, database: string): string {
  const [, socket = '', rest = ''] = /^mongodb:\/\/([^/]+)(\/.*)$/.exec(url) ?? [];
  const path = decodeURIComponent(socket);
  const named = join(dirname(path), '{database}.sock');
  const template = encodeURIComponent(named).replaceAll('%7Bdatabase%7D', '{database}');
  return `mongodb://${template}${rest.replace(`/${database}`, '/{database}')}`;
}

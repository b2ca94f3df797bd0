import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mongoose';
import type { Connection } from 'mongoose';
import { startEmbeddedMongo } from '../../embedded-mongo/index.ts';

export type ImportStore = {
  readonly connection: Connection;
  /** Writes a file into the test's folder and gives its path. */
  file(name: string, content: string | Uint8Array): Promise<string>;
  close(): Promise<void>;
};

/** One embedded database, empty as before any subgraph has opened it, and a folder for files. */
export async function openImportStore(): Promise<ImportStore> {
  const dir = await mkdtemp(join(tmpdir(), 'import-'));
  const server = await startEmbeddedMongo({ dir, database: 'import' });
  const connection = await createConnection(server.url, { dbName: 'import', autoIndex: false }).asPromise();
  return {
    connection,
    file: async (name, content) => {
      const path = join(dir, name);
      await writeFile(path, content);
      return path;
    },
    close: async () => {
      await connection.close();
      await server.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

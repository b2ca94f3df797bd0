import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { HUB_DATABASE, type Settings, storeFor } from '../lib/settings.ts';
import type { Release } from '../sharing/publishing/release.ts';

/** The release served last, on disk: a gateway that starts while its store does not answer has it, and knows its number. */
export interface LastRelease {
  /** Undefined where there is none, or it cannot be read; its signature is the reader's to verify. */
  read(): Promise<Release | undefined>;
  write(release: Release): Promise<void>;
}

const kept = z.object({
  number: z.number(),
  digest: z.string(),
  previous: z.string().optional(),
  supergraph: z.string(),
  policy: z.string(),
  retired: z.string(),
  subgraphs: z.array(z.object({ name: z.string(), owner: z.string(), url: z.string(), version: z.string() })),
  at: z.iso.datetime().transform((text) => new Date(text)),
  kind: z.enum(['STARTED', 'PUBLISHED', 'ROLLED_BACK', 'TRANSFERRED', 'WITHDRAWN']),
  department: z.string(),
  officer: z.string(),
  message: z.string(),
  subgraph: z.string().optional(),
  restores: z.number().optional(),
  signature: z.string(),
});

export function lastRelease(settings: Settings): LastRelease {
  const { url = 'embedded', dataDir } = storeFor(settings, HUB_DATABASE);
  // One for each store: what another hub released must not be taken for this one's.
  const name = createHash('sha256').update(url).digest('hex').slice(0, 12);
  const path = join(dataDir, `release-${name}.json`);
  return {
    async read() {
      let text: string;
      try {
        text = await readFile(path, 'utf8');
      } catch {
        // None was served yet, or this gateway keeps nothing on disk: then the store is asked, as at a first start.
        return undefined;
      }
      return parsed(text);
    },
    async write(release) {
      await mkdir(dataDir, { recursive: true });
      const written = `${path}.${process.pid}`;
      await writeFile(written, JSON.stringify(release), { mode: 0o600 });
      await rename(written, path);
    },
  };
}

function parsed(text: string): Release | undefined {
  try {
    return kept.parse(JSON.parse(text));
  } catch {
    // Half of a file is none; the store has the whole.
    return undefined;
  }
}

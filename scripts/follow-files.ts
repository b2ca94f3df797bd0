import { createHash } from 'node:crypto';
import { watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { HubError, messageOf } from '../lib/errors.ts';

export interface FollowedFiles {
  /** The texts as they were when following began, in the order of the paths. */
  readonly first: readonly string[];
  /** From now on, calls back with all texts whenever one has changed. */
  start(onChange: (texts: readonly string[]) => Promise<void>): void;
  stop(): void;
}

export interface FollowOptions {
  /** Told once of each thing that keeps the files from being read later on; the first read throws instead. */
  readonly onError: (error: HubError) => void;
}

/** Several files written one after the other, or one in pieces, are one change. */
const SETTLED_MS = 200;
/** Some file systems do not tell of changes: they are looked at now and then as well. */
const LOOK_EVERY_MS = 5_000;

/**
 * Follows a few files by their content. Their folders are watched, not the files: what is renamed into place, as editors and
 * deployments do, is a new file.
 * @throws HubError FILE_UNREADABLE
 */
export async function followFiles(paths: readonly string[], { onError }: FollowOptions): Promise<FollowedFiles> {
  const first = await readAll(paths);
  let seen = hashOf(first);
  let complaint = '';
  const closing: (() => void)[] = [];

  const read = async (onChange: (texts: readonly string[]) => Promise<void>): Promise<void> => {
    try {
      const texts = await readAll(paths);
      complaint = '';
      const hash = hashOf(texts);
      if (hash === seen) return;
      seen = hash;
      await onChange(texts);
    } catch (thrown) {
      const error = thrown instanceof HubError ? thrown : unreadable('a file', thrown);
      if (complaint !== error.message) onError(error);
      complaint = error.message;
    }
  };

  // One look at a time: an older one must not end after a newer one and bring the old texts back.
  let looking = Promise.resolve();
  const look = (onChange: (texts: readonly string[]) => Promise<void>): void => {
    looking = looking.then(() => read(onChange));
  };

  return {
    first,
    start(onChange) {
      let settling: NodeJS.Timeout | undefined;
      const soon = (): void => {
        clearTimeout(settling);
        settling = setTimeout(() => look(onChange), SETTLED_MS);
      };
      const folders = new Set(paths.map((path) => dirname(path)));
      const watchers = [...folders].map((folder) => watch(folder, soon));
      for (const watcher of watchers) watcher.on('error', (thrown) => onError(unreadable('a folder', thrown)));
      const timer = setInterval(() => look(onChange), LOOK_EVERY_MS);
      closing.push(() => {
        clearTimeout(settling);
        clearInterval(timer);
        for (const watcher of watchers) watcher.close();
      });
    },
    stop() {
      for (const close of closing.splice(0)) close();
    },
  };
}

function readAll(paths: readonly string[]): Promise<string[]> {
  return Promise.all(
    paths.map(async (path) => {
      try {
        return await readFile(path, 'utf8');
      } catch (thrown) {
        throw unreadable(path, thrown);
      }
    }),
  );
}

function unreadable(what: string, thrown: unknown): HubError {
  return new HubError('FILE_UNREADABLE', `${what}: cannot be read (${messageOf(thrown)}).`);
}

function hashOf(texts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('base64url');
}

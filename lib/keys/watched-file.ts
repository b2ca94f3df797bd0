import { readFile, stat } from 'node:fs/promises';

/** A value that another process may replace, as it is now. */
export interface Watched<Value> {
  /** Looked at again at most once a second, and read again when it has changed. */
  readonly current: () => Promise<Value>;
  /** Looked at now: for a value that may be newer than the last look. */
  readonly refreshed: () => Promise<Value>;
}

const LOOK_EVERY = 1_000;

/**
 * A small file as a watched value. It fails closed: a file that has gone or no longer parses is an error, not its last good
 * content, as what has been withdrawn from it must not count any longer.
 */
export function watchedFile<Value>(path: string, parse: (text: string) => Value | Promise<Value>): Watched<Value> {
  let known: { readonly signature: string; readonly value: Promise<Value> } | undefined;
  let lookedAt = 0;

  const look = async (): Promise<Value> => {
    // ctime notices a corrected mode, ino a file that was renamed into place.
    const { ino, ctimeMs, mtimeMs, size } = await stat(path);
    const signature = `${ino} ${ctimeMs} ${mtimeMs} ${size}`;
    if (known?.signature !== signature) {
      known = { signature, value: readFile(path, 'utf8').then((text) => parse(text)) };
      // A failure is not remembered: what was wrong may be mended by the next look.
      known.value.catch(() => (known = undefined));
    }
    lookedAt = Date.now();
    return known.value;
  };

  return {
    current: () => (known && Date.now() - lookedAt < LOOK_EVERY ? known.value : look()),
    refreshed: look,
  };
}

/** A value that follows from a watched one, worked out once for each of its states. */
export function derived<From extends object, To>(
  source: Watched<From>,
  work: (from: From) => To | Promise<To>,
): Watched<To> {
  const known = new WeakMap<From, { readonly to: To | Promise<To> }>();
  const follow = async (from: Promise<From>): Promise<To> => {
    const state = await from;
    const result = known.get(state) ?? { to: work(state) };
    known.set(state, result);
    return result.to;
  };
  return { current: () => follow(source.current()), refreshed: () => follow(source.refreshed()) };
}

/** A watched file that is made where it is missing. */
export function madeWhenMissing<Value>(source: Watched<Value>, make: () => Promise<unknown>): Watched<Value> {
  const read = async (look: () => Promise<Value>): Promise<Value> => {
    try {
      return await look();
    } catch (thrown) {
      if (!isMissing(thrown)) throw thrown;
      await make();
      return source.refreshed();
    }
  };
  return { current: () => read(source.current), refreshed: () => read(source.refreshed) };
}

export function isMissing(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT';
}

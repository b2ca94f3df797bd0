import type { Worker } from 'node:worker_threads';
import { CHECK_PATIENCE } from '../../lib/check-patience.ts';
import { messageOf } from '../../lib/errors.ts';
import { threadTime } from '../../lib/thread-time.ts';
import { startWorker } from '../../lib/worker.ts';
import type { Preparation, Prepared, Unprepared } from './prepare.ts';

export interface ApartLimits {
  /** Milliseconds of computing, from when the thread has loaded. */
  readonly withinMs?: number;
  /** Milliseconds by the clock; four times as many when absent. */
  readonly waitMs?: number;
}

/** Characters of all schemas together: refused before anything reads them. */
const MAX_CHARACTERS = 8_000_000;
/** What a check may take of memory, and of stack for what is deeply nested. */
const RESOURCES = { maxOldGenerationSizeMb: 768, stackSizeMb: 8 };
/** A thread that has loaded checks in half the time: it is kept a while for the publish that follows a check. */
const KEPT_MS = 60_000;
/** No sooner is it looked again how long a thread has computed. */
const LOOK_MS = 20;

/** Milliseconds a check may compute where nothing else is said. */
let usualMs = 5_000;

/** Gives every check of this process so much time: a slow machine takes longer for the same schemas. */
export function limitChecks(withinMs: number): void {
  usualMs = withinMs;
}

/** Checks that run at once, each with its memory, and those that may wait for one: more would take the hub's own. */
const AT_ONCE = 2;
const WAITING = 16;
/** Those of one owner that run or wait. One of them runs at a time, so that nobody's schemas keep others from being checked. */
const OF_ONE = 4;
/** Owners of those that run. */
const running: string[] = [];
const waiting: { readonly owner: string; readonly begin: () => void }[] = [];

interface Checker {
  readonly worker: Worker;
  /** As `threadTime` knows it. */
  readonly thread: string | undefined;
}

/** A thread that has loaded and is not in use. */
let idle: (Checker & { readonly timer: NodeJS.Timeout }) | undefined;

/**
 * Prepares a release in a thread of its own, so that a schema made to be slow or large costs the hub nothing but that thread:
 * it is ended when it takes too long or too much memory, and that is a problem of the schema like others.
 */
export async function preparedApart(
  preparation: Preparation,
  { withinMs = usualMs, waitMs = CHECK_PATIENCE * withinMs }: ApartLimits = {},
): Promise<Prepared | Unprepared> {
  const size = preparation.subgraphs.reduce((sum, { sdl }) => sum + sdl.length, 0);
  if (size > MAX_CHARACTERS)
    return unprepared(`The schemas have ${size} characters together; ${MAX_CHARACTERS} is the limit. Publish less.`);
  const owner = ownerOf(preparation);
  if ([...running, ...waiting.map((each) => each.owner)].filter((each) => each === owner).length >= OF_ONE)
    return unprepared(`${OF_ONE} schemas of this department are being checked already. Try again when they are done.`);
  if (waiting.length >= WAITING) return unprepared('The hub checks too many schemas at once. Try again in a minute.');
  await turn(owner);
  try {
    const loaded = await loadedWorker();
    if (!('worker' in loaded)) return loaded;
    const { result, ended } = await asked(loaded, preparation, { withinMs, waitMs });
    if (ended) await end(loaded.worker);
    else keep(loaded);
    return result;
  } finally {
    running.splice(running.indexOf(owner), 1);
    beginNext();
  }
}

/** Whose check it is: of who owns what is published, or of the hub where that is no single subgraph. */
function ownerOf({ subgraphs, candidate }: Preparation): string {
  return subgraphs.find(({ name }) => name === candidate)?.owner ?? '';
}

/** Resolves when there is room for one more of this owner, and takes it. */
function turn(owner: string): Promise<void> {
  return new Promise((resolve) => {
    waiting.push({ owner, begin: resolve });
    beginNext();
  });
}

/** Room goes to who has waited longest, of those whose owner has none running. */
function beginNext(): void {
  const at = running.length < AT_ONCE ? waiting.findIndex(({ owner }) => !running.includes(owner)) : -1;
  const [next] = at === -1 ? [] : waiting.splice(at, 1);
  if (!next) return;
  running.push(next.owner);
  next.begin();
}

/** What it dies of meanwhile, such as of its memory, must not become an error of the process: nobody listens any more. */
async function end(worker: Worker): Promise<void> {
  worker.on('error', () => undefined);
  await worker.terminate();
}

async function asked(
  { worker, thread }: Checker,
  preparation: Preparation,
  { withinMs, waitMs }: Required<ApartLimits>,
): Promise<{ readonly result: Prepared | Unprepared; readonly ended: boolean }> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise((resolve) => {
      const failed = (problem: string): void => resolve({ result: unprepared(problem), ended: true });
      const started = { at: performance.now(), computed: threadTime(thread) ?? 0 };
      const look = (): void => {
        const waited = performance.now() - started.at;
        const computed = (threadTime(thread) ?? Infinity) - started.computed;
        const left = Math.min(withinMs - computed, waitMs - waited);
        if (left > 0) timer = setTimeout(look, Math.max(left, LOOK_MS));
        else failed(computed < withinMs ? tooBusy(waitMs) : tooSlow(withinMs));
      };
      timer = setTimeout(look, Math.min(withinMs, waitMs));
      worker.once('message', (result: Prepared | Unprepared) => resolve({ result, ended: false }));
      worker.once('error', (error) => failed(reasonOf(error)));
      worker.once('exit', () => failed('The check ended without a result. Try it again.'));
      worker.postMessage(preparation);
    });
  } finally {
    clearTimeout(timer);
    forget(worker);
  }
}

async function loadedWorker(): Promise<Checker | Unprepared> {
  if (idle) {
    const { worker, thread, timer } = idle;
    clearTimeout(timer);
    idle = undefined;
    forget(worker);
    worker.ref();
    return { worker, thread };
  }
  const worker = startWorker('./prepare-worker.ts', import.meta.url, {
    name: 'prepare-release',
    resourceLimits: RESOURCES,
  });
  return new Promise((resolve) => {
    worker.once('message', ({ thread }: Pick<Checker, 'thread'>) => {
      forget(worker);
      resolve({ worker, thread });
    });
    worker.once('error', (error) => resolve(unprepared(reasonOf(error))));
    // Without a word it would keep its room for ever.
    worker.once('exit', () => resolve(unprepared('The check ended before it began. Try it again.')));
  });
}

/** By name: all at once would take away what the thread itself listens by. */
function forget(worker: Worker): void {
  for (const event of ['message', 'error', 'exit']) worker.removeAllListeners(event);
}

function keep({ worker, thread }: Checker): void {
  if (idle) {
    void end(worker);
    return;
  }
  // It must not keep the process, and its end while nobody waits for it is no error.
  worker.unref();
  worker.once('error', () => undefined);
  worker.once('exit', () => {
    if (idle?.worker === worker) idle = undefined;
  });
  const timer = setTimeout(() => {
    idle = undefined;
    void end(worker);
  }, KEPT_MS).unref();
  idle = { worker, thread, timer };
}

function tooSlow(withinMs: number): string {
  return `It could not be checked within ${withinMs / 1000} s: it is too large or too deeply nested. Publish fewer types, or types with fewer interfaces and keys.`;
}

function tooBusy(waitMs: number): string {
  return `The hub is too busy to check it: it did not come to an end within ${waitMs / 1000} s. Try again in a minute.`;
}

function reasonOf(error: unknown): string {
  const { code } = error as { readonly code?: unknown };
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return 'It takes more memory than a check may have. Publish fewer types.';
  return `It could not be checked: ${messageOf(error)}.`;
}

function unprepared(message: string): Unprepared {
  return { findings: [], problems: [{ message, places: [] }] };
}

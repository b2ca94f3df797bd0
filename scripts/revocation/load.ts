import { setTimeout as sleep } from 'node:timers/promises';

/** One answer, as its asker saw it. */
export interface Seen {
  /** performance.now() when it had arrived whole. */
  readonly at: number;
  /** The conditional value was in it. */
  readonly shown: boolean;
}

export interface Load {
  /** The last answer with the value; undefined where there was none yet. */
  lastShown(): number | undefined;
  /** Answers with the value that arrived after this moment. */
  shownAfter(at: number): number;
  /** Answers so far, with or without the value. */
  answers(): number;
  /** Resolves with the next answer that shows the value. @throws when none does in time. */
  shows(withinMs: number): Promise<void>;
  stop(): Promise<void>;
}

/** Longer than a gateway takes to refuse what it cannot answer. */
const GIVE_UP_MS = 30_000;

/** Asks one gateway again and again, by so many at once. */
export function load(
  origin: string,
  {
    token,
    query,
    clients,
    isShown,
  }: { token: string; query: string; clients: number; isShown: (body: string) => boolean },
): Load {
  let over = false;
  const stopped = (): boolean => over;
  let seen: Seen[] = [];
  let answers = 0;
  const ask = async (): Promise<void> => {
    while (!stopped()) {
      try {
        const response = await fetch(`${origin}/graphql`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body: JSON.stringify({ query }),
          signal: AbortSignal.timeout(GIVE_UP_MS),
        });
        const body = await response.text();
        answers += 1;
        seen.push({ at: performance.now(), shown: isShown(body) });
        // What a round needs is the time since its revocation; older answers are of no use.
        if (seen.length > 100_000) seen = seen.slice(-50_000);
      } catch (thrown) {
        if (stopped()) return;
        // A gateway that refuses connections is asked again: it is not what is measured.
        await sleep(10);
        if (!(thrown instanceof TypeError) && !isTimeout(thrown)) throw thrown;
      }
    }
  };
  const asking = Promise.all(Array.from({ length: clients }, ask));
  return {
    lastShown: () => seen.findLast(({ shown }) => shown)?.at,
    shownAfter: (at) => seen.filter((answer) => answer.shown && answer.at > at).length,
    answers: () => answers,
    async shows(withinMs) {
      const from = performance.now();
      while ((seen.findLast(({ shown }) => shown)?.at ?? 0) <= from) {
        if (performance.now() - from > withinMs) throw new Error(`nothing was shown within ${withinMs} ms`);
        await sleep(5);
      }
    },
    async stop() {
      over = true;
      await asking;
    },
  };
}

function isTimeout(thrown: unknown): boolean {
  return thrown instanceof DOMException && thrown.name === 'TimeoutError';
}

/** One store, opened: the file, the commands over it, and the housekeeping. */
import { Catalogue } from './collections/catalogue.ts';
import { removeExpired } from './commands/expire.ts';
import { CommandError } from './errors.ts';
import type { Engine } from './commands/call.ts';
import { ChangeLog } from './commands/change-log.ts';
import { Cursors } from './commands/cursors.ts';
import { run } from './commands/run.ts';
import { Sessions } from './commands/sessions.ts';
import type { Store } from './storage/store.ts';
import type { Handle } from './wire/server.ts';

/** Milliseconds between two rounds of housekeeping. */
const ROUND = 1_000;

export type OpenEngine = { readonly handle: Handle; close(): Promise<void> };

export function openEngine(store: Store, host: string, onError: (error: unknown) => void): OpenEngine {
  const changes = new ChangeLog();
  const engine: Engine = {
    catalogue: new Catalogue(store),
    cursors: new Cursors(),
    sessions: new Sessions(store),
    changes,
    host,
  };
  store.onLanded = (events) => changes.publish(events);
  store.onFailure = () => engine.catalogue.reload();
  const round = async (): Promise<void> => {
    engine.sessions.abortForgotten();
    engine.cursors.closeForgotten();
    await removeExpired(engine.catalogue, new Date(), () => changes.watched);
  };
  let working = Promise.resolve();
  const timer = setInterval(() => {
    working = working.then(round).catch((error: unknown) => {
      // A full disk is told to those who write; what has expired is removed in a later round.
      if (!(error instanceof CommandError)) onError(error);
    });
  }, ROUND);
  return {
    handle: (request) => run(request, engine),
    close: async () => {
      clearInterval(timer);
      await working;
      engine.cursors.closeAll();
      await store.close();
    },
  };
}

/** Finds the command a message names, runs it, and turns a failure into MongoDB's form of one. */
import { CommandError } from '../errors.ts';
import type { Document } from '../values/document.ts';
import type { Reply, Request } from '../wire/message.ts';
import { checkFields } from './accepted-fields.ts';
import type { Call, Engine, Handler, Handlers } from './call.ts';
import { DEFINITION } from './definition.ts';
import { explain, explained } from './explain.ts';
import { findAndModify } from './find-and-modify.ts';
import { HANDSHAKE } from './handshake.ts';
import { READ } from './read.ts';
import { WRITE } from './write.ts';

const HANDLERS: Handlers = {
  ...HANDSHAKE,
  ...DEFINITION,
  ...READ,
  ...WRITE,
  explain,
  findAndModify,
  findandmodify: findAndModify,
};

export async function run(request: Request, engine: Engine): Promise<Reply> {
  const { command } = request;
  const [name = ''] = Object.keys(command);
  try {
    const handler = handlerOf(name);
    checkFields(name === 'findandmodify' ? 'findAndModify' : name, command);
    const call: Call = {
      ...engine,
      request,
      db: typeof command['$db'] === 'string' ? command['$db'] : 'admin',
      transaction: engine.sessions.transactionOf(name, command),
    };
    if (name === 'aggregate' && command['explain'] === true) return explained(command, call, 'queryPlanner');
    return await handler(command, call);
  } catch (error) {
    return failure(error, command, engine);
  }
}

function handlerOf(name: string): Handler {
  const handler = Object.hasOwn(HANDLERS, name) ? HANDLERS[name] : undefined;
  if (!handler)
    throw new CommandError(
      59,
      'CommandNotFound',
      `no such command: '${name}' (or not supported by the embedded store)`,
    );
  return handler;
}

/** Failures after which the whole transaction may be tried again. */
const TRANSIENT = new Set([112, 251]);

function failure(error: unknown, command: Document, engine: Engine): Document {
  const known = error instanceof CommandError ? error : unexpected(error);
  const inTransaction = command['autocommit'] === false;
  if (inTransaction && known.code !== 251) engine.sessions.abort(command);
  return {
    ok: 0,
    errmsg: known.message,
    code: known.code,
    codeName: known.codeName,
    ...known.extra,
    ...(inTransaction && TRANSIENT.has(known.code) && { errorLabels: ['TransientTransactionError'] }),
  };
}

/** A failure of this program, not of the command: shown whole, since the log of the client is the only one there is. */
function unexpected(error: unknown): CommandError {
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new CommandError(1, 'InternalError', `the embedded store failed: ${reason}`);
}

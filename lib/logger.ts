import { type LogFn, type Logger, pino, stdTimeFunctions } from 'pino';
import { PinoPretty } from 'pino-pretty';
import { errorForLog, withoutIdentifiers, withoutValues } from './scrub.ts';

export interface LoggerOptions {
  readonly level: string;
  readonly production: boolean;
  /** What the process is, such as `gateway` or `population`. */
  readonly service: string;
  /** Where lines go; standard error when absent, so that a command's result on standard output stays clean. */
  readonly destination?: { write(line: string): void } | undefined;
}

const REDACTED = '[redacted]';

/** Members that hold secrets or values of a request, whoever logs them, at any depth. */
const CONFIDENTIAL =
  /^(headers|rawHeaders|authorization|cookie|set-cookie|.*token|.*secret|password|credentials|context|shuniu-context|variables|representations|query|body|args|arguments|data|rows?|documents?|filter|keyValue|rawPacket|d|k)$/i;
const WARNING = pino.levels.values['warn'] ?? 40;
/** Objects of Node and of the web framework: all of the connection hangs on them. */
const OPAQUE = /^(req|res|request|reply|response|socket|connection)$/;

/**
 * The log: JSON lines, or a readable form on a terminal outside production. A line carries no personal value: members that
 * hold them are redacted by name, errors lose what may be one, and what still looks like an identifier goes at last.
 */
export function createLogger(options: LoggerOptions): Logger {
  return pino(
    {
      level: options.level,
      base: { service: options.service, pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: (line) => redact(line, 0) as Record<string, unknown>,
      },
      // Errors are serialised by `redact`; pino's own serialiser would add their messages and members again.
      serializers: { err: (err: unknown) => err },
      hooks: { logMethod: withOwnMessage, streamWrite: withoutIdentifiers },
    },
    options.destination ?? standardError(options.production),
  );
}

/**
 * Where a line has an error and no message, pino would take the error's, as it is. Warnings and errors that a library words
 * itself may have values in their text, and lose them.
 */
function withOwnMessage(this: Logger, given: Parameters<LogFn>, method: LogFn, level: number): void {
  const [first, ...rest] = given as unknown as [unknown, ...unknown[]];
  const err = first instanceof Error ? first : (first as { err?: unknown } | undefined)?.err;
  const line = first instanceof Error ? { err: first } : first;
  const args = err instanceof Error && rest.length === 0 ? [line, err.name] : [line, ...rest];
  const worded = args.map((text) => (typeof text === 'string' && level >= WARNING ? withoutValues(text) : text));
  method.apply(this, worded as Parameters<LogFn>);
}

function redact(value: unknown, depth: number): unknown {
  if (value instanceof Error) return errorForLog(value);
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'object' || value === null) return value;
  if (depth > 4 || ArrayBuffer.isView(value)) return '[omitted]';
  if (Array.isArray(value)) return value.slice(0, 50).map((item) => redact(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      if (CONFIDENTIAL.test(name) && !isCount(member)) return [name, REDACTED];
      if (name === 'err' && typeof member === 'string') return [name, withoutValues(member)];
      return [name, OPAQUE.test(name) ? '[omitted]' : redact(member, depth + 1)];
    }),
  );
}

/** Of rows and documents a log may say how many there were; a phone number would be larger. */
function isCount(value: unknown): boolean {
  return typeof value === 'number' && value < 1_000_000_000;
}

function standardError(production: boolean): { write(line: string): void } {
  if (production || !process.stderr.isTTY) return pino.destination({ dest: 2, sync: true });
  return PinoPretty({ destination: 2, sync: true, ignore: 'pid,service', translateTime: 'SYS:HH:MM:ss.l' });
}

import { HubError } from './errors.ts';

const GONE = '…';

/** What is recognised as personal or secret wherever it stands: resident numbers, mobile phones, tokens, passwords in URLs. */
const IDENTIFIERS: readonly (readonly [RegExp, string])[] = [
  // Not inside a hexadecimal id, which has such runs of digits now and then, nor the decimals of a number.
  [/(?<![\da-f.])(\d{15}|\d{17}[\dXx])(?![\da-f])/g, GONE],
  [/(?<![\da-f.])(\+?86[- ]?)?1[3-9]\d{9}(?![\da-f])/g, GONE],
  [/\beyJ[\w-]{8,}(\.[\w-]*){1,4}/g, GONE],
  [/(\w:\/\/)[^\s/@"]+@/g, `$1${GONE}@`],
];

/** How libraries put values into their messages: quoted, in braces, as long numbers and dates, in Chinese. */
const VALUES: readonly (readonly [RegExp, string])[] = [
  [/dup key:[^]*$/, `dup key: ${GONE}`],
  [/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`/g, `"${GONE}"`],
  [/\{[^]*\}/g, `{${GONE}}`],
  [/\d{4}-\d{2}-\d{2}(T[\d:.]+Z?)?/g, GONE],
  [/\d{6,}[Xx]?/g, GONE],
  [/[^\p{ASCII}…]+/gu, GONE],
  [/[\w.+-]+@[\w-]+\.[\w.]+/g, GONE],
];

/** Text without the identifiers that can be recognised: the last net under a log line, not a licence to log values. */
export function withoutIdentifiers(text: string): string {
  return replaceAll(text, IDENTIFIERS);
}

export interface LoggedError {
  readonly type: string;
  readonly message: string;
  readonly code?: string | number;
  readonly syscall?: string;
  /** Frames only: the first lines of a stack repeat the message as it was. */
  readonly stack?: string;
  readonly cause?: LoggedError;
  readonly errors?: readonly LoggedError[];
}

/**
 * An error as it may be logged. Messages of databases and parsers quote what they were given (E11000 shows the key, a cast
 * shows the name), and their other members hold documents: only the members named here are kept, messages without values.
 */
export function errorForLog(thrown: unknown, depth = 0): LoggedError {
  if (!(thrown instanceof Error)) return { type: typeof thrown, message: 'not an Error' };
  const { code, syscall } = thrown as Error & { code?: unknown; syscall?: unknown };
  const frames = thrown.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  const nested = depth < 3;
  return {
    type: thrown.name,
    message: thrown instanceof HubError ? withoutIdentifiers(thrown.message) : withoutValues(thrown.message),
    ...((typeof code === 'string' || typeof code === 'number') && { code }),
    ...(typeof syscall === 'string' && { syscall }),
    ...(frames && { stack: frames.join('\n') }),
    ...(nested && thrown.cause instanceof Error && { cause: errorForLog(thrown.cause, depth + 1) }),
    ...(nested &&
      thrown instanceof AggregateError && {
        errors: thrown.errors.slice(0, 5).map((error) => errorForLog(error, depth + 1)),
      }),
  };
}

/** A message of another's making without the values in it; what is left says which kind of thing went wrong, and where. */
export function withoutValues(message: string): string {
  return replaceAll(withoutIdentifiers(message), VALUES);
}

function replaceAll(text: string, rules: readonly (readonly [RegExp, string])[]): string {
  return rules.reduce((left, [pattern, replacement]) => left.replace(pattern, replacement), text);
}

/** Regular expressions in filters and expressions. */
import { BSONRegExp } from 'bson';

import { badValue, unsupported } from '../errors.ts';

export const isPattern = (value: unknown): value is BSONRegExp => value instanceof BSONRegExp;

/** A test of strings. An equal pattern stored as a value matches too. */
export function patternTest(source: unknown, options?: unknown): (value: unknown) => boolean {
  const pattern = compilePattern(source, options);
  return (value) => {
    if (typeof value === 'string') return pattern.test(value);
    return (
      isPattern(source) && isPattern(value) && value.pattern === source.pattern && value.options === source.options
    );
  };
}

export function compilePattern(source: unknown, options: unknown = isPattern(source) ? source.options : ''): RegExp {
  const text = isPattern(source) ? source.pattern : source;
  if (typeof text !== 'string' || typeof options !== 'string')
    throw badValue('a regular expression and its options must be strings');
  for (const option of options) {
    if (option === 'x') throw unsupported("the option 'x' of a regular expression");
    if (!'imsu'.includes(option)) throw badValue(`unknown option '${option}' of a regular expression`);
  }
  try {
    // 'u', so that '.' is a character and not half of a rare one.
    return new RegExp(text, [...new Set(`${options}u`)].join(''));
  } catch {
    return lenient(text, options);
  }
}

/** PCRE allows escapes such as `\-` that JavaScript refuses with 'u'. */
function lenient(text: string, options: string): RegExp {
  try {
    return new RegExp(text, [...new Set(options.replaceAll('u', ''))].join(''));
  } catch (error) {
    throw badValue(`Regular expression is invalid: ${error instanceof Error ? error.message : String(error)}`);
  }
}

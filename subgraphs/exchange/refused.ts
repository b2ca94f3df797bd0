import { HubError } from '../../lib/errors.ts';

/** Each problem is a sentence that names the argument, what is wrong with it and what to give instead. */
export function refused(...problems: readonly string[]): HubError {
  return new HubError('BAD_USER_INPUT', problems.join('\n'));
}

const LONGEST = 500;

/** A text that somebody will read later, such as a reason or a legal basis, or the problem with it. */
export function statement(
  name: string,
  given: string,
): { readonly text: string; readonly problems: readonly string[] } {
  const text = given.trim();
  // A placeholder such as … or --- is no statement.
  if (!/\p{L}.*\p{L}/su.test(text)) return { text, problems: [`${name}: says nothing. Write it in words.`] };
  // It will be shown in terminals, which obey control characters.
  if (/[^\P{Cc}\n]/u.test(text)) return { text, problems: [`${name}: holds control characters. Write plain text.`] };
  if (text.length > LONGEST)
    return { text, problems: [`${name}: longer than ${LONGEST} characters. Name the essential part.`] };
  return { text, problems: [] };
}

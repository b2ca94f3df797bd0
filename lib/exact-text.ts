import { HubError } from './errors.ts';

/**
 * A text that is compared as a whole, without blanks around it; undefined where none is given. An empty one is refused: taken
 * as "not given" it would turn a narrow question into one for everything.
 * @throws HubError BAD_USER_INPUT naming the argument.
 */
export function exactText(text: string | null | undefined, argument: string): string | undefined {
  if (text === null || text === undefined) return undefined;
  const exact = text.trim();
  if (exact === '') throw new HubError('BAD_USER_INPUT', `${argument}: empty. Give the whole text, or leave it out.`);
  return exact;
}

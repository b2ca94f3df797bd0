import { bigrams, searchForm } from './codes/bigrams.ts';
import { HubError } from './errors.ts';

/** A search for a part of a text by the pairs of characters stored beside it (see `bigrams`). */
export interface TextSearch {
  /** Finds all rows that may match, through the index of the pairs. */
  readonly filter: Record<string, unknown>;
  /** Whether a text really holds the phrase: its pairs may also occur apart. */
  readonly matches: (text: string) => boolean;
}

const LONGEST = 60;

/** Pairs of nearly every company name or document title; an index is entered by another pair where there is one. */
const FREQUENT = new Set(
  bigrams('有限责任公司').concat(
    bigrams('人民政府'),
    '限公',
    '关于',
    '于印',
    '印发',
    '的通',
    '通知',
    '的决',
    '决定',
    '的意',
    '意见',
  ),
);

/**
 * Prepares the search for a phrase; spaces, punctuation, case and width make no difference.
 * @param argument the name to use in the sentence that refuses a phrase.
 * @param tokens the stored field with the pairs.
 * @throws HubError BAD_USER_INPUT for fewer than two characters (no pair) or more than 60.
 */
export function textSearch(phrase: string, argument: string, tokens: string): TextSearch {
  const form = searchForm(phrase);
  const length = Array.from(form).length;
  if (length < 2 || length > LONGEST)
    throw new HubError(
      'BAD_USER_INPUT',
      `${argument}: ${length} letters or digits cannot be searched for. Give 2 to ${LONGEST} of them that follow each other.`,
    );
  const pairs = bigrams(form).sort((left, right) => Number(FREQUENT.has(left)) - Number(FREQUENT.has(right)));
  return { filter: { [tokens]: { $all: pairs } }, matches: (text) => searchForm(text).includes(form) };
}

/**
 * The distinct overlapping pairs of characters of a text, for searching any part of a Chinese title through a plain
 * multikey index ("contains" without a scan). Letters are lower-cased; spaces, punctuation and width differences are
 * removed first. A text of one character gives that character.
 *
 * To search, require every pair of the phrase (`$all`), then test the stored text itself: the pairs may also occur apart.
 */
export function bigrams(text: string): string[] {
  const characters = Array.from(searchForm(text));
  if (characters.length < 2) return characters;
  const pairs = new Set<string>();
  for (let index = 1; index < characters.length; index++) {
    pairs.add(`${characters[index - 1] ?? ''}${characters[index] ?? ''}`);
  }
  return [...pairs];
}

/** The text as it is compared in searches: NFKC, lower case, letters and digits only. */
export function searchForm(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
}

import { HubError } from '../../lib/errors.ts';

export type FeatureText = {
  /** Number of the feature, from 1. */
  readonly number: number;
  readonly text: string;
  /** The collection's members that stand in front of its features, as JSON text of one object. */
  readonly head: string;
};

/** A collection says what it is before its features; more than this is something else. */
const longestHead = 1 << 20;

/**
 * Cuts the features out of a GeoJSON collection without holding more than one: only strings, braces and brackets are
 * looked at, the features are parsed by whoever takes them. A feature that is broken inside is still cut at its end.
 * @throws HubError BAD_FILE where there are no features, or the file ends in the middle.
 */
export async function* cutFeatures(chunks: AsyncIterable<string>): AsyncGenerator<FeatureText> {
  const scanner = new Scanner();
  for await (const chunk of chunks) yield* scanner.scan(chunk);
  scanner.end();
}

type Phase = 'HEAD' | 'FEATURES' | 'TAIL';

class Scanner {
  #phase: Phase = 'HEAD';
  /** Text of the part under way: the head, or the feature. */
  #text = '';
  #head = '{}';
  #depth = 0;
  #inString = false;
  #escaped = false;
  #features = 0;

  *scan(chunk: string): Generator<FeatureText> {
    let start = 0;
    for (let index = 0; index < chunk.length && this.#phase !== 'TAIL'; index++) {
      const character = chunk.charAt(index);
      if (this.#phase === 'FEATURES' && this.#depth === 0 && !/[\s,{[\]]/.test(character)) {
        throw this.#broken(`holds something else than features after feature ${this.#features}`);
      }
      if (this.#skipInString(chunk.charCodeAt(index))) continue;
      if (this.#phase === 'HEAD') {
        if (this.#headEnds(character, chunk.slice(0, index))) start = index + 1;
      } else if (character === '{' || character === '[') {
        if (this.#depth === 0) start = index;
        this.#depth++;
      } else if (this.#depth === 0) {
        if (character === ']') this.#phase = 'TAIL';
      } else if (character === '}' || character === ']') {
        this.#depth--;
        if (this.#depth > 0) continue;
        yield this.#take(chunk.slice(start, index + 1));
        start = index + 1;
      }
    }
    if (this.#phase === 'HEAD' || this.#depth > 0) this.#text += chunk.slice(start);
    if (this.#phase === 'HEAD' && this.#text.length > longestHead)
      throw this.#broken('has no features near its beginning');
  }

  end(): void {
    if (this.#phase === 'HEAD' || (this.#phase === 'TAIL' && this.#features === 0))
      throw this.#broken('has no features');
    if (this.#phase === 'FEATURES') throw this.#broken(`ends in the middle, after feature ${this.#features}`);
  }

  /** Keeps track of strings, in which braces mean nothing. True for characters of a string. */
  #skipInString(code: number): boolean {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false;
      else if (code === 0x5c) this.#escaped = true;
      else if (code === 0x22) this.#inString = false;
      return true;
    }
    if (code === 0x22) this.#inString = true;
    return code === 0x22;
  }

  /** True at the bracket that opens the list of features, which is a member of the collection itself. */
  #headEnds(character: string, before: string): boolean {
    if (character === '[' && this.#depth === 1) {
      const members = this.#text + before;
      const name = /,?\s*"features"\s*:\s*$/.exec(members.slice(-200));
      if (name !== null) {
        this.#head = `${members.slice(0, members.length - name[0].length).replace(/^\uFEFF/, '')}}`;
        this.#text = '';
        this.#depth = 0;
        this.#phase = 'FEATURES';
        return true;
      }
    }
    if (character === '{' || character === '[') this.#depth++;
    else if (character === '}' || character === ']') this.#depth--;
    return false;
  }

  #take(rest: string): FeatureText {
    const text = this.#text + rest;
    this.#text = '';
    this.#features++;
    return { number: this.#features, text, head: this.#head };
  }

  #broken(what: string): HubError {
    return new HubError(
      'BAD_FILE',
      `The file ${what}. Give a whole GeoJSON FeatureCollection; what came before is imported.`,
    );
  }
}

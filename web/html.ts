/** What a template takes. `false`, `null` and `undefined` leave nothing; a list is joined. */
export type Content = Html | string | number | false | null | undefined | readonly Content[];

/** Markup in which every value was escaped. Only `html` and `jsonScript` make it: no text becomes markup by a cast. */
export class Html {
  readonly #markup: string;

  /** Call `html` instead. @throws Error for anything but this module. */
  constructor(key: symbol, markup: string) {
    if (key !== MAKER) throw new Error('Html is made by html`…` alone');
    this.#markup = markup;
  }

  toString(): string {
    return this.#markup;
  }
}

const MAKER = Symbol('html');

/**
 * Markup with values: text and attributes are escaped, nested markup stays. An attribute needs its quotes, and one that a
 * browser follows (href, src, action) takes addresses of this host only, as data could say `javascript:`.
 * @throws Error for a value in a place where escaping would not make it safe: a mistake of the template.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Html {
  const places = placesOf(strings);
  let markup = strings[0] ?? '';
  for (const [index, value] of values.entries()) {
    const text = contentOf(value);
    if (places[index] === 'address') checkAddress(text);
    if (places[index] === 'tag' && text !== '' && !(value instanceof Html))
      throw new Error('only attributes made by html`…` belong between those of a tag');
    markup += text + (strings[index + 1] ?? '');
  }
  return new Html(MAKER, markup);
}

/** Data for a script, which reads `JSON.parse(document.getElementById(id).textContent)`; a browser never runs it. */
export function jsonScript(id: string, data: unknown): Html {
  // In a script element nothing is unescaped, and `</script>` or `<!--` in a text would end or swallow it.
  const json = JSON.stringify(data).replace(/[<>&\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return new Html(MAKER, `<script type="application/json" id="${escaped(id)}">${json}</script>`);
}

type Place = 'text' | 'address' | 'tag';

const known = new WeakMap<TemplateStringsArray, readonly Place[]>();

/** Where each value of a template stands; templates are few, so that each is looked at once. */
function placesOf(strings: TemplateStringsArray): readonly Place[] {
  const seen = known.get(strings);
  if (seen) return seen;
  let before = '';
  const places = strings.slice(0, -1).map((part) => {
    before += part;
    const place = placeAfter(before);
    // What a value leaves is nothing that would end a tag or an attribute.
    before += '0';
    return place;
  });
  known.set(strings, places);
  return places;
}

/** A tag that has begun and has not ended, with what it holds so far; `>` may stand in its quotes. */
const OPEN_TAG = /<[a-z!/][^<>"]*(?:"[^"]*"[^<>"]*)*(?:"[^"]*)?$/i;
const IN_QUOTES = /="[^"]*$/;
const ADDRESS = /\s(?:href|src|action|formaction)="$/i;
const NO_VALUES = /\s(?:on\w+|style|srcdoc)="[^"]*$/i;

function placeAfter(before: string): Place {
  const [tag] = OPEN_TAG.exec(before) ?? [];
  if (tag === undefined) {
    if (/<(?:script|style)\b[^>]*>[^<]*$/i.test(before)) throw new Error('no value belongs into a script or a style');
    return 'text';
  }
  if (NO_VALUES.test(tag)) throw new Error(`no value belongs into this attribute: ${tag}`);
  if (/=\s*'?[^"']*$/.test(tag) && !IN_QUOTES.test(tag))
    throw new Error(`put the attribute into double quotes: ${tag}`);
  if (ADDRESS.test(tag)) return 'address';
  return IN_QUOTES.test(tag) ? 'text' : 'tag';
}

function contentOf(value: Content): string {
  if (value instanceof Html) return value.toString();
  if (typeof value === 'string') return escaped(value);
  if (typeof value === 'number') return String(value);
  if (value === false || value === null || value === undefined) return '';
  return value.map(contentOf).join('');
}

/** An address begins with its path, its query or its fragment; `//` and a backslash would lead to another host. */
function checkAddress(text: string): void {
  if (!/^([?#]|\/(?![/\\]))/.test(text) && !/^https?:\/\/[\w.-]+(:\d+)?(\/|$)/.test(text))
    throw new Error('an address begins with /, ? or #, or names http or https and its host');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

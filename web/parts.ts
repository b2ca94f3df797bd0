import { codeName, toneOf, type Tone } from './codes.ts';
import { type Content, html, type Html } from './html.ts';
import type { Language, Texts } from './language.ts';
import type { AnsweredError, Visit } from './visit.ts';

/** A word on a ground whose colour repeats, and never alone carries, what it says. */
export function badge(text: string, tone: Tone): Html {
  return html`<span class="badge ${tone === 'plain' ? '' : tone}">${text}</span>`;
}

/** A code of the schema as a badge. */
export function codeBadge(kind: Parameters<typeof codeName>[0], code: string, language: Language): Html {
  return badge(codeName(kind, code, language), toneOf(code));
}

export interface Column {
  readonly title: Content;
  /** Numbers stand under each other. */
  readonly number?: boolean | undefined;
}

/** A table that scrolls in a frame of its own, and can be scrolled by keyboard. The first cell of a row is its heading. */
export function table(caption: string, columns: readonly Column[], rows: readonly (readonly Content[])[]): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}">
    <table>
      <caption class="unseen">
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map(({ title, number }) => html`<th scope="col" class="${number === true && 'number'}">${title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell, index) =>
                index === 0
                  ? html`<th scope="row">${cell}</th>`
                  : html`<td class="${columns[index]?.number === true && 'number'}">${cell}</td>`,
              )}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

const TEXTS: Texts<{
  readonly partial: string;
  readonly next: string;
  readonly nothing: string;
  readonly done: string;
  readonly notDone: string;
}> = {
  'zh-CN': {
    partial: '部分内容未能取得，其余内容完整：',
    next: '下一页',
    nothing: '没有内容。',
    done: '已办理。',
    notDone: '未办理：',
  },
  en: {
    partial: 'Some of this page is missing; the rest is complete:',
    next: 'Next page',
    nothing: 'Nothing here.',
    done: 'Done.',
    notDone: 'Not done:',
  },
};

/** What an answer lacks, and why, in the words of the endpoint. */
export function missingParts(errors: readonly AnsweredError[], language: Language): Html | undefined {
  if (errors.length === 0) return undefined;
  const sentences = [...new Set(errors.map(sentenceOf))];
  return html`<div class="note warn" role="status" data-partial="${errors.length}">
    ${TEXTS[language].partial}
    <ul>
      ${sentences.map((sentence) => html`<li>${sentence}</li>`)}
    </ul>
  </div>`;
}

/** What became of a form: what is wrong with it, or that it is done. */
export function outcomeOf(errors: readonly AnsweredError[], language: Language): Html {
  const words = TEXTS[language];
  if (errors.length === 0) return html`<p class="note good" role="status">${words.done}</p>`;
  return html`<div class="note bad" role="alert">
    ${words.notDone}
    <ul>
      ${errors.flatMap(({ message }) => message.split('\n')).map((sentence) => html`<li>${sentence}</li>`)}
    </ul>
  </div>`;
}

function sentenceOf({ message, extensions }: AnsweredError): string {
  const howTo = extensions?.['howToApply'];
  return typeof howTo === 'string' ? `${message} ${howTo}` : message;
}

/** A link to the page of a list that follows, with everything else of the address kept. */
export function nextPage(
  { path, query, language }: Pick<Visit, 'path' | 'query' | 'language'>,
  { hasNextPage, endCursor }: PageInfo,
): Html | undefined {
  if (!hasNextPage || endCursor === null) return undefined;
  const next = new URLSearchParams(query);
  next.set('after', endCursor);
  return html`<p>
    <a class="button" rel="next" href="${path.split('?', 1)[0]}?${next.toString()}">${TEXTS[language].next}</a>
  </p>`;
}

export interface PageInfo {
  readonly hasNextPage: boolean;
  readonly endCursor: string | null;
}

/** A table with these headings, or that there is nothing. */
export function tableOf(
  titles: readonly (string | Column)[],
  rows: readonly (readonly Content[])[],
  { caption, language }: { readonly caption: string; readonly language: Language },
): Html {
  if (rows.length === 0) return html`<p class="soft">${TEXTS[language].nothing}</p>`;
  const columns = titles.map((title) => (typeof title === 'string' ? { title } : title));
  return table(caption, columns, rows);
}

/** What every form of a session carries. */
export function csrfField({ csrf }: Pick<Visit, 'csrf'>): Html {
  return html`<input type="hidden" name="csrf" value="${csrf}" />`;
}

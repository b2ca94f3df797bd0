import { html, type Html } from '../html.ts';
import { formatDay, type Language } from '../language.ts';
import { departmentName } from '../names.ts';
import type { Source } from './figure.ts';
import { fill, WORDS } from './texts.ts';

/** Where a number is from, behind a button that needs no script: who counts it, what it means, and of which day it is. */
export function aboutSource(label: string, source: Source | undefined, language: Language): Html | undefined {
  if (!source) return undefined;
  const words = WORDS[language];
  const said = fill(words.about, { label });
  return html`<details class="about">
    <summary aria-label="${said}" title="${said}"><span aria-hidden="true">i</span></summary>
    <dl class="about-text">
      <dt>${words.source}</dt>
      <dd>${departmentName(source.department, language)}${source.title !== '' && ` · ${source.title}`}</dd>
      ${
        source.definition !== '' &&
        html`<dt>${words.definition}</dt>
          <dd lang="zh-CN">${source.definition}</dd>`
      }
      ${
        source.asOf !== '' &&
        html`<dt>${words.asOf}</dt>
          <dd>${formatDay(source.asOf, language)}</dd>`
      }
      ${
        source.period !== '' &&
        html`<dt>${words.period}</dt>
          <dd>${source.period}</dd>`
      }
      ${
        source.release !== undefined &&
        html`<dt>${words.published}</dt>
          <dd>${fill(words.release, { release: source.release })}</dd>`
      }
    </dl>
  </details>`;
}

/** One line under a panel, for print and for who does not open anything. */
export function sourceLine(source: Source | undefined, language: Language): Html | undefined {
  if (!source) return undefined;
  const words = WORDS[language];
  const parts = [
    `${words.source}: ${departmentName(source.department, language)}`,
    source.asOf === '' ? source.period : `${words.asOf} ${formatDay(source.asOf, language)}`,
    source.release === undefined ? '' : fill(words.release, { release: source.release }),
  ];
  return html`<p class="source soft">${parts.filter((part) => part !== '').join(' · ')}</p>`;
}

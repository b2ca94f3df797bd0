import { html, type Html } from '../html.ts';
import { aboutSource } from './about.ts';
import { formatFigure } from './format.ts';
import type { KeyFigure } from './key-figures.ts';
import type { Frame } from './panel.ts';
import { figureView } from './table-view.ts';
import { CHANGE } from './table.ts';
import { fill, WORDS } from './texts.ts';

/** The large numbers at the head of the page, each with its unit, its source and what it is compared with. */
export function keyFigureCards(
  figures: readonly KeyFigure[],
  frame: Frame & { readonly beside?: string | undefined; readonly against?: string | undefined },
): Html {
  return html`<ul class="key-figures plain">
    ${figures.map((each) => card(each, frame))}
  </ul>`;
}

function card(
  { total, column, figure, rank, beside, against, change }: KeyFigure,
  { language, ...frame }: Parameters<typeof keyFigureCards>[1],
): Html {
  const words = WORDS[language];
  const { format } = column;
  return html`<li class="card key-figure" data-figure="${total}">
    <span class="key-label">${column.label}</span>
    ${aboutSource(column.label, column.source, language)}
    <span class="figure"
      >${figureView(figure, format, language)}${figure.kind === 'SHOWN' && html` <small>${column.unit}</small>`}</span
    >
    ${rank && html`<span class="soft">${fill(words.rank, { ...rank })}</span>`}
    ${beside && html`<span class="compared">${frame.beside}: ${figureView(beside, format, language)}</span>`}
    ${against && html`<span class="compared">${frame.against}: ${figureView(against, format, language)}</span>`}
    ${
      change?.kind === 'SHOWN' &&
      html`<span class="badge">${words.change} ${formatFigure(change, CHANGE, language)}</span>`
    }
  </li>`;
}

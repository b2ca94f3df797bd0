import { html, type Html } from '../html.ts';
import type { Language } from '../language.ts';
import type { Figure } from './figure.ts';
import { formatAt, formatFigure, reasonOf } from './format.ts';
import type { Format, Table } from './table.ts';

interface TableViewOptions {
  readonly language: Language;
  /** Where the label of a row leads. */
  readonly linkOf?: ((key: string) => string) | undefined;
}

/** A table as markup: the numbers, and where there is none the reason. */
export function tableView(table: Table, { language, linkOf }: TableViewOptions): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${table.title}">
    <table>
      <caption>
        ${table.title}
      </caption>
      <thead>
        <tr>
          <th scope="col">${table.rowLabel}</th>
          ${table.columns.map(
            ({ label, unit }) =>
              html`<th scope="col" class="number">${label}${unit !== '' && html` <small>${unit}</small>`}</th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${table.rows.map(
          (row) =>
            html`<tr>
              <th scope="row">${linkOf ? html`<a href="${linkOf(row.key)}">${row.label}</a>` : row.label}</th>
              ${table.columns.map((column, index) => {
                const figure = row.figures[index];
                return figure ? cellView(figure, formatAt(column, row), language) : html`<td></td>`;
              })}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function cellView(figure: Figure, format: Format, language: Language): Html {
  return html`<td class="number">${figureView(figure, format, language)}</td>`;
}

/** A number, or a dash with its reason: the reason is there for a screen reader as well as under the pointer. */
export function figureView(figure: Figure, format: Format, language: Language): Html {
  const text = formatFigure(figure, format, language);
  const reason = reasonOf(figure, language);
  if (reason === undefined) return html`<span>${text}</span>`;
  const kind = figure.kind === 'HIDDEN' ? figure.by.toLowerCase() : 'missing';
  return html`<span class="withheld ${kind}" title="${reason}"
    ><span aria-hidden="true">${text}</span> <small>${reason}</small></span
  >`;
}

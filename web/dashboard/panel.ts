import { type Content, html, type Html, jsonScript } from '../html.ts';
import type { Language } from '../language.ts';
import { aboutSource, sourceLine } from './about.ts';
import { type Address, addressOf } from './address.ts';
import { barsOf, type Chart, leftOut, lineOf, pyramidOf } from './charts.ts';
import { explanationOf, formatFigure } from './format.ts';
import type { Table } from './table.ts';
import { tableView } from './table-view.ts';
import { CHANGE } from './table.ts';
import { WORDS } from './texts.ts';
import type { Trend } from './trends.ts';

/** What all panels of a page share. */
export interface Frame {
  readonly address: Address;
  readonly language: Language;
  /** Since when a department has not answered, as text. */
  readonly sinceOf: (department: string) => string | undefined;
}

/**
 * A table as a panel: its chart, where there is something to draw, the table itself, its source and its export.
 * @param further a smaller table of the same people or things, behind the same chart.
 */
export function tablePanel(table: Table, frame: Frame, further?: Table): Html {
  const { language } = frame;
  const words = WORDS[language];
  const chart = table.id === 'age' ? pyramidOf(table) : barsOf(table);
  const source = table.columns.find((column) => column.source)?.source;
  const left = chart && table.id !== 'age' ? leftOut(table, language) : '';
  const body: Content = table.gap
    ? html`<p class="note warn">${explain(table, frame)}</p>`
    : html`${chart && chartView(table.id, chart)} ${left !== '' && html`<p class="soft left-out">${left}</p>`}
        <details class="behind" ${!chart && html`open`}>
          <summary>${words.table}</summary>
          ${table.rows.length > 0 ? tableView(table, { language }) : html`<p>${words.noData}</p>`}
          ${further && further.rows.length > 0 && tableView(further, { language })}
        </details>
        <p class="panel-foot">
          ${exportLink(table.id, frame)}
          ${further && further.rows.length > 0 && exportLink(further.id, frame, further.title)}
        </p>
        ${sourceLine(source, language)}`;
  return html`<section class="card panel" id="panel-${table.id}" aria-labelledby="title-${table.id}">
    <h2 class="card-title" id="title-${table.id}">
      <span>${table.title}</span>
    </h2>
    ${aboutSource(table.title, source, language)} ${body}
  </section>`;
}

/** A published indicator: its latest number, its growth, its line. */
export function trendPanel(trend: Trend, frame: Frame): Html {
  const { table, latest, breaks } = trend;
  const { language } = frame;
  const words = WORDS[language];
  const [column] = table.columns;
  const source = column?.source;
  const chart = lineOf(trend);
  const growth = latest?.yearOnYear;
  const body: Content = table.gap
    ? html`<p class="note warn">${explain(table, frame)}</p>`
    : html`${
          latest &&
          column &&
          html`<p class="trend-latest">
            <b>${formatFigure(latest.figure, column.format, language)}</b> <span>${column.unit}</span>
            <span class="soft">${latest.period}</span>
            ${
              growth !== undefined &&
              html`<span class="badge"
                >${words.yearOnYear} ${formatFigure({ kind: 'SHOWN', value: growth }, CHANGE, language)}</span
              >`
            }
          </p>`
        }
        ${chart ? chartView(table.id, chart) : html`<p class="soft">${words.noData}</p>`}
        ${breaks.map(({ said }) => html`<p class="soft break">${said}</p>`)}
        <details class="behind">
          <summary>${words.table}</summary>
          ${tableView(table, { language })}
        </details>
        <p class="panel-foot">${exportLink(table.id, frame)}</p>`;
  return html`<section class="card panel trend" id="panel-${table.id}" aria-labelledby="title-${table.id}">
    <h3 class="card-title" id="title-${table.id}"><span>${table.title}</span></h3>
    ${aboutSource(table.title, source, language)} ${body}
  </section>`;
}

export function exportLink(table: string, { address, language }: Frame, named?: string): Html {
  const to = addressOf(address, '/dashboard.csv', { table });
  const label = WORDS[language].download;
  return html`<a class="export" href="${to}" download>${named === undefined ? label : `${label}（${named}）`}</a>`;
}

/** The script of the page draws into the first element what the second holds; without it, the table says the same. */
export function chartView(id: string, chart: Chart): Html {
  const height = chart.kind === 'BARS' ? Math.min(4, Math.max(1, Math.ceil(chart.categories.length / 6))) : 2;
  return html`<div class="chart chart-${height}" data-chart="chart-${id}" role="img" aria-label="${chart.label}"></div>
    ${jsonScript(`chart-${id}`, chart)}`;
}

function explain(table: Table, { language, sinceOf }: Frame): string {
  const { gap } = table;
  if (!gap) return '';
  return explanationOf(gap, language, gap.kind === 'DOWN' ? sinceOf(gap.department) : undefined);
}

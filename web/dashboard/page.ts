import { type Content, html, type Html } from '../html.ts';
import { formatMoment } from '../language.ts';
import { departmentName } from '../names.ts';
import { type Page, PageProblem, type Shown, type Visit } from '../visit.ts';
import { aboutOf, type Address, readAddress } from './address.ts';
import { type Answer, answerSchema } from './answer.ts';
import { compareForm, freshness, trailView } from './controls.ts';
import { csvOf } from './csv.ts';
import { keyFigureCards } from './key-figure-view.ts';
import { keyFigureTable } from './key-figures.ts';
import { tileMap } from './map.ts';
import { type Dashboard, dashboardOf } from './model.ts';
import { createOutages } from './outages.ts';
import { exportLink, type Frame, tablePanel, trendPanel } from './panel.ts';
import { monthsBefore, operationOf } from './query.ts';
import { sourceOfCells } from './table.ts';
import { tableView } from './table-view.ts';
import { WORDS } from './texts.ts';

export interface DashboardOptions {
  /** Code of the division that is shown first, a prefecture. */
  readonly home: string;
  /** Milliseconds; the present when absent. */
  readonly now?: (() => number) | undefined;
}

/** The leaders' dashboard and its exports. Each look at either is one question to the hub, with the visitor's own rights. */
export function dashboardPages({ home, now = Date.now }: DashboardOptions): readonly Page[] {
  const outages = createOutages();
  let latest = monthsBefore(now(), 0);
  const ask = async (visit: Visit, address: Address, at: number): Promise<Answer> => {
    const { query, variables } = operationOf(address, { now: at, latest });
    const { data, errors } = await visit.ask<unknown>(query, variables);
    const answer = answerSchema.safeParse({ data, errors });
    if (!answer.success) throw new PageProblem('DOWN', undefined, { cause: answer.error });
    return answer.data;
  };
  const look = async (visit: Visit) => {
    const address = readAddress(visit.query, home);
    const at = now();
    let answer = await ask(visit, address, at);
    const released = latestOf(answer);
    if (address.period === undefined && released !== undefined && released !== latest) {
      // A release came since the last look: derived numbers are asked for by its month, once.
      latest = released;
      answer = await ask(visit, address, at);
    }
    const today = formatMoment(new Date(at)).slice(0, 10);
    const dashboard = dashboardOf(answer, { wish: address, language: visit.language, today });
    const since = outages.note(dashboard.down, at);
    const sinceOf = (department: string): string | undefined => {
      const moment = since.get(department);
      return moment === undefined ? undefined : formatMoment(new Date(moment));
    };
    const frame: Frame = { address, language: visit.language, sinceOf };
    return { dashboard, frame, at };
  };
  return [
    {
      path: '/dashboard',
      async show(visit) {
        const { dashboard, frame, at } = await look(visit);
        if (!dashboard.exists) throw new PageProblem('NOT_FOUND', WORDS[visit.language].nothing);
        return pageOf(dashboard, frame, at);
      },
    },
    {
      path: '/dashboard.csv',
      async show(visit) {
        const { dashboard, frame } = await look(visit);
        return fileOf(dashboard, frame, visit.query.get('table') ?? 'key');
      },
    },
  ];
}

/** Month of the release that the totals are from. */
function latestOf({ data }: Answer): string | undefined {
  const { residents, legalPersons, parcels, complaints } = data?.division ?? {};
  return [residents, legalPersons, parcels, complaints].map((cells) => sourceOfCells(cells)?.period).find(Boolean);
}

function pageOf(dashboard: Dashboard, frame: Frame, now: number): Shown {
  const { place } = dashboard;
  const words = WORDS[frame.language];
  const main = html`<div class="dashboard">
    <div class="dashboard-head">
      <div>
        ${trailView(dashboard.trail, frame)}
        <h1>${place.name} <span class="h1-what">${words.title}</span></h1>
        <p class="badges">${freshness(dashboard, frame.language, now)}</p>
      </div>
      ${compareForm(dashboard, frame)}
    </div>
    ${outageNote(dashboard, frame)}
    <section aria-labelledby="title-key">
      <h2 class="unseen" id="title-key">${words.keyFigures}</h2>
      ${keyFigureCards(dashboard.keyFigures, {
        ...frame,
        beside: dashboard.beside?.name,
        against: dashboard.against,
      })}
    </section>
    ${places(dashboard, frame)}
    <div class="panels">${panels(dashboard, frame)}</div>
    ${
      dashboard.trends.length > 0 &&
      html`<section aria-labelledby="title-trends">
        <h2 id="title-trends">${words.trends}</h2>
        <div class="panels narrow">${dashboard.trends.map((trend) => trendPanel(trend, frame))}</div>
      </section>`
    }
    ${footnotes(frame)}
  </div>`;
  return {
    kind: 'page',
    title: `${place.name} ${words.title}`,
    main,
    styles: ['dashboard.css'],
    scripts: ['echarts.min.js', 'dashboard.js'],
  };
}

/** Fine tables are not published for townships: a panel for each would only say so. */
function panels({ tables, place }: Dashboard, frame: Frame): readonly Html[] {
  const sexes = tables.find(({ id }) => id === 'sex');
  return tables
    .filter(({ id }) => id === 'age' || (id !== 'sex' && place.level !== 'TOWNSHIP'))
    .map((table) => tablePanel(table, frame, table.id === 'age' ? sexes : undefined));
}

function outageNote({ down }: Dashboard, { language, sinceOf }: Frame): Html | undefined {
  if (down.length === 0) return undefined;
  const words = WORDS[language];
  const named = down.map((department) => {
    const since = sinceOf(department);
    return `${departmentName(department, language)}${since === undefined ? '' : `（${since}）`}`;
  });
  return html`<p class="note warn" role="status">${words.downAll} ${named.join('、')}</p>`;
}

/** The map, and the table of the divisions behind it. */
function places({ counties, townships, place }: Dashboard, frame: Frame): Content {
  const { language, address } = frame;
  const words = WORDS[language];
  const tables = [...(townships && townships.rows.length > 0 ? [townships] : []), counties];
  return html`<div class="places" id="map">
    ${tables.map(
      (table) =>
        html`<section class="card place" aria-labelledby="title-${table.id}">
          <h2 class="card-title" id="title-${table.id}">
            <span>${table.title} <small class="badge">${words.map}</small></span>
          </h2>
          <div class="place-row">
            ${tileMap(table, { address, language, here: place.level === 'TOWNSHIP' ? place.code.slice(0, 6) : place.code })}
            <details class="place-table" open>
              <summary>${words.table}</summary>
              ${tableView(table, { language, linkOf: (code) => aboutOf(address, code) })}
              <p class="panel-foot">${exportLink(table.id, frame)}</p>
            </details>
          </div>
        </section>`,
    )}
  </div>`;
}

function footnotes(frame: Frame): Html {
  const words = WORDS[frame.language];
  return html`<section class="footnotes soft" aria-labelledby="title-notes">
    <h2 id="title-notes">${words.footnotes}</h2>
    <ul>
      <li>${words.noteSuppression}</li>
      <li>${words.primary}: ${words.primaryWhy}</li>
      <li>${words.secondary}: ${words.secondaryWhy}</li>
      <li>${words.noteMap}</li>
      <li>${words.noteIds}</li>
    </ul>
    <p>${exportLink('key', frame)} (${words.keyFigures})</p>
  </section>`;
}

function fileOf(dashboard: Dashboard, { language }: Frame, id: string): Shown {
  const { place, beside, against, keyFigures, counties, townships, tables, trends } = dashboard;
  const words = WORDS[language];
  const labels = { subject: place.name, beside: beside?.name, against };
  const all = [
    keyFigureTable(keyFigures, { words, labels }),
    counties,
    ...(townships ? [townships] : []),
    ...tables,
    ...trends.map((trend) => trend.table),
  ];
  const table = all.find((candidate) => candidate.id === id);
  if (!table) throw new PageProblem('NOT_FOUND', all.map((candidate) => candidate.id).join(', '));
  return {
    kind: 'file',
    name: `${place.name}-${table.title}.csv`,
    type: 'text/csv; charset=utf-8',
    body: csvOf(table, { place: place.name, language }),
  };
}

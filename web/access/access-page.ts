import { codeName } from '../codes.ts';
import { type Content, html, type Html } from '../html.ts';
import { formatDay, formatMoment, formatNumber } from '../language.ts';
import { departmentName, purposeName } from '../names.ts';
import { codeBadge, missingParts, type PageInfo, tableOf } from '../parts.ts';
import type { Page, Visit } from '../visit.ts';
import { type Look, refusalsOf } from './refusals.ts';
import { TEXTS } from './texts.ts';

interface Grant {
  readonly id: string;
  readonly owner: string;
  readonly department: string;
  readonly application: string;
  readonly purpose: string;
  readonly items: readonly { readonly coordinate: string; readonly uses: readonly string[] }[];
  readonly divisions: readonly string[];
  readonly needsConfirmation: readonly { readonly code: string }[];
  readonly validUntil: string;
  readonly state: string;
  readonly quota: { readonly rowsPerDay: number | null; readonly subjectsPerDay: number | null } | null;
  readonly usedToday: { readonly rows: number; readonly subjects: number } | null;
  readonly revocationReason: string | null;
}

interface Asked {
  readonly id: string;
  readonly owner: string;
  readonly department: string;
  readonly officer: string;
  readonly purpose: string;
  readonly items: readonly { readonly coordinate: string }[];
  readonly state: string;
  readonly requestedAt: string;
  readonly decidedAt: string | null;
  readonly reason: string | null;
}

interface Entry extends Look {
  readonly department: string | null;
  readonly outcome: string | null;
  readonly purpose: string | null;
  readonly subjects: number;
  readonly rows: readonly { readonly resource: string; readonly count: number }[];
}

interface Connection<Node> {
  readonly pageInfo: PageInfo;
  readonly edges: readonly { readonly node: Node }[];
}

interface Found {
  readonly grants: Connection<Grant> | null;
  readonly requests: Connection<Asked> | null;
  readonly auditEntries: Connection<Entry> | null;
}

const ACCESS = `query MyAccess {
  grants(first: 200) { pageInfo { hasNextPage endCursor } edges { node {
    id owner department application purpose items { coordinate uses } divisions needsConfirmation { code }
    validUntil state quota { rowsPerDay subjectsPerDay } usedToday { rows subjects } revocationReason
  } } }
  requests(first: 50) { pageInfo { hasNextPage endCursor } edges { node {
    id owner department officer purpose items { coordinate } state requestedAt decidedAt reason
  } } }
  auditEntries(first: 100) { pageInfo { hasNextPage endCursor } edges { node {
    at department outcome purpose subjects rows { resource count } denied { coordinate reason }
  } } }
}`;

/** What the visitor's department may use and has asked for, what was refused it, and what it looked up last. */
export const accessPage: Page = {
  path: '/access',
  async show(visit) {
    const { language, caller, query } = visit;
    const words = TEXTS[language];
    const { data, errors } = await visit.ask<Found>(ACCESS);
    // An auditor is shown what is everybody's; this page is about the department's own.
    const own = <Node extends { readonly department: string | null }>(found: Connection<Node> | null | undefined) =>
      (found?.edges ?? []).map(({ node }) => node).filter(({ department }) => department === caller?.department);
    const [grants, requests, entries] = [own(data?.grants), own(data?.requests), own(data?.auditEntries)];
    const main = html`<h1>${words.title}</h1>
      ${missingParts(errors, language)}
      ${query.get('asked') !== null && html`<p class="note good" role="status">${words.asked}</p>`} ${who(visit)}
      <section class="card" id="grants">
        <h2>${words.grants}</h2>
        ${tableOf(
          words.grantColumns,
          grants.map((grant) => grantRow(grant, visit)),
          { caption: words.grants, language },
        )}
        ${data?.grants?.pageInfo.hasNextPage && html`<p class="soft">${words.more}</p>`}
      </section>
      <section class="card" id="requests">
        <h2>${words.requests}</h2>
        ${tableOf(
          words.requestColumns,
          requests.map((request) => requestRow(request, visit)),
          { caption: words.requests, language },
        )}
      </section>
      <section class="card" id="refusals">
        <h2>${words.refusals}</h2>
        <p class="soft">${words.refusalsSaid(entries.length)}</p>
        ${tableOf(
          words.refusalColumns,
          refusalsOf(entries).map(({ coordinate, reason, count, last }) => [
            html`<code>${coordinate}</code>`,
            codeName('reason', reason, language),
            formatNumber(count, language),
            formatMoment(last),
          ]),
          { caption: words.refusals, language },
        )}
      </section>
      <section class="card" id="use">
        <h2>${words.use}</h2>
        ${tableOf(
          words.useColumns,
          entries.slice(0, 20).map((entry) => entryRow(entry, visit)),
          { caption: words.use, language },
        )}
      </section>`;
    return { kind: 'page', title: words.title, main };
  },
};

function who({ caller, language }: Visit): Html {
  const words = TEXTS[language];
  const pairs = [
    [words.department, departmentName(caller?.department ?? '', language)],
    [words.application, caller?.application],
    [words.officer, caller?.officer],
    [words.purpose, caller?.purpose === undefined ? undefined : purposeName(caller.purpose, language)],
    [words.roles, caller?.roles.join(', ')],
  ] as const;
  return html`<dl class="facts">
    ${pairs.map(
      ([term, value]) =>
        html`<div>
          <dt>${term}</dt>
          <dd>${value === undefined || value === '' ? '—' : value}</dd>
        </div>`,
    )}
  </dl>`;
}

function grantRow(grant: Grant, { language }: Visit): readonly Content[] {
  const words = TEXTS[language];
  const { id, owner, application, purpose, items, divisions, needsConfirmation, validUntil, state } = grant;
  return [
    html`<code>${id}</code>`,
    departmentName(owner, language),
    html`${purposeName(purpose, language)}<br /><span class="soft">${application}</span>`,
    html`<details>
      <summary>${words.items(items.length)}</summary>
      <ul class="plain">
        ${items.map(
          ({ coordinate, uses }) =>
            html`<li><code>${coordinate}</code> ${uses.map((use) => codeName('use', use, language)).join(' · ')}</li>`,
        )}
      </ul>
    </details>`,
    [
      divisions.join(' '),
      needsConfirmation.length > 0 &&
        html`<br /><span class="soft">${words.confirm} ${needsConfirmation.map(({ code }) => code).join(' ')}</span>`,
    ],
    html`<span class="nowrap">${formatDay(validUntil, language)}</span>`,
    quota(grant, language),
    [codeBadge('state', state, language), grant.revocationReason !== null && html`<br />${grant.revocationReason}`],
  ];
}

function quota({ quota: limit, usedToday }: Grant, language: Visit['language']): Content {
  const words = TEXTS[language];
  if (!limit) return words.unlimited;
  const used = (of: string, count: number | undefined, most: number | null): Content =>
    most !== null && html`<div class="nowrap">${of} ${count ?? '—'} / ${formatNumber(most, language)}</div>`;
  return [
    used(words.rows, usedToday?.rows, limit.rowsPerDay),
    used(words.persons, usedToday?.subjects, limit.subjectsPerDay),
  ];
}

function requestRow(request: Asked, { language }: Visit): readonly Content[] {
  const { id, owner, officer, purpose, items, state, requestedAt, decidedAt, reason } = request;
  return [
    html`<code>${id}</code>`,
    departmentName(owner, language),
    purposeName(purpose, language),
    items.map(({ coordinate }) => html`<code>${coordinate}</code> `),
    html`<span class="nowrap">${formatMoment(requestedAt)}</span><br /><span class="soft">${officer}</span>`,
    [
      codeBadge('state', state, language),
      decidedAt !== null && html`<br /><span class="soft nowrap">${formatMoment(decidedAt)}</span>`,
    ],
    reason,
  ];
}

function entryRow({ at, outcome, purpose, rows, subjects, denied }: Entry, { language }: Visit): readonly Content[] {
  return [
    html`<span class="nowrap">${formatMoment(at)}</span>`,
    purpose === null ? '—' : purposeName(purpose, language),
    outcome,
    rows.map(({ resource, count }) => html`<code>${resource}</code> ${formatNumber(count, language)} `),
    formatNumber(subjects, language),
    formatNumber(denied.length, language),
  ];
}

import { codeName } from '../codes.ts';
import { FRESHNESS, freshnessWords } from '../freshness.ts';
import { html, type Html } from '../html.ts';
import { formatMoment, formatNumber, formatShare } from '../language.ts';
import { departmentName } from '../names.ts';
import { missingParts, tableOf } from '../parts.ts';
import { type Usage, USAGE_DAYS, usageOf } from '../usage.ts';
import { type Page, PageProblem, type Visit } from '../visit.ts';
import { type Matrix, matrixOf } from './matrix.ts';
import { dormantResources, staleResources, type SupervisedResource } from './dormant.ts';
import { answersOf, type SupervisedRequest } from './answers.ts';
import { TEXTS } from './texts.ts';

interface Found {
  readonly subgraphs: readonly { readonly name: string; readonly owner: string }[] | null;
  readonly resources: { readonly edges: readonly { readonly node: SupervisedResource }[] } | null;
  readonly requests: { readonly edges: readonly { readonly node: SupervisedRequest }[] } | null;
}

const SUPERVISION = `query Supervision {
  subgraphs { name owner }
  resources(first: 200) { edges { node { type title owner subgraph updateCycle itemCount ${FRESHNESS} } } }
  requests(first: 200) { edges { node { owner state requestedAt decidedAt } } }
}`;

/** For auditors and who runs the hub: who uses whose data, who refuses, what lies idle, which requests wait. */
export const supervisorPage: Page = {
  path: '/supervisor',
  async show(visit) {
    const { language, caller } = visit;
    // Others may ask as well, and would be answered about their own department alone: no picture of the whole.
    if (!caller?.roles.some((role) => role === 'auditor' || role === 'hub-operator'))
      throw new PageProblem('NOT_ALLOWED');
    const words = TEXTS[language];
    const { data, errors } = await visit.ask<Found>(SUPERVISION);
    const usage = await usageOf(
      visit,
      (data?.subgraphs ?? []).map(({ name }) => name),
    );
    const used = usage.data ?? [];
    const resources = (data?.resources?.edges ?? []).map(({ node }) => node);
    const requests = (data?.requests?.edges ?? []).map(({ node }) => node);
    const main = html`<h1>${words.title}</h1>
      <p class="soft">${words.said(USAGE_DAYS)}</p>
      ${missingParts([...errors, ...usage.errors], language)} ${figures(used, visit)}
      <section class="card" id="matrix">
        <h2>${words.matrix}</h2>
        <p class="soft">${words.matrixSaid}</p>
        ${matrixTable(matrixOf(used), visit)}
      </section>
      ${stale(resources, visit)} ${refusals(used, visit)} ${answers(requests, visit)} ${dormant(resources, used, visit)}`;
    return { kind: 'page', title: words.title, main };
  },
};

function figures(usage: readonly Usage[], { language }: Visit): Html {
  const words = TEXTS[language];
  const all = usage.flatMap(({ owner, consumers }) => consumers.map((consumer) => ({ owner, ...consumer })));
  const between = all.filter(({ owner, department }) => owner !== department);
  const sum = (list: readonly { readonly calls: number }[]): number =>
    list.reduce((total, { calls }) => total + calls, 0);
  const refused = all.reduce((total, each) => total + each.refused, 0);
  const pairs = new Set(between.map(({ owner, department }) => `${department}→${owner}`)).size;
  const shown = [
    [words.between, formatNumber(sum(between), language)],
    [words.pairs, formatNumber(pairs, language)],
    [words.refusalRate, sum(all) === 0 ? '—' : formatShare(refused / sum(all), language)],
    [
      words.unusedItems,
      formatNumber(
        usage.reduce((total, { unused }) => total + unused.length, 0),
        language,
      ),
    ],
  ] as const;
  return html`<div class="cards figures">
    ${shown.map(([title, value]) => html`<div class="card"><span class="figure">${value}</span><span class="soft">${title}</span></div>`)}
  </div>`;
}

function matrixTable({ owners, rows }: Matrix, { language }: Visit): Html {
  const words = TEXTS[language];
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${words.matrix}">
    <table class="matrix">
      <caption class="unseen">
        ${words.matrix}
      </caption>
      <thead>
        <tr>
          <th scope="col">${words.corner}</th>
          ${owners.map((owner) => html`<th scope="col">${departmentName(owner, language)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ consumer, cells }) =>
            html`<tr>
              <th scope="row">${departmentName(consumer, language)}</th>
              ${cells.map(({ calls, refused, shade, own }) =>
                own
                  ? html`<td class="own">${words.own} ${formatNumber(calls, language)}</td>`
                  : html`<td class="shade-${shade}">
                      ${formatNumber(calls, language)}${refused > 0 && html`<br /><small>${words.refusedTimes(refused)}</small>`}
                    </td>`,
              )}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function stale(resources: readonly SupervisedResource[], { language }: Visit): Html {
  const words = TEXTS[language];
  const rows = staleResources(resources).map((resource) => [
    html`<a href="/catalogue/resource?type=${encodeURIComponent(resource.type)}">${resource.title}</a>`,
    departmentName(resource.owner, language),
    codeName('cycle', resource.updateCycle, language),
    freshnessWords(resource, language),
  ]);
  const unknown = resources.filter(({ updatedAt }) => updatedAt === null).length;
  return html`<section class="card" id="stale">
    <h2>${words.stale}</h2>
    <p class="soft">${words.staleSaid(resources.length, unknown)}</p>
    ${tableOf(words.staleColumns, rows, { caption: words.stale, language })}
  </section>`;
}

function refusals(usage: readonly Usage[], { language }: Visit): Html {
  const words = TEXTS[language];
  const items = usage
    .flatMap((each) => each.items.map((item) => ({ owner: each.owner, ...item })))
    .filter(({ refused }) => refused > 0)
    .sort((a, b) => b.refused - a.refused)
    .slice(0, 20);
  const rows = items.map(({ coordinate, owner, calls, refused, refusals: why }) => [
    html`<code>${coordinate}</code>`,
    departmentName(owner, language),
    formatNumber(refused, language),
    formatShare(refused / (calls + refused), language),
    why.map(({ reason, calls: times }) => `${codeName('reason', reason, language)} ${times} `),
  ]);
  return html`<section class="card" id="refusals">
    <h2>${words.refusals}</h2>
    ${tableOf(words.refusalColumns, rows, { caption: words.refusals, language })}
  </section>`;
}

function answers(requests: readonly SupervisedRequest[], { language }: Visit): Html {
  const words = TEXTS[language];
  const rows = answersOf(requests).map(({ owner, pending, approved, refused, oldest, meanDays }) => [
    departmentName(owner, language),
    formatNumber(pending, language),
    formatNumber(approved, language),
    formatNumber(refused, language),
    approved + refused === 0 ? '—' : formatShare(refused / (approved + refused), language),
    meanDays === undefined ? '—' : formatNumber(meanDays, language, 1),
    oldest === undefined ? '—' : formatMoment(oldest),
  ]);
  return html`<section class="card" id="answers">
    <h2>${words.answers}</h2>
    ${tableOf(words.answerColumns, rows, { caption: words.answers, language })}
  </section>`;
}

function dormant(resources: readonly SupervisedResource[], usage: readonly Usage[], { language }: Visit): Html {
  const words = TEXTS[language];
  const rows = dormantResources(resources, usage).map(({ type, title, owner, updateCycle, itemCount }) => [
    html`<a href="/catalogue/resource?type=${encodeURIComponent(type)}">${title}</a>`,
    departmentName(owner, language),
    codeName('cycle', updateCycle, language),
    formatNumber(itemCount, language),
  ]);
  return html`<section class="card" id="dormant">
    <h2>${words.dormant}</h2>
    <p class="soft">${words.dormantSaid(USAGE_DAYS)}</p>
    ${tableOf(words.dormantColumns, rows, { caption: words.dormant, language })}
  </section>`;
}

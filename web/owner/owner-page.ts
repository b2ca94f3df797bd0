import { codeName } from '../codes.ts';
import { type Content, html, type Html } from '../html.ts';
import { formatMoment, formatNumber } from '../language.ts';
import { departmentName, purposeName } from '../names.ts';
import { missingParts, outcomeOf, tableOf } from '../parts.ts';
import { type Usage, USAGE_DAYS, usageOf } from '../usage.ts';
import { type AnsweredError, type Form, type Page, PageProblem, type Shown, type Visit } from '../visit.ts';
import { grantsGiven } from './grants-given.ts';
import { requestsToAnswer } from './requests-to-answer.ts';
import { proposalsToDecide } from './proposals-to-decide.ts';
import { DECISIONS, isDecision, OWNER, type OwnerAnswer, type Release } from './query.ts';
import { TEXTS } from './texts.ts';

/** What a department decides about its own data, and who uses it. */
export const ownerPage: Page = {
  path: '/owner',
  show: (visit) => ownerView(visit),
  async act(visit, form) {
    const decision = form.get('decide');
    if (!isDecision(decision)) throw new PageProblem('FORGED');
    const { data, errors } = await visit.ask<{ done: { id: string } | null }>(DECISIONS[decision], decided(form));
    if (data?.done) return { kind: 'redirect', to: '/owner?done=1' };
    return ownerView(visit, errors);
  },
};

function decided(form: Form): Record<string, unknown> {
  const reason = form.get('reason')?.trim();
  return { id: form.get('id') ?? '', reason: reason === '' ? null : reason };
}

async function ownerView(visit: Visit, refused?: readonly AnsweredError[]): Promise<Shown> {
  const { language, caller, query } = visit;
  const words = TEXTS[language];
  const mine = caller?.department ?? '';
  const { data, errors } = await visit.ask<OwnerAnswer>(OWNER);
  const own = (data?.subgraphs ?? []).filter(({ owner }) => owner === mine).map(({ name }) => name);
  const usage = await usageOf(visit, own);
  const nodes = <Node>(list: { readonly edges: readonly { readonly node: Node }[] } | null | undefined): Node[] =>
    (list?.edges ?? []).map(({ node }) => node);
  const main = html`<h1>${words.title} <span class="soft">${departmentName(mine, language)}</span></h1>
    ${missingParts([...errors, ...usage.errors], language)} ${refused && outcomeOf(refused, language)}
    ${!refused && query.get('done') !== null && outcomeOf([], language)}
    ${own.length === 0 && html`<p class="note">${words.nothingOwned}</p>`}
    ${requestsToAnswer(
      nodes(data?.requests).filter(({ owner }) => owner === mine),
      visit,
    )}
    ${proposalsToDecide(nodes(data?.proposals), visit)} ${(usage.data ?? []).map((used) => use(used, visit))}
    ${grantsGiven(
      nodes(data?.grants).filter(({ owner }) => owner === mine),
      visit,
    )}
    ${releases(nodes(data?.releases), visit)}`;
  return { kind: 'page', title: words.title, main, status: refused ? 422 : 200 };
}

function use({ subgraph, calls, consumers, items, unused }: Usage, { language }: Visit): Html {
  const words = TEXTS[language];
  const number = (value: number): string => formatNumber(value, language);
  const rows = consumers.map(({ department, application, purpose, ...each }) => [
    html`${departmentName(department, language)}<br /><span class="soft">${application}</span>`,
    purpose === null ? '—' : purposeName(purpose, language),
    number(each.calls),
    number(each.rows),
    number(each.masked),
    number(each.refused),
    html`<span class="nowrap">${formatMoment(each.last)}</span>`,
  ]);
  return html`<section class="card">
    <h2>${words.use} <code>${subgraph}</code></h2>
    <p class="soft">${words.useSaid(USAGE_DAYS, number(calls))}</p>
    ${tableOf(words.useColumns.map(counted), rows, { caption: words.use, language })}
    <details>
      <summary>${words.items(items.length, unused.length)}</summary>
      ${tableOf(
        words.itemColumns.map(counted),
        items.map((item) => [
          html`<code>${item.coordinate}</code>`,
          number(item.calls),
          number(item.masked),
          number(item.refused),
          item.refusals.map(({ reason, calls: times }) => `${codeName('reason', reason, language)} ${times} `),
        ]),
        { caption: words.itemsUsed, language },
      )}
      <h3>${words.unused}</h3>
      <p>${unused.map(({ coordinate }): Content => html`<code>${coordinate}</code> `)}</p>
    </details>
  </section>`;
}

/** Columns between the first ones and the last are numbers. */
function counted(title: string, index: number, all: readonly string[]) {
  return { title, number: index > (all.length > 5 ? 1 : 0) && index < all.length - 1 };
}

function releases(list: readonly Release[], { language }: Visit): Html {
  const words = TEXTS[language];
  const rows = list.map(({ number, at, kind, department, officer, message, subgraph, inForce }) => [
    html`#${number} ${inForce && html`<span class="badge good">${words.inForce}</span>`}`,
    html`<span class="nowrap">${formatMoment(at)}</span>`,
    codeName('release', kind, language),
    subgraph,
    html`${departmentName(department, language)} ${officer}`,
    message,
  ]);
  return html`<section class="card">
    <h2>${words.releases}</h2>
    ${tableOf(words.releaseColumns, rows, { caption: words.releases, language })}
  </section>`;
}

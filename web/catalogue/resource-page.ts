import { codeName } from '../codes.ts';
import { FRESHNESS, type Freshness, freshnessWords } from '../freshness.ts';
import { type Content, html, type Html } from '../html.ts';
import { formatDay, type Language } from '../language.ts';
import { departmentName } from '../names.ts';
import { badge, codeBadge, missingParts, nextPage, type PageInfo, table } from '../parts.ts';
import { type Page, PageProblem, type Visit } from '../visit.ts';
import { ASKED, exampleQuery, SCHEMA_PART, type SchemaPart } from './example-query.ts';
import type { ResourceItem } from './resource-item.ts';
import { TEXTS } from './texts.ts';

interface Found extends SchemaPart {
  readonly resource:
    | (Freshness & {
        readonly type: string;
        readonly code: string;
        readonly title: string;
        readonly owner: string;
        readonly updateCycle: string;
        readonly description: string | null;
        readonly rowScoped: boolean;
        readonly personal: boolean;
        readonly since: number;
        readonly sinceAt: string;
        readonly items: {
          readonly totalCount: number;
          readonly pageInfo: PageInfo;
          readonly edges: readonly { readonly node: ResourceItem }[];
        };
      })
    | null;
}

const RESOURCE = `query Resource($type: String!, $after: String) {
  resource(type: $type) {
    type code title owner updateCycle description rowScoped personal since sinceAt ${FRESHNESS}
    items(first: 100, after: $after) {
      totalCount pageInfo { hasNextPage endCursor }
      edges { node {
        coordinate field owner class basis mask personal uses description deprecated
        mayISee { access mask reason until howToApply }
      } }
    }
  }
  ${SCHEMA_PART}
}
${ASKED}`;

/** One resource: what it is, each of its items, what the visitor may see of it, and how to ask for more. */
export const resourcePage: Page = {
  path: '/catalogue/resource',
  async show(visit) {
    const { language, query } = visit;
    const words = TEXTS[language];
    const type = query.get('type') ?? '';
    const { data, errors } = await visit.ask<Found>(RESOURCE, { type, after: query.get('after') });
    const resource = data?.resource;
    if (!resource) throw new PageProblem(errors.length > 0 ? 'DOWN' : 'NOT_FOUND', errors[0]?.message);
    const items = resource.items.edges.map(({ node }) => node);
    const example = exampleQuery(type, items, data);
    const main = html`<p><a href="/catalogue">← ${words.back}</a></p>
      <h1>${resource.title} <code class="soft">${type}</code> ${resource.personal && badge(words.personal, 'warn')}</h1>
      ${missingParts(errors, language)}
      <p>${resource.description}</p>
      ${facts(resource, language)}
      <p class="actions">
        ${
          example === undefined
            ? html`<span class="soft">${words.noQuery}</span>`
            : html`<a class="button" href="/graphiql?query=${encodeURIComponent(example)}">${words.query}</a>`
        }
      </p>
      <form class="card" method="get" action="/catalogue/request">
        <p class="soft">${words.requestSaid}</p>
        ${itemTable(items, visit)}
        <p class="actions"><button class="button primary">${words.request}</button></p>
      </form>
      ${nextPage(visit, resource.items.pageInfo)}`;
    return { kind: 'page', title: resource.title, main };
  },
};

function facts(resource: NonNullable<Found['resource']>, language: Language): Html {
  const words = TEXTS[language];
  const { owner, code, updateCycle, rowScoped, since, sinceAt } = resource;
  const pairs: readonly (readonly [string, Content])[] = [
    [words.owner, departmentName(owner, language)],
    [words.code, html`<code>${code}</code>`],
    [words.cycle, codeName('cycle', updateCycle, language)],
    [words.freshness, freshnessWords(resource, language)],
    [words.rows, rowScoped ? words.rowScoped : words.allRows],
    [words.since, `#${since} · ${formatDay(sinceAt, language)}`],
  ];
  return html`<dl class="facts">
    ${pairs.map(
      ([term, value]) =>
        html`<div>
          <dt>${term}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

function itemTable(items: readonly ResourceItem[], { language, caller }: Visit): Html {
  const words = TEXTS[language];
  const titles = [words.item, words.choose, words.meaning, words.class, words.whoMay, words.mine, words.why];
  const rows = items.map((item) => [
    html`<code>${item.field}</code> ${item.personal && badge(words.personal, 'warn')}`,
    choice(item, caller?.department, language),
    [item.description, item.deprecated !== null && html` <s class="soft">${item.deprecated}</s>`],
    codeBadge('class', item.class, language),
    whoMay(item, language),
    codeBadge('access', item.mayISee.access, language),
    why(item, language),
  ]);
  return table(
    words.items,
    titles.map((title) => ({ title })),
    rows,
  );
}

/** What can be asked for: conditional items of other departments, each use by itself. */
function choice(
  { coordinate, class: shared, owner, uses }: ResourceItem,
  mine: string | undefined,
  language: Language,
) {
  if (shared !== 'CONDITIONAL' || owner === mine) return undefined;
  return uses.map(
    (use) =>
      html`<label class="nowrap">
        <input
          type="checkbox"
          name="item"
          value="${coordinate}:${use}"
          aria-label="${coordinate} ${codeName('use', use, language)}"
        />
        ${codeName('use', use, language)}</label
      >`,
  );
}

function whoMay({ class: shared, owner, mask }: ResourceItem, language: Language): Content {
  const words = TEXTS[language];
  if (shared === 'UNCONDITIONAL') return words.everybody;
  if (shared === 'WITHHELD') return `${words.ownerOnly} (${departmentName(owner, language)})`;
  return [words.withGrant, mask !== null && html`<br /><span class="soft">${words.masked} (${mask})</span>`];
}

function why({ mayISee: { reason, until, howToApply }, basis }: ResourceItem, language: Language): Content {
  const words = TEXTS[language];
  return [
    reason !== null && codeName('reason', reason, language),
    basis !== null && html` <span class="soft">${basis}</span>`,
    until !== null && html` <span class="soft">${words.until} ${formatDay(until, language)}</span>`,
    howToApply !== null &&
      html`<details>
        <summary>${words.howTo}</summary>
        <p class="soft" lang="en">${howToApply}</p>
      </details>`,
  ];
}

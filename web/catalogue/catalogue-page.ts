import { codeName } from '../codes.ts';
import { FRESHNESS, type Freshness, freshnessBadge } from '../freshness.ts';
import { html, type Html } from '../html.ts';
import { formatNumber } from '../language.ts';
import { departmentName } from '../names.ts';
import { badge, codeBadge, missingParts, nextPage, type PageInfo, tableOf } from '../parts.ts';
import type { Page, Visit } from '../visit.ts';
import { TEXTS } from './texts.ts';

interface Resource extends Freshness {
  readonly type: string;
  readonly code: string;
  readonly title: string;
  readonly owner: string;
  readonly updateCycle: string;
  readonly description: string | null;
  readonly personal: boolean;
  readonly rowScoped: boolean;
  readonly itemCount: number;
  readonly classes: readonly { readonly class: string; readonly items: number }[];
}

interface Item {
  readonly coordinate: string;
  readonly type: string;
  readonly owner: string;
  readonly class: string;
  readonly description: string | null;
  readonly mayISee: { readonly access: string };
}

interface Connection<Node> {
  readonly totalCount: number | null;
  readonly pageInfo: PageInfo;
  readonly edges: readonly { readonly node: Node }[];
}

interface Found {
  readonly subgraphs: readonly { readonly owner: string }[] | null;
  readonly resources: Connection<Resource> | null;
  readonly items?: Connection<Item> | null;
}

const RESOURCES = `subgraphs { owner }
resources(first: 50, after: $after, search: $search, owner: $owner) {
  totalCount pageInfo { hasNextPage endCursor }
  edges { node { type code title owner updateCycle description personal rowScoped itemCount ${FRESHNESS} classes { class items } } }
}`;
const LIST = `query Catalogue($search: String, $owner: String, $after: String) { ${RESOURCES} }`;
const SEARCH = `query SearchCatalogue($search: String, $owner: String, $after: String) { ${RESOURCES}
  items(first: 50, search: $search, owner: $owner) {
    totalCount pageInfo { hasNextPage endCursor }
    edges { node { coordinate type owner class description mayISee { access } } }
  }
}`;

/** Every resource of all departments, and what a search finds among resources and items. */
export const cataloguePage: Page = {
  path: '/catalogue',
  async show(visit) {
    const { language, query } = visit;
    const words = TEXTS[language];
    const search = query.get('search')?.trim() ?? '';
    const owner = query.get('owner') ?? '';
    const { data, errors } = await visit.ask<Found>(search === '' ? LIST : SEARCH, {
      search: search === '' ? null : search,
      owner: owner === '' ? null : owner,
      after: query.get('after'),
    });
    const { resources, items } = data ?? {};
    const main = html`<h1>${words.title}</h1>
      <p class="soft">${words.said}</p>
      ${searchForm(visit, { search, owner, owners: ownersOf(data?.subgraphs, owner) })}
      ${missingParts(errors, language)} ${items && itemsFound(items, visit)}
      ${
        resources &&
        html`<h2>${words.resources} <span class="soft">${resources.totalCount}</span></h2>
          <div class="cards">${resources.edges.map(({ node }) => resourceCard(node, visit))}</div>
          ${nextPage(visit, resources.pageInfo)}`
      }`;
    return { kind: 'page', title: words.title, main };
  },
};

interface Asked {
  readonly search: string;
  readonly owner: string;
  readonly owners: readonly string[];
}

/** The departments that keep something, and the one asked for, whatever it is. */
function ownersOf(subgraphs: Found['subgraphs'] | undefined, asked: string): readonly string[] {
  const owners = new Set((subgraphs ?? []).map(({ owner }) => owner));
  return [...(asked === '' ? owners : owners.add(asked))].sort();
}

function searchForm({ language }: Visit, { search, owner, owners }: Asked): Html {
  const words = TEXTS[language];
  return html`<form class="search" method="get" action="/catalogue" role="search">
    <label>${words.search}<input type="search" name="search" value="${search}" placeholder="${words.example}" /></label>
    <label
      >${words.owner}<select name="owner">
        <option value="">${words.everyOwner}</option>
        ${owners.map((each) => html`<option value="${each}" ${each === owner && html`selected`}>${departmentName(each, language)}</option>`)}
      </select></label
    >
    <button class="button primary">${words.find}</button>
  </form>`;
}

function resourceCard(resource: Resource, { language }: Visit): Html {
  const { type, code, title, owner, updateCycle, description, personal, itemCount, classes } = resource;
  const words = TEXTS[language];
  return html`<article class="card">
    <div class="card-title">
      <h3><a href="/catalogue/resource?type=${encodeURIComponent(type)}">${title}</a></h3>
      <code class="soft">${code}</code>
    </div>
    <p>
      ${departmentName(owner, language)} · ${codeName('cycle', updateCycle, language)}
      ${freshnessBadge(resource, language)} ${personal && badge(words.personal, 'warn')}
    </p>
    <p class="soft clamp">${description}</p>
    <p>
      <span class="soft">${words.itemsOf(formatNumber(itemCount, language))}</span>
      ${classes.map((each) => html`${codeBadge('class', each.class, language)} ${each.items} `)}
    </p>
  </article>`;
}

function itemsFound(items: Connection<Item>, { language }: Visit): Html {
  const words = TEXTS[language];
  const columns = [words.item, words.meaning, words.owner, words.class, words.mine];
  const rows = items.edges.map(({ node }) => [
    html`<a href="/catalogue/resource?type=${encodeURIComponent(node.type)}"><code>${node.coordinate}</code></a>`,
    node.description,
    departmentName(node.owner, language),
    codeBadge('class', node.class, language),
    codeBadge('access', node.mayISee.access, language),
  ]);
  return html`<section class="card">
    <h2>${words.items} <span class="soft">${items.totalCount}</span></h2>
    ${tableOf(columns, rows, { caption: words.items, language })}
    ${items.pageInfo.hasNextPage && html`<p class="soft">${words.more}</p>`}
  </section>`;
}

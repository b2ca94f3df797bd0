import { html, type Html } from '../html.ts';
import { formatDay } from '../language.ts';
import { departmentName, purposeName } from '../names.ts';
import { codeBadge, csrfField, tableOf } from '../parts.ts';
import type { Visit } from '../visit.ts';
import type { GivenGrant } from './query.ts';
import { TEXTS } from './texts.ts';

/** The grants this department gave; each can be ended, with a reason, and every gateway knows within a second. */
export function grantsGiven(grants: readonly GivenGrant[], visit: Visit): Html {
  const { language } = visit;
  const words = TEXTS[language];
  const rows = grants.map(({ id, department, application, purpose, items, validUntil, state }) => [
    html`<code>${id}</code>`,
    html`${departmentName(department, language)}<br /><span class="soft">${application}</span>`,
    purposeName(purpose, language),
    html`<details>
      <summary>${items.length}</summary>
      ${items.map(({ coordinate }) => html`<code>${coordinate}</code> `)}
    </details>`,
    html`<span class="nowrap">${formatDay(validUntil, language)}</span>`,
    codeBadge('state', state, language),
    state === 'IN_FORCE' || state === 'NOT_YET' ? revocation(id, visit) : undefined,
  ]);
  return html`<section class="card" id="grants">
    <h2>${words.grants} <span class="soft">${grants.length}</span></h2>
    ${tableOf(words.grantColumns, rows, { caption: words.grants, language })}
  </section>`;
}

function revocation(id: string, visit: Visit): Html {
  const words = TEXTS[visit.language];
  return html`<details>
    <summary>${words.revoke}</summary>
    <form class="inline" method="post" action="/owner">
      ${csrfField(visit)}
      <input type="hidden" name="id" value="${id}" />
      <label>${words.reason}<input name="reason" required maxlength="500" /></label>
      <button class="button danger" name="decide" value="revoke">${words.revoke}</button>
    </form>
  </details>`;
}

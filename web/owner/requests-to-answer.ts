import { codeName } from '../codes.ts';
import { html, type Html } from '../html.ts';
import { formatDay, formatMoment } from '../language.ts';
import { departmentName, purposeName } from '../names.ts';
import { csrfField } from '../parts.ts';
import type { Visit } from '../visit.ts';
import type { PendingRequest } from './query.ts';
import { TEXTS } from './texts.ts';

/** The requests that wait for an answer of this department, the oldest first: their clock is running. */
export function requestsToAnswer(requests: readonly PendingRequest[], visit: Visit): Html {
  const { language } = visit;
  const words = TEXTS[language];
  const oldest = [...requests].sort((a, b) => a.requestedAt.localeCompare(b.requestedAt));
  return html`<section id="requests">
    <h2>${words.requests} <span class="soft">${requests.length}</span></h2>
    ${requests.length === 0 && html`<p class="soft">${words.noRequests}</p>`}
    ${oldest.map((request) => requestCard(request, visit))}
  </section>`;
}

function requestCard(request: PendingRequest, visit: Visit): Html {
  const { language } = visit;
  const words = TEXTS[language];
  const { id, department, application, officer, purpose, basis, items, divisions, quota } = request;
  const facts = [
    [words.purpose, purposeName(purpose, language)],
    [words.basis, basis],
    [words.divisions, divisions.join(' ')],
    [words.term, `${formatDay(request.validFrom, language)} – ${formatDay(request.validUntil, language)}`],
    [words.quota, quota ? `${quota.rowsPerDay ?? '—'} / ${quota.subjectsPerDay ?? '—'}` : words.noQuota],
    [words.asked, `${formatMoment(request.requestedAt)} · ${officer}`],
  ] as const;
  return html`<article class="card">
    <div class="card-title">
      <h3>${departmentName(department, language)} · ${application}</h3>
      <code class="soft">${id}</code>
    </div>
    <dl class="facts">
      ${facts.map(
        ([term, value]) =>
          html`<div>
            <dt>${term}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
    <ul class="plain">
      ${items.map(
        ({ coordinate, uses }) =>
          html`<li><code>${coordinate}</code> ${uses.map((use) => codeName('use', use, language)).join(' · ')}</li>`,
      )}
    </ul>
    ${decisionForm(visit, { id, approve: 'approve', refuse: 'refuse' })}
  </article>`;
}

/** Approving and refusing in one form; the endpoint asks for the reason where there has to be one. */
export function decisionForm(
  visit: Visit,
  { id, approve, refuse }: { readonly id: string; readonly approve: string; readonly refuse: string },
): Html {
  const words = TEXTS[visit.language];
  return html`<form class="inline" method="post" action="/owner">
    ${csrfField(visit)}
    <input type="hidden" name="id" value="${id}" />
    <label>${words.reason}<input name="reason" maxlength="500" /></label>
    <button class="button primary" name="decide" value="${approve}">${words.approve}</button>
    <button class="button danger" name="decide" value="${refuse}">${words.refuse}</button>
  </form>`;
}

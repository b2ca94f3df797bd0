import { html, type Html } from '../html.ts';
import { formatMoment } from '../language.ts';
import { departmentName } from '../names.ts';
import { tableOf } from '../parts.ts';
import type { Visit } from '../visit.ts';
import type { Proposal } from './query.ts';
import { decisionForm } from './requests-to-answer.ts';
import { TEXTS } from './texts.ts';

/** The proposals of releases that would let somebody see more: what they loosen, who gains, and who has approved. */
export function proposalsToDecide(proposals: readonly Proposal[], visit: Visit): Html {
  const words = TEXTS[visit.language];
  return html`<section id="proposals">
    <h2>${words.proposals} <span class="soft">${proposals.length}</span></h2>
    ${proposals.length === 0 && html`<p class="soft">${words.noProposals}</p>`}
    ${proposals.map((proposal) => proposalCard(proposal, visit))}
  </section>`;
}

function proposalCard(proposal: Proposal, visit: Visit): Html {
  const { language, caller } = visit;
  const words = TEXTS[language];
  const { id, subgraph, department, officer, message, at, owners, approvedBy, rights, gains } = proposal;
  const concerned = owners.includes(caller?.department ?? '');
  const named = (codes: readonly string[]): string => codes.map((code) => departmentName(code, language)).join(' · ');
  return html`<article class="card">
    <div class="card-title">
      <h3>${subgraph ?? words.restores(proposal.restores)}: ${message}</h3>
      <code class="soft">${id}</code>
    </div>
    <p class="soft">${departmentName(department, language)} ${officer} · ${formatMoment(at)}</p>
    <p>${words.owners} ${named(owners)}; ${words.approvedBy} ${approvedBy.length === 0 ? '—' : named(approvedBy)}</p>
    ${tableOf(
      words.rightColumns,
      rights
        .filter(({ loosens }) => loosens)
        .map(({ coordinate, what, before, after }) => [html`<code>${coordinate}</code>`, what, before, after]),
      { caption: words.rights, language },
    )}
    ${
      gains.length > 0 &&
      tableOf(
        words.gainColumns,
        gains.map(({ who, coordinate, after }) => [who, html`<code>${coordinate}</code>`, after]),
        { caption: words.gains, language },
      )
    }
    ${concerned && decisionForm(visit, { id, approve: 'approveProposal', refuse: 'refuseProposal' })}
  </article>`;
}

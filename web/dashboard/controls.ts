import { html, type Html } from '../html.ts';
import { formatDay, formatNumber, type Language } from '../language.ts';
import { type Address, aboutOf, addressOf } from './address.ts';
import type { Dashboard, Place } from './model.ts';
import { fill, WORDS } from './texts.ts';

/** The way from the prefecture down to here. */
export function trailView(
  trail: readonly Place[],
  { address, language }: { address: Address; language: Language },
): Html {
  return html`<nav class="trail" aria-label="${WORDS[language].trail}">
    <ol>
      ${trail.map(({ code, name }, index) =>
        index === trail.length - 1
          ? html`<li aria-current="page">${name}</li>`
          : html`<li><a href="${aboutOf(address, code)}">${name}</a></li>`,
      )}
    </ol>
  </nav>`;
}

/** Days after which a monthly statistic is late: a month, and two weeks to build the next release. */
const LATE_DAYS = 45;
const DAY_MS = 86_400_000;

/** As of when the numbers are, and whether that is too long ago. */
export function freshness({ sources }: Dashboard, language: Language, now: number): Html {
  const words = WORDS[language];
  const oldest = sources
    .map(({ asOf }) => asOf)
    .filter((asOf) => asOf !== '')
    .sort()[0];
  if (oldest === undefined) return html`<span class="badge warn">${words.noRelease}</span>`;
  const releases = [...new Set(sources.flatMap(({ release }) => release ?? []))];
  const days = Math.floor((now - Date.parse(oldest)) / DAY_MS);
  return html`<span class="badge ${days > LATE_DAYS ? 'warn' : 'good'}"
      >${fill(words.fresh, { asOf: formatDay(oldest, language) })}</span
    >
    ${releases.map((release) => html`<span class="badge">${fill(words.freshRelease, { release })}</span>`)}
    ${
      days > LATE_DAYS &&
      html`<span class="badge warn">${fill(words.stale, { days: formatNumber(days, language) })}</span>`
    }`;
}

/** Another month, another division beside this one, another month to compare with: a form without a script. */
export function compareForm(
  dashboard: Dashboard,
  { address, language }: { address: Address; language: Language },
): Html {
  const words = WORDS[language];
  const others = dashboard.counties.rows.filter(({ key }) => key !== address.division);
  const { division, measure, beside, period, against } = address;
  return html`<form class="compare search" method="get" action="/dashboard">
    <input type="hidden" name="division" value="${division}" />
    ${measure !== 'people' && html`<input type="hidden" name="measure" value="${measure}" />`}
    <label
      >${words.month}
      <input type="month" name="period" value="${period}" pattern="[0-9]{4}-[0-9]{2}" placeholder="2026-11" />
    </label>
    <label
      >${words.against}
      <input type="month" name="against" value="${against}" pattern="[0-9]{4}-[0-9]{2}" placeholder="2026-10" />
    </label>
    <label
      >${words.beside}
      <select name="with">
        <option value="">${words.none}</option>
        ${others.map(
          ({ key, label }) => html`<option value="${key}" ${key === beside && html`selected`}>${label}</option>`,
        )}
      </select>
    </label>
    <button class="button primary">${words.apply}</button>
    <button class="button" type="button" data-print hidden>${words.print}</button>
    ${
      (beside ?? against ?? period) !== undefined &&
      html`<a class="button" href="${addressOf({ division, measure })}">${words.clear}</a>`
    }
  </form>`;
}

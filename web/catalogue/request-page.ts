import { codeName } from '../codes.ts';
import { html, type Html } from '../html.ts';
import { purposeName } from '../names.ts';
import { csrfField, missingParts, outcomeOf } from '../parts.ts';
import type { AnsweredError, Form, Page, Shown, Visit } from '../visit.ts';
import { TEXTS } from './texts.ts';

interface Purpose {
  readonly code: string;
  readonly title: string;
  readonly bases: readonly string[];
}

/** What was ticked: `Type.field:USE`. */
const TICKED = /^(?<coordinate>[_A-Za-z]\w*\.[_A-Za-z]\w*):(?<use>OUTPUT|LOOKUP|VERIFY|FILTER)$/;
const PURPOSES = 'query Purposes { purposes { code title bases } }';
const ASK = `mutation AskForSharing($input: SharingRequestInput!) {
  requestSharing(input: $input) { id owner state }
}`;

/** The request form for the items that were ticked on the page of a resource. */
export const requestPage: Page = {
  path: '/catalogue/request',
  show: (visit) => formPage(visit, visit.query),
  async act(visit, form) {
    const { data, errors } = await visit.ask<{ requestSharing: readonly { id: string }[] | null }>(ASK, {
      input: inputOf(form),
    });
    if (data?.requestSharing) return { kind: 'redirect', to: '/access?asked=1#requests' };
    return formPage(visit, form, errors);
  },
};

async function formPage(visit: Visit, form: Form, refused?: readonly AnsweredError[]): Promise<Shown> {
  const { language } = visit;
  const words = TEXTS[language];
  const { data, errors } = await visit.ask<{ purposes: readonly Purpose[] | null }>(PURPOSES);
  const items = tickedOf(form);
  const main = html`<p><a href="/catalogue">← ${words.back}</a></p>
    <h1>${words.request}</h1>
    ${missingParts(errors, language)} ${refused && outcomeOf(refused, language)}
    ${items.length === 0 ? html`<p class="note">${words.noItems}</p>` : fields(visit, form, data?.purposes ?? [])}`;
  return { kind: 'page', title: words.request, main, status: refused ? 422 : 200 };
}

function fields(visit: Visit, form: Form, purposes: readonly Purpose[]): Html {
  const { language, caller } = visit;
  const words = TEXTS[language];
  const said = (name: string, otherwise = ''): string => form.get(name) ?? otherwise;
  const chosen = said('purpose', caller?.purpose);
  const bases = purposes.flatMap((purpose) => purpose.bases);
  return html`<form class="card" method="post" action="/catalogue/request">
    ${csrfField(visit)}
    <ul class="plain">
      ${tickedOf(form).map(
        ({ coordinate, use }) =>
          html`<li>
            <label>
              <input type="checkbox" name="item" value="${coordinate}:${use}" checked />
              <code>${coordinate}</code> ${codeName('use', use, language)}
            </label>
          </li>`,
      )}
    </ul>
    <div class="fields">
      <label
        >${words.purpose}
        <select name="purpose" required>
          ${purposes.map(
            ({ code }) =>
              html`<option value="${code}" ${code === chosen && html`selected`}>
                ${purposeName(code, language)}
              </option>`,
          )}
        </select>
      </label>
      <label
        >${words.basis}
        <input name="basis" required maxlength="500" list="bases" value="${said('basis', basisOf(chosen, purposes))}" />
      </label>
      <datalist id="bases">${bases.map((basis) => html`<option value="${basis}"></option>`)}</datalist>
      <label
        >${words.divisions}
        <input name="divisions" required value="${said('divisions')}" aria-describedby="divisions-said" />
      </label>
      <label
        >${words.days}<input name="days" type="number" min="1" max="1096" required value="${said('days', '365')}"
      /></label>
      <label
        >${words.rowsPerDay} (${words.optional})<input name="rows" type="number" min="1" value="${said('rows')}" />
      </label>
      <label
        >${words.subjectsPerDay} (${words.optional})<input
          name="subjects"
          type="number"
          min="1"
          value="${said('subjects')}"
        />
      </label>
    </div>
    <p class="soft" id="divisions-said">${words.divisionsSaid}</p>
    <p class="actions"><button class="button primary">${words.send}</button></p>
  </form>`;
}

function basisOf(purpose: string, purposes: readonly Purpose[]): string {
  return purposes.find(({ code }) => code === purpose)?.bases[0] ?? '';
}

function tickedOf(form: Form): readonly { readonly coordinate: string; readonly use: string }[] {
  return form.getAll('item').flatMap((text) => {
    const { coordinate, use } = TICKED.exec(text)?.groups ?? {};
    return coordinate === undefined || use === undefined ? [] : [{ coordinate, use }];
  });
}

/** What was filled in, as the endpoint takes it; whether it is right is for the endpoint to say. */
function inputOf(form: Form): Record<string, unknown> {
  const uses = new Map<string, string[]>();
  for (const { coordinate, use } of tickedOf(form)) uses.set(coordinate, [...(uses.get(coordinate) ?? []), use]);
  const [rowsPerDay, subjectsPerDay] = [wholeOf(form.get('rows')), wholeOf(form.get('subjects'))];
  return {
    purpose: form.get('purpose') ?? '',
    basis: form.get('basis') ?? '',
    items: [...uses].map(([coordinate, each]) => ({ coordinate, uses: each })),
    divisions: (form.get('divisions') ?? '').split(/[\s,，、;；]+/).filter(Boolean),
    days: wholeOf(form.get('days')),
    ...((rowsPerDay ?? subjectsPerDay) !== null && { quota: { rowsPerDay, subjectsPerDay } }),
  };
}

function wholeOf(text: string | null): number | null {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null;
}

import { LRUCache } from 'lru-cache';
import { allRecords, recordsOf } from './division-table.ts';
import type { Division } from './division-table.ts';
import { countiesOf, divisionAt } from './divisions.ts';

/** Another code of an area. `whole` is false where only a part of the area went along: rows cannot be moved by code alone. */
export type RelatedCode = { readonly code: string; readonly whole: boolean };

const incoming = new Map<string, RelatedCode[]>();
for (const { code, transfers } of allRecords()) {
  for (const transfer of transfers) {
    incoming.set(transfer.code, [...(incoming.get(transfer.code) ?? []), { code, whole: transfer.whole }]);
  }
}

/**
 * The codes in force on `at` that cover what `code` last covered: itself while in force, one code after a rename or merger,
 * several after a split. Parts that were handed over while the code stayed are listed with `whole: false`.
 * Empty where the table does not know the code, or does not know where it went.
 */
export function successorsOf(code: string, at: string): RelatedCode[] {
  const start = recordsOf(code).findLast(({ validFrom }) => validFrom <= at);
  const found = new Map<string, boolean>();
  if (start !== undefined) follow(start, { whole: true, since: '' }, at, found);
  return list(found);
}

/** `since` is the day the area came to this record: what the record handed over by then is another area. */
function follow(
  record: Division,
  { whole, since }: { whole: boolean; since: string },
  at: string,
  found: Map<string, boolean>,
): void {
  if (record.validTo === null || at < record.validTo) keep(found, record.code, whole);
  for (const transfer of record.transfers.filter(({ on }) => since < on && on <= at)) {
    const next = recordsOf(transfer.code).find(({ validFrom, validTo }) => {
      return validFrom <= transfer.on && (validTo === null || transfer.on < validTo);
    });
    if (next === undefined) keep(found, transfer.code, whole && transfer.whole);
    else follow(next, { whole: whole && transfer.whole, since: transfer.on }, at, found);
  }
  const { validTo } = record;
  if (validTo === null || at < validTo || record.transfers.length > 0) return;
  const renamed = recordsOf(record.code).find(({ validFrom }) => validFrom === validTo);
  if (renamed !== undefined) follow(renamed, { whole, since: validTo }, at, found);
}

/**
 * The codes of the past whose area, or a part of it, is now under `code`, at any remove. Records that still carry such a
 * code belong to `code` if `whole`; of the others only a part does, and which part cannot be told from the code.
 */
export function predecessorsOf(code: string): RelatedCode[] {
  const found = new Map<string, boolean>();
  const visit = (target: string, whole: boolean): void => {
    for (const earlier of incoming.get(target) ?? []) {
      const all = whole && earlier.whole;
      const known = found.get(earlier.code);
      if (earlier.code === code || known === true || known === all) continue;
      keep(found, earlier.code, all);
      visit(earlier.code, all);
    }
  };
  visit(code, true);
  return list(found);
}

/** What was asked for lately: a prefecture takes 0.4 ms, and every query under a scope asks. */
const scopes = new LRUCache<string, readonly string[]>({ max: 1_000 });

/**
 * The county codes that rows of a scope may carry on `at`: the counties in force under it and their predecessors whose
 * whole area is there now. A prefix would not do: 532330 begins like 楚雄 but its area went to 昆明 in 1983, and rows of
 * 禄丰 entered before 2021 still say 532331.
 */
export function countyCodesInScope(scope: string, at: string): readonly string[] {
  const key = `${scope} ${at}`;
  const known = scopes.get(key) ?? countyCodes(scope, at);
  scopes.set(key, known);
  return known;
}

function countyCodes(scope: string, at: string): readonly string[] {
  const counties = scope.endsWith('00') ? countiesOf(scope, at).map(({ code }) => code) : [scope.slice(0, 6)];
  const earlier = counties.flatMap((code) => predecessorsOf(code).filter(({ whole }) => whole));
  const stillThere = earlier.filter(({ code }) => divisionAt(code, at).kind !== 'IN_FORCE');
  return [...new Set([...counties, ...stillThere.map(({ code }) => code)])].sort();
}

function keep(found: Map<string, boolean>, code: string, whole: boolean): void {
  found.set(code, whole || found.get(code) === true);
}

function list(found: Map<string, boolean>): RelatedCode[] {
  return [...found].map(([code, whole]) => ({ code, whole })).sort((a, b) => a.code.localeCompare(b.code));
}

import type { PolicyChange } from '../../schema/policy-change.ts';
import type { PolicyTable } from '../../schema/policy-table.ts';
import { type Decision, decide } from '../policy/decide.ts';
import { type Grant, grantKey, grantView, type Use } from '../policy/grant.ts';

/** Somebody who may see or use more of an item than before. */
export interface Gain {
  /** An application and its purpose, or `every department`. */
  readonly who: string;
  readonly coordinate: string;
  /** What they could do before and can do after: `nothing`, `masked as NAME`, `all of it`; for rows, the field that narrows them. */
  readonly before: string;
  readonly after: string;
}

const EVERYBODY = 'every department';
/** What changes for an item although decisions on it stay as they are. */
const BESIDE_CLASSES = new Set<PolicyChange['what']>(['REQUIRES', 'ACTORS', 'KEY', 'RETURNS']);
const WHO: Partial<Record<PolicyChange['what'], string>> = {
  URL: 'who answers there',
  KEY: 'every department whose subgraph refers to the type',
};
const USES: readonly Use[] = ['OUTPUT', 'LOOKUP', 'VERIFY', 'FILTER'];

/** Who newly sees what where rights are loosened: the decisions before and after, for every holder of a grant and for a stranger. */
export function gainsOf(
  rights: readonly PolicyChange[],
  tables: { readonly before: PolicyTable; readonly after: PolicyTable },
  { grants, at }: { readonly grants: readonly Grant[]; readonly at: number },
): readonly Gain[] {
  const loosened = rights.filter(({ loosens }) => loosens);
  const view = grantView(0, grants);
  const holders = [
    ...new Map(
      grants.map(({ department, application, purpose }) => {
        const holder = { department, application, purpose };
        return [grantKey(holder), holder] as const;
      }),
    ).values(),
  ];
  const stranger = { department: '', application: '' };
  const items = [...new Set(loosened.filter(({ coordinate }) => isItem(coordinate)).map((each) => each.coordinate))];
  const gained = items.flatMap((coordinate) => {
    const decided = (table: PolicyTable, caller: typeof stranger): string[] =>
      USES.map((use) =>
        said(
          use,
          decide({ table, grants: view, stale: false }, { caller: { ...caller, roles: [] }, coordinate, use, at }),
        ),
      );
    const difference = (caller: typeof stranger, who: string): Gain[] => {
      const [before, after] = [decided(tables.before, caller), decided(tables.after, caller)];
      const changed = USES.map((_, index) => index).filter((index) => before[index] !== after[index]);
      if (changed.length === 0) return [];
      const listed = (words: readonly string[]): string => {
        const said = changed.map((index) => words[index] ?? '');
        const [one = '', ...others] = said.map((each) => each.replace(/^\w+: /, ''));
        // Alike for every use, the uses need not be named.
        return changed.length === USES.length && others.every((each) => each === one) ? one : said.join(', ');
      };
      return [{ who, coordinate, before: listed(before), after: listed(after) }];
    };
    const everybody = difference(stranger, EVERYBODY);
    if (everybody.length > 0) return everybody;
    return holders.flatMap((holder) =>
      difference(holder, `${holder.department}/${holder.application} for ${holder.purpose}`),
    );
  });
  const others = loosened
    .filter(({ what, coordinate }) => !isItem(coordinate) || BESIDE_CLASSES.has(what))
    .map(({ coordinate, what, before, after }): Gain => ({
      who: WHO[what] ?? 'whoever may ask for it',
      coordinate,
      before: `${what}: ${before}`,
      after: `${what}: ${after}`,
    }));
  return [...gained, ...others];
}

const isItem = (coordinate: string): boolean => /^\w+\.\w+$/.test(coordinate);

function said(use: Use, decision: Decision): string {
  const verb = use === 'OUTPUT' ? 'see' : use.toLowerCase();
  switch (decision.kind) {
    case 'ALLOW':
      return `${verb}: all of it`;
    case 'MASK':
      return `${verb}: masked as ${decision.mask}`;
    case 'DENY':
      return `${verb}: nothing`;
  }
}

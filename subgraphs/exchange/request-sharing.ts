import { purposes } from '../../lib/codes/purposes.ts';
import { nearestName } from '../../lib/nearest-name.ts';
import type { GrantItem, Obligation } from '../../sharing/policy/grant.ts';
import { type CatalogueItem, findItems, knownCoordinates } from '../../sharing/store/catalogue.ts';
import { type NewRequest, storeRequests } from '../../sharing/store/request-store.ts';
import { checkQuota, type GivenQuota, obligationsOf } from './check-conditions.ts';
import { checkDivisions } from './check-divisions.ts';
import { checkAsked, checkList } from './check-items.ts';
import { type AskedTerm, checkTerm } from './check-term.ts';
import type { ExchangeContext } from './grants.ts';
import { askingOfficer } from './officer.ts';
import { refused, statement } from './refused.ts';

interface Asked extends AskedTerm {
  readonly purpose: string;
  readonly basis: string;
  readonly items: readonly GrantItem[];
  readonly divisions: readonly string[];
  readonly quota?: GivenQuota | null;
  readonly obligations: readonly Obligation[];
}

export const requestMutations = {
  /** Who asks comes from the signed context alone; nobody can ask in the name of another department or application. */
  async requestSharing(_: unknown, { input }: { input: Asked }, { signed, loaders }: ExchangeContext) {
    const now = new Date();
    const { department, application } = signed.caller;
    const officer = askingOfficer(signed);
    const { purpose, items, divisions } = input;
    const basis = statement('basis', input.basis);
    const { term, problems: ofTerm } = checkTerm(input, now);
    const { quota, problems: ofQuota } = checkQuota(input.quota);
    const obligations = obligationsOf(input.obligations);
    const ofList = checkList(items);
    const found = await findItems(
      loaders,
      items.map(({ coordinate }) => coordinate),
    );
    const coordinates = found.size < items.length ? await knownCoordinates(loaders) : [];
    const problems = [
      ...checkPurpose(purpose),
      ...basis.problems,
      ...(ofList.length > 0 ? ofList : checkAsked(items, { items: found, coordinates }, department)),
      ...checkDivisions(divisions, now),
      ...ofTerm,
      ...ofQuota,
    ];
    if (problems.length > 0) throw refused(...problems);
    const conditions = { ...(quota && { quota }), ...(obligations.length > 0 && { obligations }) };
    const asker = { department, application, officer: officer.name };
    const shared = { ...asker, purpose, basis: basis.text, divisions, ...term, ...conditions };
    const asked = byOwner(items, found).map(([owner, own]): NewRequest => ({ ...shared, owner, items: own }));
    return storeRequests(loaders, asked, now);
  },
};

function checkPurpose(purpose: string): readonly string[] {
  const codes = purposes.map(({ code }) => code);
  if (codes.includes(purpose)) return [];
  const near = nearestName(purpose, codes);
  return [
    `purpose: none of the list. Give ${near ? `${near} if that is meant, or ` : ''}one that Query.purposes names.`,
  ];
}

function byOwner(
  items: readonly GrantItem[],
  catalogue: ReadonlyMap<string, CatalogueItem>,
): readonly [owner: string, items: readonly GrantItem[]][] {
  const owned = new Map<string, GrantItem[]>();
  for (const { coordinate, uses } of items) {
    const owner = catalogue.get(coordinate)?.owner ?? '';
    owned.set(owner, [...(owned.get(owner) ?? []), { coordinate, uses }]);
  }
  return [...owned];
}

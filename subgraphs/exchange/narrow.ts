import type { GrantItem, Obligation } from '../../sharing/policy/grant.ts';
import type { Granted } from '../../sharing/store/grant-store.ts';
import type { RequestRecord } from '../../sharing/store/request-record.ts';
import { type GivenQuota, narrowQuota, obligationsOf } from './check-conditions.ts';
import { checkDivisions, isWithin } from './check-divisions.ts';
import { checkList } from './check-items.ts';

/** What an owner changes in a request when approving it; what is absent stays as asked. */
export interface Narrowing {
  readonly items?: readonly GrantItem[] | null;
  readonly divisions?: readonly string[] | null;
  readonly validUntil?: Date | null;
  readonly quota?: GivenQuota | null;
  /** Come beside those the request binds itself to. */
  readonly obligations?: readonly Obligation[] | null;
}

/** What is granted of a request, or why that is not the same or less than what was asked. */
export function narrow(
  request: RequestRecord,
  narrowing: Narrowing,
  now: Date,
): { readonly granted: Granted; readonly problems: readonly string[] } {
  const items = (narrowing.items ?? request.items).map(({ coordinate, uses }) => ({ coordinate, uses }));
  const divisions = narrowing.divisions ?? request.divisions;
  const validUntil = narrowing.validUntil ?? request.validUntil;
  const validFrom = request.validFrom > now ? request.validFrom : now;
  const { quota, problems: ofQuota } = narrowQuota(request.quota, narrowing.quota);
  const obligations = obligationsOf(request.obligations, narrowing.obligations);
  const problems = [
    ...checkList(items),
    ...items.flatMap((item, index) => widened(item, index, request)),
    ...checkDivisions(divisions, now),
    ...divisions.flatMap((code, index) =>
      isWithin(code, request.divisions)
        ? []
        : [`divisions[${index}]: not within what was asked. Name divisions inside those of the request.`],
    ),
    ...checkEnds({ validFrom, validUntil }, request, now),
    ...ofQuota,
  ];
  const conditions = { ...(quota && { quota }), ...(obligations.length > 0 && { obligations }) };
  return { granted: { items, divisions, validFrom, validUntil, ...conditions }, problems };
}

function widened({ coordinate, uses }: GrantItem, index: number, { items }: RequestRecord): readonly string[] {
  const asked = items.find((item) => item.coordinate === coordinate);
  if (!asked) return [`items[${index}].coordinate: was not asked for. Grant only items of the request.`];
  return uses.every((use) => asked.uses.includes(use))
    ? []
    : [`items[${index}].uses: more than was asked. Choose among ${asked.uses.join(', ')}.`];
}

function checkEnds(
  { validFrom, validUntil }: Pick<Granted, 'validFrom' | 'validUntil'>,
  request: RequestRecord,
  now: Date,
): readonly string[] {
  if (request.validUntil <= now)
    return ['request: the term it asks for is over. Refuse it; what is still needed has to be asked for again.'];
  if (validUntil > request.validUntil)
    return [`validUntil: later than was asked. Give ${request.validUntil.toISOString()} at the latest.`];
  return validUntil <= validFrom ? ['validUntil: not after the beginning of the term. Give a later moment.'] : [];
}

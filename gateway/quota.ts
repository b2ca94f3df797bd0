import { HubError } from '../lib/errors.ts';
import { endOfDay, today } from '../lib/today.ts';
import type { Left, QuotaStore, Reservation } from '../sharing/store/quota-store.ts';
import type { Authorised } from './authorise.ts';
import { upperBound } from './quota-bound.ts';
import type { Charge } from './trail.ts';

export const QUOTA_EXCEEDED = 'QUOTA_EXCEEDED';

/** What is taken of the grants with a quota for one answer. */
export interface Reserved {
  /** Counts what is shown instead. @throws HubError QUOTA_EXCEEDED where it is too much: then nothing may be shown. */
  settle(charges: ReadonlyMap<string, Charge>): Promise<void>;
  /** Gives back what was taken, as nothing is shown. */
  release(): Promise<void>;
}

/** Takes what an answer may show at most, before anything is fetched. @throws HubError QUOTA_EXCEEDED */
export type Reserve = (authorised: Authorised, variables: Readonly<Record<string, unknown>>) => Promise<Reserved>;

/** Where nothing is counted. */
export const NOTHING_TAKEN: Reserved = { settle: () => Promise.resolve(), release: () => Promise.resolve() };

/** An answer without any grant that has a quota costs nothing here. */
export function quotaKeeper(store: QuotaStore): Reserve {
  return async ({ quotas, shape }, variables) => {
    if (quotas.length === 0 || !shape) return NOTHING_TAKEN;
    const day = today();
    const bound = upperBound(shape, variables);
    const taken: Reservation[] = [];
    for (const { grant, quota } of quotas) {
      const reservation = { grant, quota, day, ...(bound.get(grant) ?? { rows: 0, subjects: 0 }) };
      const left = await store.reserve(reservation);
      if (left) {
        await Promise.all(taken.map((each) => store.release(each)));
        throw exceeded(reservation, left);
      }
      taken.push(reservation);
    }
    return {
      async settle(charges) {
        for (const reservation of taken) {
          const shown = charges.get(reservation.grant) ?? { rows: 0, subjects: new Set<string>() };
          const left = await store.settle(reservation, shown);
          if (left) throw exceeded(reservation, left);
        }
      },
      release: async () => {
        await Promise.all(taken.map((each) => store.release(each)));
      },
    };
  };
}

/** It says what was taken and what is left, nothing of what was found: that would count rows without showing them. */
function exceeded({ grant, day, rows, subjects }: Reservation, left: Left): HubError {
  const renewsAt = endOfDay(day);
  const parts = [
    ...(left.rows === undefined ? [] : [`about ${rows} rows, and ${left.rows} are left today`]),
    ...(left.subjects === undefined ? [] : [`about ${subjects} data subjects, and ${left.subjects} are left today`]),
  ];
  return new HubError(
    QUOTA_EXCEEDED,
    `By grant ${grant} this answer may show ${parts.join('; ')}. Ask for less at a time (first), or again from ${renewsAt.toISOString()}.`,
    {
      grant,
      left,
      renewsAt: renewsAt.toISOString(),
      retryAfterSeconds: Math.max(1, Math.ceil((renewsAt.getTime() - Date.now()) / 1000)),
      http: { status: 429 },
    },
  );
}

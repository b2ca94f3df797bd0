import { type ClientSession, mongo } from 'mongoose';
import type { Quota } from '../policy/grant.ts';
import { type QuotaModels, type QuotaSubjectRecord, quotaUseId } from './quota-models.ts';

/** What is taken of a grant, on one day in China ('YYYY-MM-DD'), before it is known what will be shown. */
export interface Reservation {
  readonly grant: string;
  readonly quota: Quota;
  readonly day: string;
  readonly rows: number;
  readonly subjects: number;
}

/** What was shown by a grant in the end; subjects as keyed hashes. */
export interface Shown {
  readonly rows: number;
  readonly subjects: ReadonlySet<string>;
}

/** What is left of a grant today; absent where its quota sets no bound. */
export interface Left {
  readonly rows?: number;
  readonly subjects?: number;
}

/** The use of grants with a quota, in the store that every gateway shares: together they cannot use more than it gives. */
export interface QuotaStore {
  /** Takes what an answer may show at most; where less is left, takes nothing and says what is. */
  reserve(reservation: Reservation): Promise<Left | undefined>;
  /**
   * Replaces what was taken by what is shown. Where that is more than what was taken and more than is left, it says what is:
   * then nothing may be shown, and what was taken stays used, as the rows were read.
   */
  settle(reservation: Reservation, shown: Shown): Promise<Left | undefined>;
  /** Gives back what was taken for an answer that showed nothing. */
  release(reservation: Reservation): Promise<void>;
}

/** Ends a transaction in which a quota would be exceeded. */
class OverQuota extends Error {}

export function quotaStore(models: QuotaModels): QuotaStore {
  const inTurn = turns();
  return {
    async reserve(reservation) {
      if (await add(models, reservation, reservation)) return undefined;
      await begin(models, reservation);
      return (await add(models, reservation, reservation)) ? undefined : leftOf(models, reservation);
    },
    async settle(reservation, { rows, subjects }) {
      const more = rows - reservation.rows;
      try {
        if (reservation.quota.subjectsPerDay === undefined) {
          if (!(await add(models, reservation, { rows: more, subjects: 0 }))) throw new OverQuota();
        } else {
          // Transactions on one document at once would only make each other begin again.
          const { grant, day } = reservation;
          await inTurn(quotaUseId(grant, day), () => settleSubjects(models, reservation, { rows: more, subjects }));
        }
        return undefined;
      } catch (thrown) {
        if (thrown instanceof OverQuota) return leftOf(models, reservation);
        throw thrown;
      }
    },
    async release(reservation) {
      await add(models, reservation, { rows: -reservation.rows, subjects: -reservation.subjects });
    },
  };
}

/** Runs what bears one name one after the other. */
function turns(): (name: string, action: () => Promise<void>) => Promise<void> {
  const last = new Map<string, Promise<void>>();
  return (name, action) => {
    const turn = (last.get(name) ?? Promise.resolve()).then(action);
    const ended = turn
      .catch(() => undefined)
      .then(() => {
        if (last.get(name) === ended) last.delete(name);
      });
    last.set(name, ended);
    return turn;
  };
}

/** Adds to what was used, unless the quota would be exceeded; what is given back always goes. */
async function add(
  { quotaUse }: QuotaModels,
  { grant, day, quota }: Reservation,
  { rows, subjects }: { readonly rows: number; readonly subjects: number },
  session?: ClientSession,
): Promise<boolean> {
  const within = (most: number | undefined, more: number) =>
    more > 0 && most !== undefined ? { $lte: most - more } : undefined;
  const [ofRows, ofSubjects] = [within(quota.rowsPerDay, rows), within(quota.subjectsPerDay, subjects)];
  const { matchedCount } = await quotaUse.updateOne(
    { _id: quotaUseId(grant, day), ...(ofRows && { rows: ofRows }), ...(ofSubjects && { subjects: ofSubjects }) },
    { $inc: { rows, subjects } },
    session ? { session } : {},
  );
  return matchedCount === 1;
}

/** A year's use can be looked up, and a month more. */
const USE_KEPT_MS = 400 * 86_400_000;

async function begin({ quotaUse }: QuotaModels, { grant, day }: Reservation): Promise<void> {
  const record = { _id: quotaUseId(grant, day), rows: 0, subjects: 0, expiresAt: new Date(Date.now() + USE_KEPT_MS) };
  try {
    await quotaUse.create(record);
  } catch (thrown) {
    // Begun already, by this gateway or by another one.
    if (!(thrown instanceof mongo.MongoServerError && thrown.code === 11_000)) throw thrown;
  }
}

/** Which subjects were shown is kept no longer than the day can last. */
const SUBJECTS_KEPT_MS = 2 * 86_400_000;

async function settleSubjects(models: QuotaModels, reservation: Reservation, { rows, subjects }: Shown): Promise<void> {
  const { grant, day } = reservation;
  const { quotaUse, quotaSubjects } = models;
  const ids = [...subjects].map((subject) => `${quotaUseId(grant, day)}/${subject}`);
  const expiresAt = new Date(Date.now() + SUBJECTS_KEPT_MS);
  await quotaUse.db.transaction(async (session) => {
    // Written first: of two answers that show the same subject the second waits, and then knows it.
    await add(models, reservation, { rows: 0, subjects: -reservation.subjects }, session);
    const known = await quotaSubjects.find({ _id: { $in: ids } }, { _id: 1 }, { session }).lean();
    const seen = new Set(known.map(({ _id }) => _id));
    const fresh = ids.filter((id) => !seen.has(id)).map((_id): QuotaSubjectRecord => ({ _id, expiresAt }));
    if (fresh.length > 0) await quotaSubjects.insertMany(fresh, { session });
    if (!(await add(models, reservation, { rows, subjects: fresh.length }, session))) throw new OverQuota();
  });
}

async function leftOf({ quotaUse }: QuotaModels, { grant, day, quota }: Reservation): Promise<Left> {
  const used = await quotaUse.findById(quotaUseId(grant, day)).lean();
  const left = (most: number, taken = 0): number => Math.max(0, most - taken);
  return {
    ...(quota.rowsPerDay !== undefined && { rows: left(quota.rowsPerDay, used?.rows) }),
    ...(quota.subjectsPerDay !== undefined && { subjects: left(quota.subjectsPerDay, used?.subjects) }),
  };
}

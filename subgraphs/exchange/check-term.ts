export interface AskedTerm {
  readonly validFrom?: Date | null | undefined;
  readonly validUntil?: Date | null | undefined;
  readonly days?: number | null | undefined;
}

export interface Term {
  readonly validFrom: Date;
  readonly validUntil: Date;
}

const DAY = 86_400_000;
/** Clocks differ; what begins `now` at the caller is not in the past here. */
const TOLERANCE = 300_000;
const MOST_YEARS = 3;
const MOST_DAYS = 1_096;
/** A beginning further ahead would be decided long before anybody knows whether it is needed. */
const MOST_YEARS_AHEAD = 1;

/** The term that is asked for, or what is wrong with it. */
export function checkTerm(
  { validFrom, validUntil, days }: AskedTerm,
  now: Date,
): { readonly term: Term; readonly problems: readonly string[] } {
  const from = validFrom && validFrom > now ? validFrom : now;
  const until = validUntil ?? new Date(from.getTime() + (days ?? 0) * DAY);
  const problems: string[] = [];
  if (validFrom && now.getTime() - validFrom.getTime() > TOLERANCE)
    problems.push('validFrom: in the past. Leave it out to begin as soon as it is approved.');
  if (from > yearsAfter(now, MOST_YEARS_AHEAD))
    problems.push('validFrom: more than a year ahead. Ask again when it is nearer.');
  if (validUntil && typeof days === 'number') problems.push('days: given beside validUntil. Leave one of them out.');
  if (!validUntil && typeof days !== 'number')
    problems.push('validUntil: missing. Give the end of the term, or its length in days.');
  else if (!validUntil && ((days ?? 0) < 1 || (days ?? 0) > MOST_DAYS))
    problems.push(
      `days: not a number from 1 to ${MOST_DAYS}. Give the length of the term in days, three years at most.`,
    );
  else problems.push(...checkEnd('validUntil', until, { from, now }));
  return { term: { validFrom: from, validUntil: until }, problems };
}

/** What is wrong with the end of a term that begins at `from`. */
export function checkEnd(
  name: string,
  until: Date,
  { from, now }: { readonly from: Date; readonly now: Date },
): readonly string[] {
  if (until <= now) return [`${name}: in the past. Give a moment to come.`];
  if (until <= from) return [`${name}: not after the beginning of the term. Give a later moment.`];
  const latest = yearsAfter(from, MOST_YEARS);
  if (until > latest)
    return [`${name}: longer than ${MOST_YEARS} years. Give ${latest.toISOString()} at the latest, and renew it then.`];
  return [];
}

function yearsAfter(from: Date, years: number): Date {
  const date = new Date(from);
  date.setUTCFullYear(date.getUTCFullYear() + years);
  return date;
}

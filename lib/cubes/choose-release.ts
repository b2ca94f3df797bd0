import { HubError } from '../errors.ts';
import { parsePeriod } from '../period.ts';
import type { CubeReleaseRecord } from './models.ts';

/** The release that answers: of a period the last one made, else the last of the latest period. */
export type Release = Pick<CubeReleaseRecord, '_id' | 'period' | 'asOf' | 'revised' | 'tables' | 'prefectures'>;

/**
 * @param period a year, quarter or month: the last release within it. The latest when absent.
 * @returns undefined where no release of the period holds the table.
 * @throws HubError BAD_USER_INPUT for what is no period.
 */
export function releaseHolding(
  releases: readonly Release[],
  { table, period }: { readonly table: string; readonly period?: string | undefined },
): Release | undefined {
  const within = period === undefined ? undefined : parsePeriod(period);
  let found: Release | undefined;
  for (const release of releases) {
    if (!release.tables.includes(table)) continue;
    if (within && (release.period < within.from || release.period > within.to)) continue;
    if (!found || release.period > found.period || (release.period === found.period && release._id > found._id))
      found = release;
  }
  return found;
}

/** Why there is no number, and which periods there are. */
export function noRelease(
  releases: readonly Release[],
  { table, period }: { readonly table: string; readonly period?: string | undefined },
): HubError {
  const periods = [...new Set(releases.filter(({ tables }) => tables.includes(table)).map((each) => each.period))];
  const known = periods.sort().slice(-12).join(', ');
  return new HubError(
    'NO_RELEASE',
    known === ''
      ? 'No statistical release holds this table yet. The department that counts it has to build one.'
      : `period: no statistical release of ${period ?? 'any period'} holds this table. It was released for ${known}.`,
  );
}

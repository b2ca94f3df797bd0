import { HubError } from '../errors.ts';
import { parsePeriod } from '../period.ts';
import type { CubeLevel } from './cube-definition.ts';
import type { CubeReleaseRecord } from './models.ts';

/** The release that answers: of a period the last one made, else the last of the latest period. */
export type Release = Pick<
  CubeReleaseRecord,
  '_id' | 'period' | 'asOf' | 'publishedAt' | 'revised' | 'tables' | 'carriedOver' | 'prefectures'
>;

export interface WantedTable {
  /** `cube/table`. */
  readonly table: string;
  readonly level: CubeLevel;
  /** A year, quarter or month: the last release within it. The latest when absent. */
  readonly period?: string | undefined;
}

/** Whether the table came out in this release at this level: not so where it was carried over. */
export function holdsTable(
  release: Pick<Release, 'tables' | 'carriedOver'>,
  wanted: Pick<WantedTable, 'table' | 'level'>,
): boolean {
  return release.tables.includes(wanted.table) && !carries(release, wanted);
}

/**
 * @returns undefined where no release of the period holds the table.
 * @throws HubError BAD_USER_INPUT for what is no period.
 */
export function releaseHolding(releases: readonly Release[], wanted: WantedTable): Release | undefined {
  return latest(within(releases, wanted).filter((release) => holdsTable(release, wanted)));
}

/**
 * The release whose table is carried over in the period asked for: made before the last release that should have had it, and the
 * latest of those that do. Its own period and day say how old it is.
 * @returns undefined where no release of the period carries the table over, or there is none to carry over.
 * @throws HubError BAD_USER_INPUT for what is no period.
 */
export function releaseCarriedOver(releases: readonly Release[], wanted: WantedTable): Release | undefined {
  const carrier = latest(within(releases, wanted).filter((release) => carries(release, wanted)));
  const before = releases.filter(({ _id }) => carrier !== undefined && _id < carrier._id);
  return carrier && latest(before.filter((release) => holdsTable(release, wanted)));
}

/** Why there is no number, and which periods there are. */
export function noRelease(releases: readonly Release[], wanted: WantedTable): HubError {
  const held = releases.filter((release) => holdsTable(release, wanted));
  const known = [...new Set(held.map(({ period }) => period))].sort().slice(-12).join(', ');
  if (known !== '')
    return new HubError(
      'NO_RELEASE',
      `period: no statistical release of ${wanted.period ?? 'any period'} holds this table. It was released for ${known}.`,
    );
  return new HubError(
    'NO_RELEASE',
    releases.some((release) => carries(release, wanted))
      ? 'No statistical release holds this table for divisions of this level: it could not be protected so far. Ask for a wider division, or for another table.'
      : 'No statistical release holds this table yet. The department that counts it has to build one.',
  );
}

function carries(
  { carriedOver = [] }: Pick<Release, 'carriedOver'>,
  { table, level }: Pick<WantedTable, 'table' | 'level'>,
): boolean {
  return carriedOver.some((each) => each.table === table && each.level === level);
}

function within(releases: readonly Release[], { period }: WantedTable): readonly Release[] {
  if (period === undefined) return releases;
  const { from, to } = parsePeriod(period);
  return releases.filter((release) => release.period >= from && release.period <= to);
}

function latest(releases: readonly Release[]): Release | undefined {
  let found: Release | undefined;
  for (const release of releases)
    if (!found || release.period > found.period || (release.period === found.period && release._id > found._id))
      found = release;
  return found;
}

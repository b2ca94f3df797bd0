import DataLoader from 'dataloader';
import type { Connection } from 'mongoose';
import { divisionPrefix } from '../within-division.ts';
import { levelOf } from '../codes/division-table.ts';
import { HubError } from '../errors.ts';
import type { SignedContext } from '../signed-context.ts';
import { audienceOf } from './audience.ts';
import { noRelease, type Release, releaseCarriedOver, releaseHolding } from './choose-release.ts';
import { type CubeDefinition, type CubeLevel, type CubeTable, listedTable, tableName } from './cube-definition.ts';
import { type PublishedCell, tableKey } from './models.ts';
import { isThere } from './place.ts';
import { publishedReleases } from './published-releases.ts';
import { publishedTables, type TableOfRelease } from './published-tables.ts';

/** Where a number is from: what every count says of itself. */
export interface StatisticalSource {
  readonly unit: string;
  /** Department code. */
  readonly source: string;
  readonly title: string;
  readonly definition: string;
  readonly asOf: string;
  readonly period: string;
  readonly release: number;
  readonly status: 'FIRST' | 'REVISED';
}

export interface ReleasedTable {
  readonly about: StatisticalSource;
  readonly cells: readonly PublishedCell[];
}

interface Asked {
  /** Division code: 6 digits of a prefecture or county, 9 or 12 of a township. */
  readonly code: string;
  readonly by: readonly string[];
  /** A year, quarter or month; the latest when absent. */
  readonly period?: string | null | undefined;
}

/** Reads protected tables for one operation. */
export interface ReleasedTables {
  /**
   * A table of a division as released for the caller's audience. Where the release of the period asked for had to leave it out,
   * the last one before that has it; `about` says of when it is.
   * @throws HubError BAD_USER_INPUT for a table that is not listed, NO_RELEASE where no release of the period holds it,
   * NOT_PUBLISHED where it is not published for divisions of this level, or the division is in no release.
   */
  table(cube: CubeDefinition, asked: Asked): Promise<ReleasedTable>;
  /**
   * The cells, for totals that derived numbers are made of: null where `table` would say why there are none, and where it would
   * give those of another period, as rates of two months must not be made of one.
   */
  cells(cube: CubeDefinition, asked: Asked): Promise<readonly PublishedCell[] | null>;
}

/** Why there is no table at all, and not a wrong question. */
const REASONS = ['NO_RELEASE', 'NOT_PUBLISHED'];

/**
 * The tables of one department's store, for one caller: what it may see follows from the roles in the signed context. Divisions
 * asked for together come with one read by key for each table.
 * @param source department code of the owner.
 */
export function releasedTables(connection: Connection, signed: SignedContext, source: string): ReleasedTables {
  const audience = audienceOf(signed.caller);
  const tables = new DataLoader<TableOfRelease, readonly PublishedCell[] | undefined, string>(
    (wanted) => publishedTables(connection, wanted),
    { cacheKeyFn: ({ key }) => key },
  );

  const read = async (
    cube: CubeDefinition,
    { code, by, period }: Asked,
    { mayBeOlder }: { readonly mayBeOlder: boolean },
  ): Promise<ReleasedTable> => {
    const listed = listedTable(cube, by);
    const division = divisionOf(code);
    const level = levelIn(listed, division);
    const wanted = { table: `${cube.name}/${tableName(listed.by)}`, level, period: period ?? undefined };
    const all = await publishedReleases(connection);
    const release = releaseHolding(all, wanted) ?? (mayBeOlder ? releaseCarriedOver(all, wanted) : undefined);
    if (!release) throw noRelease(all, wanted);
    const at = { audience, cube: cube.name, table: tableName(listed.by), division };
    const cells = await tables.load({ release, key: tableKey(release._id, at) });
    if (!cells) requireCovered(division, cube, release);
    return { about: aboutOf(cube, release, source), cells: cells ?? [] };
  };

  return {
    table: (cube, asked) => read(cube, asked, { mayBeOlder: true }),
    async cells(cube, asked) {
      try {
        return (await read(cube, asked, { mayBeOlder: false })).cells;
      } catch (thrown) {
        // The number that is derived from it names what it lacks.
        if (thrown instanceof HubError && REASONS.includes(thrown.code)) return null;
        throw thrown;
      }
    },
  };
}

function aboutOf(cube: CubeDefinition, { _id, period, asOf, revised }: Release, source: string): StatisticalSource {
  const { unit, title, definition } = cube;
  return { unit, source, title, definition, asOf, period, release: _id, status: revised ? 'REVISED' : 'FIRST' };
}

/** The code by which the division's tables are kept: 9 digits of a township, however it is written. */
function divisionOf(code: string): string {
  if (levelOf(code) === undefined)
    throw new HubError(
      'BAD_USER_INPUT',
      'division: not a division code. Give 6 digits (prefecture or county) or 9 (township).',
    );
  return code.length > 6 ? divisionPrefix(code) : code;
}

function levelIn({ by, levels }: CubeTable, division: string): CubeLevel {
  const level = levelOf(division);
  const found = levels.find((each) => each === level);
  if (found) return found;
  throw new HubError(
    'NOT_PUBLISHED',
    `by: the table [${by.join(', ')}] is published for ${levels.join(', ')}, and this division is a ${level ?? 'part'}. Ask for a division of these levels, or for another table.`,
  );
}

/** A division without cells has no rows where the release covers it, and is unknown elsewhere: that must not be told as zero. */
function requireCovered(division: string, cube: CubeDefinition, { asOf, prefectures }: Release): void {
  const county = division.slice(0, 6);
  const isCovered = prefectures.some((each) => {
    const [name, prefecture = ''] = each.split('/');
    return name === cube.name && county.startsWith(divisionPrefix(prefecture));
  });
  const isPart = division.length > 6 && county.endsWith('00');
  if (isCovered && !isPart && isThere(county, asOf)) return;
  throw new HubError(
    'NOT_PUBLISHED',
    `division: the release of ${asOf} has no such division. Ask for one that was in force on that day and that the register covers.`,
  );
}

import { type Audience, AUDIENCES } from '../../lib/cubes/audience.ts';
import type { CubeDefinition } from '../../lib/cubes/cube-definition.ts';
import type { CubeModels, CubeTableRecord } from '../../lib/cubes/models.ts';
import type { EarlierCell, EarlierRelease } from '../../sharing/disclosure/system.ts';
import type { CountedCube } from './assemble.ts';
import { cellId } from './equations.ts';
import { type PastRelease, renamedId, renaming, within } from './history.ts';
import { type PlacedCell, placedCells, valueOf } from './system.ts';

/** Numbers that releases too old to be protected against as a whole have shown, by audience. */
export type LongAgo = Readonly<Record<Audience, readonly EarlierRelease[]>>;

interface Asked {
  readonly number: number;
  readonly asOf: string;
  readonly past: readonly PastRelease[];
}

/**
 * What the rule over time needs of the releases before those in `past`: of every cell that none of these has shown, what the last
 * one before that did show said. A number that was hidden for years is compared with what readers still have of it.
 */
export async function shownLongAgo(
  models: CubeModels,
  { cube, counted }: { readonly cube: CubeDefinition; readonly counted: CountedCube },
  { number, asOf, past }: Asked,
): Promise<LongAgo> {
  const known = new Set(past.map((each) => each.number));
  const all = await models.releases.find({ state: 'PUBLISHED', _id: { $lt: number } }, { _id: 1 }).lean();
  const old = all.map(({ _id }) => _id).filter((release) => !known.has(release));
  const [general, leader] = await Promise.all(
    AUDIENCES.map(async (audience) => {
      const wanted = notShownBy(past, counted, audience);
      const found: EarlierRelease[] = [];
      for (const release of old.sort((one, other) => other - one)) {
        if (wanted.size === 0) break;
        const records = await models.tables.find(within(`${release}/${audience}/${cube.name}/`)).lean();
        const cells = takeFrom(wanted, shownIn(records, asOf));
        if (cells.length > 0) found.unshift({ name: String(release), cells, equations: [] });
      }
      return found;
    }),
  );
  return { GENERAL: general ?? [], LEADER: leader ?? [] };
}

/** Cells that are not zero and that none of these releases has shown to the audience. */
function notShownBy(
  past: readonly PastRelease[],
  counted: CountedCube,
  audience: Audience,
): Map<string, Pick<PlacedCell, 'measure' | 'threshold'>> {
  const placed = [...placedCells(counted, audience, new Set())].filter(([, each]) => valueOf(each) > 0);
  return new Map(placed.filter(([id]) => !past.some(({ shown }) => shown[audience].get(id) === 'SHOWN')));
}

/** Takes from `wanted` what a release has shown. */
function takeFrom(
  wanted: Map<string, Pick<PlacedCell, 'measure' | 'threshold'>>,
  shown: ReadonlyMap<string, number>,
): EarlierCell[] {
  return [...wanted].flatMap(([id, { measure: kind, threshold }]) => {
    const value = shown.get(id);
    if (value === undefined) return [];
    wanted.delete(id);
    return [{ id, value, kind, threshold, status: 'SHOWN' as const }];
  });
}

/** The numbers of protected tables, under the codes of today. */
function shownIn(records: readonly CubeTableRecord[], asOf: string): Map<string, number> {
  const placed = records.map(({ _id, cells }) => {
    const [, , , table = '', place = ''] = _id.split('/');
    return { table, place, cells };
  });
  const renamed = renaming([...new Set(placed.map(({ place }) => place))], asOf);
  const shown = new Map<string, number>();
  for (const { table, place, cells } of placed)
    for (const { values, count, sum } of cells) {
      const at = { table, place, key: JSON.stringify(values) };
      if (count !== null) shown.set(renamedId(cellId('COUNT', at), renamed), count);
      if (typeof sum === 'number') shown.set(renamedId(cellId('SUM', at), renamed), sum);
    }
  return shown;
}

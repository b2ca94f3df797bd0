import { type Audience, AUDIENCES } from '../../lib/cubes/audience.ts';
import { type CarriedOver, cubeModels, ofRelease } from '../../lib/cubes/models.ts';
import type { CubeStore } from './build.ts';

export interface HiddenShare {
  readonly cells: number;
  readonly hidden: number;
}

export interface ListedRelease {
  readonly release: number;
  readonly period: string;
  readonly asOf: string;
  /** Absent while it is being built. */
  readonly publishedAt?: Date | undefined;
  /** The departments that have it. */
  readonly stores: readonly string[];
  readonly tables: number;
  /** Levels of tables that were due and left out, of all departments. */
  readonly carriedOver: readonly CarriedOver[];
  readonly hidden: Readonly<Record<Audience, HiddenShare>>;
}

type Gathered = Omit<ListedRelease, 'stores' | 'tables' | 'carriedOver' | 'hidden'> & {
  stores: string[];
  tables: number;
  carriedOver: CarriedOver[];
  hidden: Record<Audience, { cells: number; hidden: number }>;
};

/** All releases of all departments, the latest first. */
export async function listReleases(stores: readonly CubeStore[]): Promise<readonly ListedRelease[]> {
  const found = new Map<number, Gathered>();
  for (const { name, connection } of stores) {
    const { releases, protections } = cubeModels(connection);
    for (const { _id, period, asOf, publishedAt, tables, carriedOver = [] } of await releases.find().lean()) {
      const known = found.get(_id) ?? {
        ...{ release: _id, period, asOf, publishedAt, stores: [], tables: 0, carriedOver: [] },
        hidden: { GENERAL: { cells: 0, hidden: 0 }, LEADER: { cells: 0, hidden: 0 } },
      };
      found.set(_id, known);
      known.stores.push(name);
      known.tables += tables.length;
      known.carriedOver.push(...carriedOver);
      for (const { _id: key, tables: told } of await protections.find(ofRelease(_id)).lean()) {
        const audience = AUDIENCES.find((each) => each === key.split('/')[1]);
        for (const { cells, primary, secondary } of audience ? told : []) {
          const share = known.hidden[audience ?? 'GENERAL'];
          share.cells += cells;
          share.hidden += primary + secondary;
        }
      }
    }
  }
  return [...found.values()].sort((one, other) => other.release - one.release);
}

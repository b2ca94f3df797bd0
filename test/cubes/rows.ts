import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Schema } from 'mongoose';
import type { Connection } from 'mongoose';
import type { CubeDefinition } from '../../lib/cubes/cube-definition.ts';
import { modelRows } from '../../lib/cubes/model-rows.ts';
import { connectStore } from '../../lib/mongo/connect-store.ts';

/** A row of the register that these tests count. */
export interface Farm {
  readonly county: string;
  readonly division: string;
  readonly crop: string;
  readonly size: string | null;
  readonly yield: number | null;
  readonly owner: string;
}

const schema = new Schema<Farm>(
  { county: String, division: String, crop: String, size: String, yield: Number, owner: String },
  { autoIndex: false, versionKey: false },
).index({ county: 1, _id: 1 });

export const CROPS = ['rice', 'maize', 'tobacco'] as const;

export function farms(connection: Connection) {
  return connection.model<Farm>('Farm', schema, 'farms');
}

/** Two dimensions, a sum with contributors, a table of the year, a sensitive value. */
export const FARMS: CubeDefinition = {
  name: 'farms',
  title: '农场',
  unit: '个',
  definition: '登记的农场',
  dimensions: [{ name: 'CROP', values: CROPS, sensitive: ['tobacco'] }, { name: 'SIZE' }],
  sum: { title: '产量', unit: '公斤' },
  tables: [
    { by: [], levels: ['PREFECTURE', 'COUNTY', 'TOWNSHIP'], every: 'MONTH' },
    { by: ['CROP'], levels: ['PREFECTURE', 'COUNTY'], every: 'MONTH' },
    { by: ['SIZE'], levels: ['PREFECTURE', 'COUNTY', 'TOWNSHIP'], every: 'MONTH', countsOnly: true },
    { by: ['CROP', 'SIZE'], levels: ['PREFECTURE', 'COUNTY'], every: 'YEAR' },
  ],
  rows: modelRows<Farm>({
    model: farms,
    fields: ['division', 'crop', 'size', 'yield', 'owner'],
    row: ({ division, crop, size, yield: amount, owner }) => ({
      division,
      values: [crop, size],
      ...(amount !== null && { amount }),
      contributor: owner,
    }),
  }),
};

/** Rows that are the same for the same seed; some under old codes, some in no township, some in no county, some under no code. */
export function makeFarms(count: number, seed: number): Farm[] {
  const next = generator(seed);
  const pick = <Value>(values: readonly Value[]): Value => values[Math.floor(next() * values.length)] as Value;
  return Array.from({ length: count }, () => {
    const county = pick(['532301', '532301', '532302', '532331', '532322', '532399', '230711', '999999']);
    const township = pick(['', '101', '102', '103']);
    return {
      county,
      division: township === '' ? county : `${county}${township}${pick(['', '001'])}`,
      crop: pick([...CROPS, 'unheard of']),
      size: pick(['small', 'small', 'large', null]),
      yield: next() < 0.1 ? null : Math.floor(next() ** 3 * 10_000),
      owner: `owner-${Math.floor(next() * count * 0.6)}`,
    };
  });
}

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface FarmStore {
  readonly name: string;
  readonly cubes: readonly CubeDefinition[];
  readonly connection: Connection;
  readonly dataDir: string;
  close(): Promise<void>;
}

/** A fresh store that holds these rows. */
export async function farmStore(rows: readonly Farm[], name = 'farms'): Promise<FarmStore> {
  const dataDir = await mkdtemp(join(tmpdir(), 'shuniu-'));
  const store = await connectStore(name, { dataDir });
  await farms(store.connection).createIndexes();
  if (rows.length > 0) await farms(store.connection).insertMany(rows);
  return {
    ...{ name, cubes: [FARMS], connection: store.connection, dataDir },
    async close() {
      await store.close();
      await rm(dataDir, { recursive: true });
    },
  };
}

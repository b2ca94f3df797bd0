import type { Connection } from 'mongoose';
import { HubError } from '../../lib/errors.ts';
import { models as archives } from '../../subgraphs/archives/models.ts';
import { models as geospatial } from '../../subgraphs/geospatial/models.ts';
import { models as legalPersons } from '../../subgraphs/legal-persons/models.ts';
import { models as population } from '../../subgraphs/population/models.ts';
import { models as statistics } from '../../subgraphs/statistics/models.ts';
import type { SeedModel } from './filling.ts';
import { fillings } from './fillings.ts';
import type { DataSet } from './plan.ts';
import { seedLog } from './seed-log.ts';
import type { SeedLog } from './seed-log.ts';

export type SeedStore = {
  readonly name: string;
  readonly models: Readonly<Record<string, SeedModel>>;
  readonly log: SeedLog;
};

type ModelsOf = (connection: Connection) => Readonly<Record<string, SeedModel>>;

const modelsOf: ReadonlyMap<string, ModelsOf> = new Map<string, ModelsOf>([
  ['population', (connection) => ({ ...population(connection) })],
  ['legal-persons', (connection) => ({ ...legalPersons(connection) })],
  ['geospatial', (connection) => ({ ...geospatial(connection) })],
  ['statistics', (connection) => ({ ...statistics(connection) })],
  ['archives', (connection) => ({ ...archives(connection) })],
  ...fillings.map((filling): [string, ModelsOf] => [filling.store, (connection) => filling.modelsOf(connection)]),
]);

/** @throws HubError SEED_CONFLICT where the database holds data that was not generated, or another data set. */
export async function openSeedStore(name: string, connection: Connection, dataSet: DataSet): Promise<SeedStore> {
  const models = modelsOf.get(name)?.(connection);
  if (models === undefined) throw new RangeError(`nothing fills a database ${name}`);
  const log = await seedLog(connection, dataSet);
  if (log.isNew) await assertEmpty(name, models);
  return { name, models, log };
}

async function assertEmpty(name: string, models: SeedStore['models']): Promise<void> {
  for (const [collection, model] of Object.entries(models)) {
    if ((await model.collection.findOne({}, { projection: { _id: 1 } })) === null) continue;
    throw new HubError(
      'SEED_CONFLICT',
      `The database ${name} holds ${collection} that were not generated. Seed an empty database, or add to this one with the importers.`,
    );
  }
}

/** Makes the indexes first, so that a unique index refuses a fault in the generator at once. */
export async function prepareSeedStore({ models, log }: SeedStore): Promise<void> {
  for (const model of Object.values(models)) await model.createIndexes();
  await log.begin();
}

import type { Collection, Connection } from 'mongoose';
import type { LegalPersons } from './legal-persons.ts';
import type { DataSet, Plan } from './plan.ts';
import type { Population } from './population.ts';

/** What seeding uses of a model: plain documents go straight to its collection, generated ones need no casting. */
export type SeedModel = { readonly collection: Collection; createIndexes(): Promise<unknown> };

/** What others can be made from: who lives where, and which legal persons there are. */
export type Making = { readonly dataSet: DataSet; readonly people: Population; readonly bodies: LegalPersons };

/** What the subgraph of a further department adds to the data set. */
export type Filling = {
  /** Its database: the name of the subgraph. */
  readonly store: string;
  /** Its models, by the names of the collections its plans make. */
  modelsOf(connection: Connection): Readonly<Record<string, SeedModel>>;
  plans(making: Making): readonly Plan[];
};

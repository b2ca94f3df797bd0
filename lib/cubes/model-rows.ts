import type { Connection, Model } from 'mongoose';
import type { CubeDefinition, CubeRow, CubeRows } from './cube-definition.ts';

interface ModelSource<Row> {
  model(connection: Connection): Model<Row>;
  /** Which rows count on a day ('YYYY-MM-DD'); all when absent. */
  readonly filter?: ((asOf: string) => Readonly<Record<string, unknown>>) | undefined;
  /** Stored fields that `row` reads; the row comes with no others, beside `_id` where it is named. */
  readonly fields: readonly (keyof Row & string)[];
  row(stored: Row, asOf: string): CubeRow;
}

/** Rows that leave the store together: few round trips, and little memory. */
const BATCH = 5_000;

/**
 * Rows of a collection that keeps its county code in `county` and has an index that begins with it. They are read county by
 * county with a cursor, past mongoose: documents that are only counted need no casting.
 */
export function modelRows<Row extends { readonly county: string }>(source: ModelSource<Row>): CubeDefinition['rows'] {
  return (connection): CubeRows => {
    const { collection } = source.model(connection);
    const filterOn = (asOf: string): Record<string, unknown> => ({ ...source.filter?.(asOf) });
    const projection = {
      _id: 0,
      ...Object.fromEntries(source.fields.map((field) => [field, 1])),
    };
    return {
      about: () => collection.estimatedDocumentCount(),
      async counties(asOf) {
        const codes = await collection.distinct('county', filterOn(asOf));
        return codes.map(String).sort();
      },
      async *read(county, asOf) {
        const cursor = collection.find({ county, ...filterOn(asOf) }, { projection, batchSize: BATCH });
        for await (const stored of cursor) yield source.row(stored as unknown as Row, asOf);
      },
    };
  };
}

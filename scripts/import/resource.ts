import type { Connection, Model } from 'mongoose';
import type { Verdict } from '../../lib/codes/verdict.ts';

/** What the importer knows of the day: the reference for dates in the future and for codes in force. */
export type ImportContext = { readonly today: string };

export type FieldVerdict = Verdict<unknown, string>;

/** One column or property of an import file. */
export type Field = {
  /** Name in the checked row. */
  readonly name: string;
  /** Names it may have in the file, Chinese and English; blanks, brackets, underscores and case do not matter. */
  readonly headers: readonly string[];
  readonly required: boolean;
  /** Reads the trimmed, non-empty text. */
  read(text: string, context: ImportContext): FieldVerdict;
};

/** A row whose fields are all readable; absent and empty cells have no entry. */
type CheckedRow = Readonly<Record<string, unknown>>;

/** What is wrong between fields that are each in order. */
export type RowFault = {
  readonly kind: 'INVALID';
  readonly field: string;
  readonly reason: string;
  readonly message: string;
};

/** What to store for a row. */
export type Prepared = {
  readonly kind: 'VALID';
  /** Value of the natural key (`keyField` of the resource). */
  readonly key: string;
  /** What the file states; compared with what is stored. */
  readonly stated: Readonly<Record<string, unknown>>;
  /** Further fields of a new record. */
  readonly initial: Readonly<Record<string, unknown>>;
};

export type ImportFormat = 'csv' | 'ndjson' | 'geojson';

/** A kind of record that can be imported: its fields, its natural key and how a row becomes a record. */
export type Resource = {
  readonly name: string;
  readonly title: string;
  /** The database it belongs to: the name of the subgraph. */
  readonly store: string;
  readonly formats: readonly ImportFormat[];
  readonly fields: readonly Field[];
  /** The stored field that tells one record from another. */
  readonly keyField: string;
  /** True where a row has a geometry beside its fields. */
  readonly hasGeometry: boolean;
  model(connection: Connection): Model<never>;
  prepare(row: CheckedRow, context: ImportContext): Prepared | RowFault;
};

export function fault(field: string, reason: string, message: string): RowFault {
  return { kind: 'INVALID', field, reason, message };
}

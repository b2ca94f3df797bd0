import type { RowFault } from './resource.ts';

/** One row of a file: a cell for each field of the resource, in its order, or what kept the row from being read. */
export type SourceRow = {
  /** Line of the file, from 1; for GeoJSON the number of the feature. */
  readonly line: number;
  readonly cells: readonly unknown[];
  readonly fault?: RowFault;
};

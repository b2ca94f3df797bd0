import { pipeline } from 'node:stream';
import { parse } from 'csv-parse';
import type { CsvError } from 'csv-parse';
import { HubError } from '../../lib/errors.ts';
import type { TextFile } from './encoding.ts';
import { readHeader } from './columns.ts';
import type { Columns } from './columns.ts';
import { fault } from './resource.ts';
import type { Resource } from './resource.ts';
import type { SourceRow } from './source.ts';

type Parsed = { readonly record: string[]; readonly info: { readonly lines: number } };

/** Rows of a CSV file (RFC 4180). A line that cannot be cut into cells is a row with a fault; reading goes on after it. */
export async function* readCsv(file: TextFile, resource: Resource, columns: Columns): AsyncGenerator<SourceRow> {
  const skipped: CsvError[] = [];
  const parser = parse({
    bom: true,
    info: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_skip: (error) => {
      if (error !== undefined) skipped.push(error);
      return undefined;
    },
  });
  const rows = pipeline(file.stream, parser, () => undefined) as AsyncIterable<Parsed>;
  let places: readonly (number | undefined)[] | undefined;
  for await (const { record, info } of rows) {
    yield* skipped.splice(0).map(faulty);
    if (places === undefined) places = readHeader(resource, columns, record);
    else yield { line: info.lines, cells: places.map((place) => (place === undefined ? undefined : record[place])) };
  }
  yield* skipped.splice(0).map(faulty);
  if (places === undefined)
    throw new HubError('BAD_FILE', 'The file is empty. Give a header line and the rows below it.');
}

function faulty(error: CsvError): SourceRow {
  const line = (error as unknown as { lines?: number }).lines ?? 0;
  const message = error.code.includes('INCONSISTENT')
    ? 'The line has more or fewer cells than the header; quote cells that hold a comma.'
    : 'The line cannot be cut into cells; close every quote and double quotes inside cells.';
  return { line, cells: [], fault: fault('', error.code.includes('INCONSISTENT') ? 'CELLS' : 'QUOTES', message) };
}

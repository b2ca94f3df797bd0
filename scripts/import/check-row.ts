import { fault } from './resource.ts';
import type { Field, ImportContext, Prepared, Resource, RowFault } from './resource.ts';

/** A fault with the kind of value that was found: never the value, which may be personal. */
export type Reject = {
  readonly line: number;
  readonly field: string;
  readonly kind: string;
  readonly reason: string;
  readonly fix: string;
};

export type Checked =
  | { readonly line: number; readonly prepared: Prepared }
  | { readonly line: number; readonly rejects: readonly Reject[] };

/** Reads every field of a row, so that one pass over a file names all its faults. */
export function checkRow(resource: Resource, line: number, cells: readonly unknown[], context: ImportContext): Checked {
  const row: Record<string, unknown> = {};
  const rejects: Reject[] = [];
  for (const [place, field] of resource.fields.entries()) {
    const cell = cells[place];
    const read = readCell(field, cell, context);
    if (read.kind === 'VALUE') row[field.name] = read.value;
    else if (read.kind === 'INVALID') rejects.push(toReject(line, read, cell));
  }
  if (rejects.length > 0) return { line, rejects };
  const prepared = resource.prepare(row, context);
  if (prepared.kind === 'VALID') return { line, prepared };
  const place = resource.fields.findIndex(({ name }) => name === prepared.field);
  return { line, rejects: [toReject(line, prepared, cells[place])] };
}

function toReject(line: number, { field, reason, message }: RowFault, cell: unknown): Reject {
  return { line, field, kind: kindOf(cell), reason, fix: message };
}

type Read = { readonly kind: 'VALUE'; readonly value: unknown } | { readonly kind: 'ABSENT' } | RowFault;

function readCell(field: Field, cell: unknown, context: ImportContext): Read {
  if (field.name === 'geometry' && typeof cell === 'object' && cell !== null) return { kind: 'VALUE', value: cell };
  const text = textOf(cell);
  if (text === undefined)
    return fault(field.name, 'TYPE', 'The value is an object or a list; give a text or a number.');
  if (text === '') {
    return field.required ? fault(field.name, 'EMPTY', 'The field is empty; fill it in.') : { kind: 'ABSENT' };
  }
  if (text.includes('\uFFFD')) {
    return fault(
      field.name,
      'ENCODING',
      'The value has bytes that the encoding does not know; import again with the right --encoding.',
    );
  }
  const verdict = field.read(text, context);
  return verdict.kind === 'VALID'
    ? { kind: 'VALUE', value: verdict.value }
    : fault(field.name, verdict.reason, verdict.message);
}

function textOf(cell: unknown): string | undefined {
  if (cell === undefined || cell === null) return '';
  if (typeof cell === 'string') return cell.trim();
  return typeof cell === 'number' || typeof cell === 'boolean' ? String(cell) : undefined;
}

function kindOf(cell: unknown): string {
  const text = textOf(cell);
  if (text === undefined) return Array.isArray(cell) ? 'list' : 'object';
  if (text === '') return 'empty';
  const length = Array.from(text).length;
  if (/^\d+$/.test(text)) return `${length} digits`;
  return /^[0-9A-Za-z]+$/.test(text) ? `${length} letters and digits` : `text of ${length} characters`;
}

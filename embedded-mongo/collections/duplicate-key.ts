/** E11000, word for word as drivers and mongoose expect it. */
import { ObjectId } from 'bson';

import { CommandError } from '../errors.ts';
import { tuplesOf } from './index-entries.ts';
import type { IndexSpec } from './index-spec.ts';
import type { Document } from '../values/document.ts';

export function duplicateKey(ns: string, spec: IndexSpec, document: Document): CommandError {
  const [values = []] = tuplesOf(spec, document);
  const keyValue = Object.fromEntries(spec.fields.map(({ path }, i) => [path, values[i] ?? null]));
  const shown = Object.entries(keyValue).map(([path, value]) => `${path}: ${show(value)}`);
  return new CommandError(
    11000,
    'DuplicateKey',
    `E11000 duplicate key error collection: ${ns} index: ${spec.name} dup key: { ${shown.join(', ')} }`,
    { keyPattern: Object.fromEntries(spec.fields.map(({ path, direction }) => [path, direction])), keyValue },
  );
}

function show(value: unknown): string {
  if (value instanceof ObjectId) return `ObjectId('${value.toHexString()}')`;
  if (value instanceof Date) return `new Date(${value.getTime()})`;
  return JSON.stringify(value);
}

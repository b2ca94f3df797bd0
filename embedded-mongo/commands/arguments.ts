/** Reads the fields of a command. */
import { badValue, typeMismatch } from '../errors.ts';
import { type Document, isDocument } from '../values/document.ts';
import { toNumber } from '../values/numbers.ts';
import { isNumeric } from '../values/order.ts';

export function objectField(command: Document, name: string): Document {
  const value = command[name] ?? {};
  if (!isDocument(value)) throw typeMismatch(`'${name}' must be an object`);
  return value;
}

/** 0 when it is not given. */
export function amount(command: Document, name: 'skip' | 'limit'): number {
  const value = command[name] ?? 0;
  if (!isNumeric(value) || !Number.isInteger(toNumber(value))) throw badValue(`'${name}' must be an integer`);
  if (name === 'skip' && toNumber(value) < 0) throw badValue("'skip' must not be negative");
  return toNumber(value);
}

/** When a command has to give up, from its maxTimeMS, as performance.now() tells the time. */
export function deadlineOf(command: Document): number | undefined {
  const most = isNumeric(command['maxTimeMS']) ? toNumber(command['maxTimeMS']) : 0;
  return most > 0 ? performance.now() + most : undefined;
}

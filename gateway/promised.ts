import { type GraphQLOutputType, isListType, isNonNullType } from 'graphql';
import type { Promised } from './shape.ts';

/** What the schema promises of a value of a type; undefined where that is nothing. */
export function promisedBy(type: GraphQLOutputType): Promised | undefined {
  const inner = isNonNullType(type) ? type.ofType : type;
  const items = isListType(inner) ? promisedBy(inner.ofType) : undefined;
  return isNonNullType(type) || items ? { self: isNonNullType(type), ...(items && { items }) } : undefined;
}

/** Stands for a value that its schema promised and nobody gave, on its way up to where null may stand. */
export const BROKEN = Symbol('broken promise');

/** The value, with null where a promise is broken below it, or BROKEN where it must not be null itself. */
export function kept(value: unknown, promised: Promised | undefined): unknown {
  if (!promised) return value;
  if (value === null) return promised.self ? BROKEN : null;
  if (!promised.items || !Array.isArray(value)) return value;
  const items = value.map((item) => kept(item, promised.items));
  if (!items.includes(BROKEN)) return items;
  return promised.self ? BROKEN : null;
}

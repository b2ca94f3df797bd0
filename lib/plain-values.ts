/**
 * A GraphQL result with every value its receiver's own. Objects that execution made are fresh and stay; lists are made anew
 * and what a scalar put out is copied, as it may be the store's own object (a GeoJSON geometry, a Date).
 * @param value the `data` of a result; it is changed in place.
 */
export function ownValues(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(ownValues);
  // graphql-js makes its result objects without a prototype; any other object came out of a scalar.
  if (Object.getPrototypeOf(value) !== null) return copyOf(value);
  const result = value as Record<string, unknown>;
  for (const key of Object.keys(result)) {
    const member = result[key];
    if (typeof member === 'object' && member !== null) result[key] = ownValues(member);
  }
  return result;
}

/** A deep copy as JSON would make it, without the text: dates become strings, members without a value go. */
export function copyOf(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => copyOf(item) ?? null);
  if ('toJSON' in value && typeof value.toJSON === 'function')
    return copyOf((value.toJSON as () => unknown).call(value));
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const member = (value as Record<string, unknown>)[key];
    if (member !== undefined) copy[key] = copyOf(member);
  }
  return copy;
}

/** A BSON document as JavaScript sees it. */
export type Document = Record<string, unknown>;

/** The class of a BSON value that JavaScript has no type for ('ObjectId', 'Long', …). */
export function bsonType(value: unknown): string | undefined {
  return typeof value === 'object' && value !== null && '_bsontype' in value ? String(value._bsontype) : undefined;
}

/** True for an embedded document; false for arrays, dates and the BSON classes, which are objects only to JavaScript. */
export function isDocument(value: unknown): value is Document {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** True for `{ $gt: 1 }` and the like: a document whose first key names an operator. */
export function isOperators(value: unknown): value is Document {
  if (!isDocument(value)) return false;
  const [first] = Object.keys(value);
  return first?.startsWith('$') === true && first !== '$ref' && first !== '$id';
}

/** Sets a field, also one called `__proto__`, which plain assignment would take for the prototype. */
export function setField(target: Document, name: string, value: unknown): void {
  if (name === '__proto__') {
    Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
  } else {
    target[name] = value;
  }
}

export function getField(source: unknown, name: string): unknown {
  return isDocument(source) && Object.hasOwn(source, name) ? source[name] : undefined;
}

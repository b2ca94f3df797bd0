/** What an index is, and which index definitions are accepted. */
import { CommandError, unsupported } from '../errors.ts';
import { type Document, isDocument } from '../values/document.ts';
import { keyOf } from '../values/key-encoder.ts';
import { isNumeric } from '../values/order.ts';
import { toNumber } from '../values/numbers.ts';

export type Direction = 1 | -1 | '2dsphere';

export type IndexSpec = {
  /** 0 is the collection itself, by _id. */
  readonly id: number;
  readonly name: string;
  readonly fields: readonly {
    readonly path: string;
    readonly parts: readonly string[];
    readonly direction: Direction;
  }[];
  readonly unique: boolean;
  readonly sparse: boolean;
  readonly partial: Document | undefined;
  readonly expireAfterSeconds: number | undefined;
  /** As it was asked for and is listed. */
  readonly definition: Document;
};

const ACCEPTED = new Set([
  ...['key', 'name', 'v', 'unique', 'sparse', 'partialFilterExpression', 'expireAfterSeconds', 'background'],
  '2dsphereIndexVersion',
]);

export function parseIndex(id: number, definition: Document): IndexSpec {
  const { key, name, partialFilterExpression: partial, expireAfterSeconds } = definition;
  for (const [option, value] of Object.entries(definition)) {
    const off = value === false || (option === 'collation' && isDocument(value) && value['locale'] === 'simple');
    if (!ACCEPTED.has(option) && !off) throw unsupported(`the index option '${option}'`);
  }
  if (typeof name !== 'string' || name === '') throw cannotCreate("an index needs a 'name'");
  if (!isDocument(key) || Object.keys(key).length === 0)
    throw cannotCreate(`the index '${name}' needs a nonempty 'key'`);
  if (partial !== undefined && !isDocument(partial))
    throw cannotCreate(`partialFilterExpression of '${name}' must be an object`);
  const fields = Object.entries(key).map(([path, direction]) => ({
    path,
    parts: path.split('.'),
    direction: directionOf(path, direction),
  }));
  const expiry = isNumeric(expireAfterSeconds) ? toNumber(expireAfterSeconds) : undefined;
  if (expireAfterSeconds !== undefined && (expiry === undefined || expiry < 0 || fields.length > 1)) {
    throw cannotCreate(`expireAfterSeconds of '${name}' must be a number of at least 0, on an index of one field`);
  }
  return {
    id,
    name,
    fields,
    unique: isOn(definition['unique']),
    sparse: isOn(definition['sparse']),
    partial,
    expireAfterSeconds: expiry,
    definition: { v: 2, ...listed(definition) },
  };
}

const OPTIONS_THAT_MATTER = ['key', 'unique', 'sparse', 'partialFilterExpression', 'expireAfterSeconds'];

/** True when two definitions ask for the same index, whatever they call it. */
export function isSameIndex(a: IndexSpec, b: IndexSpec, options: readonly string[] = OPTIONS_THAT_MATTER): boolean {
  const essence = (spec: IndexSpec): string => keyOf(options.map((option) => spec.definition[option]));
  return essence(a) === essence(b);
}

const cannotCreate = (message: string): CommandError => new CommandError(67, 'CannotCreateIndex', message);
const isOn = (value: unknown): boolean => value === true || (isNumeric(value) && toNumber(value) !== 0);

function listed(definition: Document): Document {
  const shown = Object.entries(definition).filter(
    ([option, value]) => value !== false && option !== 'background' && option !== 'v',
  );
  return Object.fromEntries(shown);
}

function directionOf(path: string, direction: unknown): Direction {
  if (path.includes('$**')) throw unsupported('a wildcard index');
  if (path === '' || path.split('.').some((part) => part === '' || part.startsWith('$'))) {
    throw cannotCreate(`'${path}' is not a path that can be indexed`);
  }
  if (direction === '2dsphere') return direction;
  if (typeof direction === 'string') throw unsupported(`an index of type '${direction}'`);
  const sign = isNumeric(direction) ? Math.sign(toNumber(direction)) : 0;
  if (sign !== 1 && sign !== -1) throw cannotCreate(`the direction of '${path}' must be 1, -1 or '2dsphere'`);
  return sign;
}

/** Every collection has it; MongoDB does not list it as unique. */
export const ID_INDEX = { ...parseIndex(0, { key: { _id: 1 }, name: '_id_' }), unique: true };

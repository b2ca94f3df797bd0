import type { ResourceItem } from './resource-item.ts';

/** Introspection of what leads to a type, and of its fields. */
export const SCHEMA_PART = `ofType: __type(name: $type) { fields { ...Asked } }
  ofQuery: __type(name: "Query") { fields { ...Asked } }`;

export const ASKED = `fragment Asked on __Field {
  name args { name defaultValue type { ...Named } } type { ...Named }
}
fragment Named on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }`;

interface Named {
  readonly kind: string;
  readonly name: string | null;
  readonly ofType?: Named | null;
}

interface Field {
  readonly name: string;
  readonly args: readonly { readonly name: string; readonly defaultValue: string | null; readonly type: Named }[];
  readonly type: Named;
}

export interface SchemaPart {
  readonly ofType?: { readonly fields: readonly Field[] | null } | null;
  readonly ofQuery?: { readonly fields: readonly Field[] | null } | null;
}

/** Fields of an example: enough to see what there is, few enough to read. */
const MOST_FIELDS = 12;

/**
 * A query that begins with a resource and asks for what the visitor may see of it; values that have to be given are
 * variables. A list is better than one row, as nobody knows an id yet.
 * @returns undefined where no query begins with it.
 */
export function exampleQuery(type: string, items: readonly ResourceItem[], schema: SchemaPart): string | undefined {
  const doors = schema.ofQuery?.fields ?? [];
  const list = doors.find((door) => named(door.type) === `${type}Connection`);
  const door = list ?? doors.find((each) => named(each.type) === type);
  if (!door) return undefined;
  const seen = new Set(items.filter(({ mayISee }) => mayISee.access !== 'REFUSED').map(({ field }) => field));
  const plain = (schema.ofType?.fields ?? []).filter(
    (field) => isLeaf(field.type) && !field.args.some(isRequired) && seen.has(field.name),
  );
  const fields = plain.length > 0 ? plain.slice(0, MOST_FIELDS).map(({ name }) => name) : ['__typename'];
  const required = door.args.filter(isRequired);
  const given = required.map(({ name }) => `${name}: $${name}`);
  const first = list && door.args.some(({ name }) => name === 'first') ? ['first: 5'] : [];
  const parameters = [...given, ...first].join(', ');
  const variables = required.map((argument) => `$${argument.name}: ${written(argument.type)}`).join(', ');
  const rows = fields.join('\n');
  const selection = list ? `edges {\nnode {\n${rows}\n}\n}\npageInfo {\nhasNextPage\nendCursor\n}` : rows;
  return indented(
    `query ${type}${variables && `(${variables})`} {\n${door.name}${parameters && `(${parameters})`} {\n${selection}\n}\n}`,
  );
}

function isRequired({ type, defaultValue }: Field['args'][number]): boolean {
  return type.kind === 'NON_NULL' && defaultValue === null;
}

function isLeaf(type: Named): boolean {
  return type.ofType ? isLeaf(type.ofType) : type.kind === 'SCALAR' || type.kind === 'ENUM';
}

function named(type: Named): string | null {
  return type.ofType ? named(type.ofType) : type.name;
}

function written(type: Named): string {
  if (type.kind === 'NON_NULL' && type.ofType) return `${written(type.ofType)}!`;
  if (type.kind === 'LIST' && type.ofType) return `[${written(type.ofType)}]`;
  return type.name ?? '';
}

function indented(query: string): string {
  let depth = 0;
  return query
    .split('\n')
    .map((line) => {
      if (line.startsWith('}')) depth -= 1;
      const placed = '  '.repeat(depth) + line;
      if (line.endsWith('{')) depth += 1;
      return placed;
    })
    .join('\n');
}

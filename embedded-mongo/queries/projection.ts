/** Projections: of `find`, and the inclusions and exclusions of `$project`. */
import { compileExpression, type Variables } from '../aggregation/expression.ts';
import { badValue, CommandError, unsupported } from '../errors.ts';
import { type Document, isDocument, isOperators, setField } from '../values/document.ts';
import { toNumber } from '../values/numbers.ts';
import { isNumeric } from '../values/order.ts';
import { compileFilter } from './filter.ts';
import { elementTest } from './filter-operators.ts';
import { itemTests } from './matched-item.ts';

/** What is kept or left out below each field: all of it, or a further tree. */
type Tree = Map<string, Tree | true>;
type Change = { readonly path: readonly string[]; readonly change: (value: unknown) => unknown };
type Spec = {
  readonly included: Tree;
  readonly excluded: Tree;
  readonly changes: Change[];
  readonly computed: [path: readonly string[], expression: unknown][];
  including: boolean;
  id: boolean | undefined;
};

export type Projection = (document: Document) => Document;

/** `filter` is what found the documents, for the positional `$`. */
export function compileProjection(
  projection: Document,
  options: { filter?: Document; variables?: Variables | undefined } = {},
): Projection {
  const spec: Spec = {
    included: new Map(),
    excluded: new Map(),
    changes: [],
    computed: [],
    including: false,
    id: undefined,
  };
  read(projection, '', spec, options.filter);
  const { included, excluded, changes, id } = spec;
  if (spec.including && excluded.size > 0) {
    throw new CommandError(31254, 'Location31254', 'Cannot do exclusion on a field in inclusion projection');
  }
  const including = spec.including || (id === true && excluded.size === 0 && changes.length === 0);
  if (including && id !== false) grow(included, ['_id']);
  if (!including && id === false) grow(excluded, ['_id']);
  const computed = spec.computed.map(([path, expression]) => ({
    path,
    value: compileExpression(expression, options.variables),
  }));
  return (document) => {
    let made: unknown = including ? keep(document, included) : leaveOut(document, excluded);
    for (const { path, change } of changes) made = changeAt(made, path, change);
    for (const { path, value } of computed) made = setAt(made, path, value(document));
    return made as Document;
  };
}

function read(projection: Document, base: string, spec: Spec, filter: Document | undefined): void {
  for (const [key, value] of Object.entries(projection)) {
    const path = base + key;
    const parts = path.split('.');
    if (typeof value === 'boolean' || isNumeric(value)) readFlag(path, Number(value) !== 0, spec, filter);
    else if (isDocument(value) && '$slice' in value && filter) {
      spec.changes.push({ path: parts, change: slicer(value['$slice']) });
      grow(spec.included, parts);
    } else if (isDocument(value) && isDocument(value['$elemMatch'])) {
      spec.changes.push({ path: parts, change: firstOf(elementTest(value['$elemMatch'], compileFilter)) });
      grow(spec.included, parts);
      spec.including = true;
    } else if (isDocument(value) && '$meta' in value) throw unsupported('the projection operator $meta');
    else if (isDocument(value) && !isOperators(value) && Object.keys(value).length > 0)
      read(value, `${path}.`, spec, filter);
    else {
      spec.computed.push([parts, value]);
      spec.including = true;
    }
  }
}

function readFlag(path: string, on: boolean, spec: Spec, filter: Document | undefined): void {
  const parts = path.split('.');
  if (path === '_id') spec.id = on;
  else if (parts.at(-1) === '$') {
    if (!on || !filter) throw badValue(`'${path}' must be 1 in a projection of find`);
    const field = parts.slice(0, -1);
    spec.changes.push({ path: field, change: firstOf(matchedItem(field.join('.'), filter)) });
    grow(spec.included, field);
    spec.including = true;
  } else if (path.startsWith('$')) throw badValue(`'${path}' is not a field to project`);
  else if (on) {
    grow(spec.included, parts);
    spec.including = true;
  } else grow(spec.excluded, parts);
}

/** Which item of an array made a document match its filter. */
function matchedItem(path: string, filter: Document): (item: unknown) => boolean {
  const tests = itemTests(filter, path);
  if (tests.length === 0) throw badValue(`Positional projection '${path}.$' does not match the query document.`);
  return (item) => tests.every((test) => test(item));
}

function grow(tree: Tree, [head = '', ...rest]: readonly string[]): void {
  if (rest.length === 0) {
    tree.set(head, true);
    return;
  }
  const branch = tree.get(head) ?? new Map<string, Tree | true>();
  if (branch === true) return;
  tree.set(head, branch);
  grow(branch, rest);
}

function keep(node: unknown, tree: Tree): unknown {
  if (Array.isArray(node)) {
    return (node as unknown[])
      .filter((item) => isDocument(item) || Array.isArray(item))
      .map((item) => keep(item, tree));
  }
  if (!isDocument(node)) return undefined;
  const made: Document = {};
  for (const [name, value] of Object.entries(node)) {
    const branch = tree.get(name);
    const kept = branch === undefined ? undefined : branch === true ? value : keep(value, branch);
    if (kept !== undefined) setField(made, name, kept);
  }
  return made;
}

function leaveOut(node: unknown, tree: Tree): unknown {
  if (Array.isArray(node)) return (node as unknown[]).map((item) => leaveOut(item, tree));
  if (!isDocument(node)) return node;
  const made: Document = {};
  for (const [name, value] of Object.entries(node)) {
    const branch = tree.get(name);
    if (branch !== true) setField(made, name, branch ? leaveOut(value, branch) : value);
  }
  return made;
}

function changeAt(node: unknown, [head, ...rest]: readonly string[], change: (value: unknown) => unknown): unknown {
  if (head === undefined) return change(node);
  if (Array.isArray(node)) return (node as unknown[]).map((item) => changeAt(item, [head, ...rest], change));
  if (!isDocument(node) || !Object.hasOwn(node, head)) return node;
  const made = { ...node };
  const value = changeAt(node[head], rest, change);
  if (value === undefined) Reflect.deleteProperty(made, head);
  else setField(made, head, value);
  return made;
}

/** Sets a computed field, in every item of the arrays on its way; what is undefined is taken away. */
export function setAt(node: unknown, [head, ...rest]: readonly string[], value: unknown): unknown {
  if (head === undefined) return value;
  if (Array.isArray(node)) return (node as unknown[]).map((item) => setAt(item, [head, ...rest], value));
  const made: Document = isDocument(node) ? { ...node } : {};
  const below = rest.length === 0 ? value : setAt(made[head], rest, value);
  if (below === undefined) Reflect.deleteProperty(made, head);
  else setField(made, head, below);
  return made;
}

function slicer(argument: unknown): (value: unknown) => unknown {
  const [from, count] = (Array.isArray(argument) ? (argument as unknown[]) : [argument]).map(toNumber);
  if (from === undefined || Number.isNaN(from)) throw badValue('$slice needs a number or a pair of them');
  return (value) => {
    if (!Array.isArray(value)) return value;
    const items: unknown[] = value;
    if (count === undefined) return from < 0 ? items.slice(from) : items.slice(0, from);
    const start = from < 0 ? Math.max(0, items.length + from) : from;
    return items.slice(start, start + count);
  };
}

const firstOf =
  (test: (item: unknown) => boolean) =>
  (value: unknown): unknown => {
    if (!Array.isArray(value)) return undefined;
    const found = (value as unknown[]).findIndex(test);
    return found < 0 ? undefined : [(value as unknown[])[found]];
  };

import {
  type DocumentNode,
  type FieldNode,
  getNamedType,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { HubError } from '../lib/errors.ts';
import { fragmentsOf } from './operation.ts';
import { REMEMBERED } from './remembered.ts';
import { pagesBelow, repeatsOf, rowsOf } from './repeats.ts';
import { RESERVED } from './shape.ts';

export interface Limits {
  /** Levels of nested fields. */
  readonly maxDepth: number;
  /** Fields once all fragments are expanded. */
  readonly maxFields: number;
  /** Fields at the root, aliases and those of fragments included. */
  readonly maxRootFields: number;
  /** Estimated rows × fields. */
  readonly maxCost: number;
}

export const DEFAULT_LIMITS: Limits = { maxDepth: 12, maxFields: 1_000, maxRootFields: 30, maxCost: 200_000 };

interface Size {
  readonly depth: number;
  readonly fields: number;
  /** Fields of the set itself, those of its fragments included. */
  readonly breadth: number;
  readonly cost: number;
}

/** Introspection costs like data: a thousand aliases of each field of each type hold up every other caller. */
const META = new Map([SchemaMetaFieldDef, TypeMetaFieldDef].map((field) => [field.name, field]));

const NOTHING: Size = { depth: 0, fields: 0, breadth: 0, cost: 0 };

export type Limit = (
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
) => void;

/**
 * Refuses operations that are too deep, too wide or too costly before anything is decided or planned. Fragments are measured
 * once and added up, so that a document whose expansion would be exponential is refused in linear time.
 * @throws HubError LIMIT_EXCEEDED naming the limit, what was asked and the limit's value.
 */
export function limiter(schema: GraphQLSchema, limits: Limits = DEFAULT_LIMITS): Limit {
  const known = new LRUCache<string, Size>({ max: 2_000, ...REMEMBERED });
  return (document, operation, variables) => {
    const pages = JSON.stringify(pageSizes(variables));
    const key = `${document.loc?.source.body ?? ''}\0${operation.name?.value ?? ''}\0${pages}`;
    let size = document.loc && known.get(key);
    if (!size) {
      // A document that is refused here is never remembered, so that what is remembered needs no second look.
      refuseReserved(document);
      size = measure(schema, document, { operation, variables });
    }
    if (document.loc) known.set(key, size);
    refuse('depth', size.depth, limits.maxDepth);
    refuse('number of fields', size.fields, limits.maxFields);
    refuse('number of root fields', size.breadth, limits.maxRootFields);
    refuse('estimated cost', size.cost, limits.maxCost);
  };
}

function refuse(what: string, asked: number, most: number): void {
  if (asked > most)
    throw new HubError(
      'LIMIT_EXCEEDED',
      `The ${what} of this operation is ${asked}; ${most} is the limit. Ask for less at a time.`,
    );
}

/** Keys that begin with two underscores break type resolution in the executor; the gateway's own may not be taken. */
function refuseReserved(document: DocumentNode): void {
  const visitSet = (set: SelectionSetNode | undefined): void => {
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FIELD) {
        const alias = selection.alias?.value;
        if (alias !== undefined && (alias.startsWith('__') || alias.startsWith(RESERVED)))
          throw new HubError('BAD_ALIAS', `Aliases must not begin with "__" or "${RESERVED}": rename the alias.`);
      }
      if (selection.kind !== Kind.FRAGMENT_SPREAD) visitSet(selection.selectionSet);
    }
  };
  for (const node of document.definitions) if ('selectionSet' in node) visitSet(node.selectionSet);
}

function pageSizes(variables: Readonly<Record<string, unknown>>): [string, number][] {
  return Object.entries(variables).filter((entry): entry is [string, number] => typeof entry[1] === 'number');
}

function measure(
  schema: GraphQLSchema,
  document: DocumentNode,
  { operation, variables }: { operation: OperationDefinitionNode; variables: Readonly<Record<string, unknown>> },
): Size {
  const fragments = fragmentsOf(document);
  const measured = new Map<string, Size>();

  const ofSet = (set: SelectionSetNode, type: string, paged: boolean): Size => {
    let total = NOTHING;
    for (const selection of set.selections) {
      const size =
        selection.kind === Kind.FIELD
          ? ofField(selection, type, paged)
          : selection.kind === Kind.INLINE_FRAGMENT
            ? ofSet(selection.selectionSet, selection.typeCondition?.name.value ?? type, paged)
            : ofFragment(selection.name.value, paged);
      total = {
        depth: Math.max(total.depth, size.depth),
        fields: total.fields + size.fields,
        breadth: total.breadth + size.breadth,
        cost: total.cost + size.cost,
      };
    }
    return total;
  };
  const ofFragment = (name: string, paged: boolean): Size => {
    const key = `${name} ${paged}`;
    const known = measured.get(key);
    if (known) return known;
    const fragment = fragments.get(name);
    const size = fragment ? ofSet(fragment.selectionSet, fragment.typeCondition.name.value, paged) : NOTHING;
    measured.set(key, size);
    return size;
  };
  /** @param paged whether a `first` above counts the rows of the list below already, as `edges` in a connection. */
  const ofField = (node: FieldNode, parent: string, paged: boolean): Size => {
    const type = schema.getType(parent);
    const { value: name } = node.name;
    const field = isObjectType(type) || isInterfaceType(type) ? (type.getFields()[name] ?? META.get(name)) : undefined;
    if (!node.selectionSet || !field) return { depth: 1, fields: 1, breadth: 1, cost: 1 };
    const repeats = repeatsOf(field, node);
    const rows = rowsOf(repeats, { paged, variables });
    const below = ofSet(node.selectionSet, getNamedType(field.type).name, pagesBelow(repeats));
    // Introspection queries nest `ofType` deeper than any data; graphql-js itself bounds the depth of their lists.
    const depth = META.has(name) ? 1 : below.depth + 1;
    return { depth, fields: below.fields + 1, breadth: 1, cost: 1 + Math.max(1, rows) * below.cost };
  };
  return ofSet(operation.selectionSet, schema.getRootType(operation.operation)?.name ?? '', false);
}

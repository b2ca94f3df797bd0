import {
  type FieldNode,
  getNamedType,
  getNullableType,
  type GraphQLAbstractType,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  isCompositeType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { HubError } from '../lib/errors.ts';
import { isRowType } from '../schema/aggregate-schema.ts';
import type { Use } from '../sharing/policy/grant.ts';
import type { RowScope } from '../sharing/policy/row-scope.ts';
import { collectFields, type Collecting } from './collect-fields.ts';
import { decideField, type Deciding } from './decide-field.ts';
import { promisedBy } from './promised.ts';
import { repeatsOf } from './repeats.ts';
import { keeperOf, type ScopedItems, scopesOf } from './row-scopes.ts';
import {
  type AbstractShape,
  fetchedKey,
  type FieldShape,
  type MaskedPath,
  type ObjectShape,
  PROBE_KEY,
  type Promised,
  type Refusal,
  type Shape,
  SUBJECT_KEY,
  TYPENAME_KEY,
} from './shape.ts';
import { showsRows } from './shows-rows.ts';

export interface Pruning extends Collecting, Deciding {
  /** Types whose rows must be confirmed by the subgraph that keeps them, with the field that does so. */
  readonly probes?: ReadonlyMap<string, string>;
  /** Grants whose use is counted. */
  readonly metered: ReadonlySet<string>;
}

/** What is left of an operation once everything denied is gone, and the shape its answer takes. */
export interface Pruned {
  /** Selections to fetch; empty when nothing is left. */
  readonly selections: readonly SelectionNode[];
  /** Undefined when a denied item makes the whole answer null. */
  readonly shape: ObjectShape | undefined;
  readonly refusals: readonly Refusal[];
  readonly masked: readonly MaskedPath[];
  /** Coordinates of the pruned operation. */
  readonly asked: ReadonlySet<string>;
  /** The grants that it relies on. */
  readonly grants: ReadonlySet<string>;
  /** The rows for which all of it is allowed, by the subgraph that keeps them. */
  readonly scopes: ReadonlyMap<string, RowScope>;
}

/** One field that will be fetched to be shown. */
interface Shown extends ScopedItems {
  readonly coordinate: string;
  readonly grants: readonly string[];
  readonly masked?: MaskedPath;
}

/** A part of the operation, or the refusal that makes its position null. */
type Part<S> = { readonly selections: SelectionNode[]; readonly shape: S } | { readonly refused: Refusal };

type Path = readonly string[];

/** Prunes an operation before it is planned, so that what is denied is never fetched. */
export function prune(
  root: GraphQLObjectType,
  selectionSet: SelectionSetNode,
  options: Pruning & { use: Use },
): Pruned {
  const pruner = new Pruner(options);
  const part = pruner.object(root, [selectionSet], []);
  const { refusals, shown } = pruner;
  const left = {
    masked: shown.flatMap(({ masked }) => masked ?? []),
    asked: new Set(shown.map(({ coordinate }) => coordinate)),
    grants: new Set(shown.flatMap(({ grants }) => grants)),
    scopes: scopesOf(shown, options.table),
  };
  if ('refused' in part)
    return { ...left, selections: [], shape: undefined, refusals: [...refusals, { ...part.refused, path: [] }] };
  return { ...left, ...part, refusals };
}

class Pruner {
  readonly refusals: Refusal[] = [];
  /** What lies below a refused field is taken back: it is neither fetched nor shown, and the record must not say so. */
  readonly shown: Shown[] = [];
  readonly #options: Pruning & { use: Use };
  /** The type of the row that is being pruned, or in which what is being pruned lies, up to a resource of its own. */
  #row: string | undefined;
  /** Grants that lead to what is being pruned: the next rows are shown by them, whatever is asked of these. */
  #leading: readonly string[] = [];

  constructor(options: Pruning & { use: Use }) {
    this.#options = options;
  }

  /** Every field of one object type; refused as a whole when a denied field must not be null. */
  object(type: GraphQLObjectType, sets: readonly SelectionSetNode[], path: Path): Part<ObjectShape> {
    const before = this.shown.length;
    const selections: SelectionNode[] = [];
    const fields: FieldShape[] = [];
    const { table } = this.#options;
    const [above, leading] = [this.#row, this.#leading];
    const isRow = isRowType(table, type.name);
    const charged = new Set(isRow ? leading : []);
    if (isRow) this.#leading = [];
    this.#row = isRow ? type.name : table.resources.has(type.name) ? undefined : above;
    for (const [key, nodes] of collectFields(type, sets, this.#options)) {
      const part = this.field(type, nodes, { path: [...path, key], charged });
      if ('refused' in part) {
        [this.#row, this.#leading] = [above, leading];
        return this.takeBack(before, part);
      }
      selections.push(...part.selections);
      fields.push(part.shape);
    }
    [this.#row, this.#leading] = [above, leading];
    const subject = table.subjects.get(type.name);
    if (subject !== undefined) selections.push(selectAs(SUBJECT_KEY, subject));
    const probe = this.#options.probes?.get(type.name);
    if (probe !== undefined) selections.push(selectAs(PROBE_KEY, probe));
    const shape = { kind: 'object', type: type.name, fields, probed: probe !== undefined } as const;
    return { selections, shape: { ...shape, charged: [...charged], subjects: subject !== undefined } };
  }

  /** @param position.charged gathers the grants by which the rows of the type are shown. */
  private field(
    type: GraphQLObjectType,
    nodes: readonly FieldNode[],
    { path, charged }: { path: Path; charged: Set<string> },
  ): Part<FieldShape> {
    const [node] = nodes;
    const key = path.at(-1) ?? '';
    const name = node?.name.value ?? '';
    if (name === '__typename') return { selections: [], shape: { kind: 'typename', key, name: type.name } };
    const field = type.getFields()[name];
    // A field that was validated against another schema than this one, as a new one came meanwhile: nobody has decided on it.
    if (!field && !name.startsWith('__'))
      throw new HubError('SCHEMA_CHANGED', 'The schema changed while the request was read. Ask again.', {
        http: { status: 503 },
      });
    // Introspection is answered from the schema, which every authenticated caller may see.
    if (!node || !field) return { selections: [...nodes], shape: { kind: 'keep', key, fetched: key, asks: [] } };
    const coordinate = `${type.name}.${name}`;
    const use = path.length === 1 ? this.#options.use : 'OUTPUT';
    const verdict = decideField(coordinate, field, node, { ...this.#options, use });
    if (verdict.kind === 'DENY') {
      const owner = this.#options.table.items.get(verdict.coordinate)?.owner;
      const { coordinate: denied, use: deniedUse, reason } = verdict;
      return this.refuse(field.type, { path, coordinate: denied, use: deniedUse, reason, owner });
    }
    const inner = getNamedType(field.type);
    const { grants, rows, aggregateOnly } = verdict;
    const keeper = keeperOf(this.#row, this.#options.table);
    if (aggregateOnly && this.#row !== undefined) return this.refuse(field.type, this.rowsRefused(path, coordinate));
    const asks = this.metered(path.length === 1 ? grants : verdict.asks);
    if (isCompositeType(inner)) {
      const position = { path, field, asks, aggregateOnly, shown: { coordinate, grants, rows, keeper } };
      const part = this.nested(inner, [node, ...nodes.slice(1)], position);
      if ('shape' in part && part.shape.kind === 'nested') this.charge(grants, path, charged);
      return part;
    }
    this.charge(grants, path, charged);
    const fetched = fetchedKeyOf(node);
    const promised = promiseOf(field.type);
    const selections = [bare(node)];
    if (verdict.kind === 'ALLOW') {
      this.shown.push({ coordinate, grants, rows, keeper });
      return { selections, shape: { kind: 'keep', key, fetched, asks, ...promised } };
    }
    const { mask } = verdict;
    this.shown.push({ coordinate, grants, rows, keeper, masked: { path, coordinate, mask } });
    return { selections, shape: { kind: 'mask', key, fetched, mask, asks, ...promised } };
  }

  private metered(grants: readonly string[]): readonly string[] {
    return [...new Set(grants)].filter((grant) => this.#options.metered.has(grant));
  }

  /** The root is no row: there each question counts, by what it asks. */
  private charge(grants: readonly string[], path: Path, charged: Set<string>): void {
    if (path.length > 1) for (const grant of this.metered(grants)) charged.add(grant);
  }

  private nested(
    inner: GraphQLCompositeType,
    nodes: readonly [FieldNode, ...FieldNode[]],
    position: {
      path: Path;
      shown: Shown;
      field: GraphQLField<unknown, unknown>;
      asks: readonly string[];
      aggregateOnly: boolean;
    },
  ): Part<FieldShape> {
    const { path, shown, field, asks } = position;
    const { type } = field;
    const before = this.shown.length;
    const sets = nodes.flatMap((node) => node.selectionSet ?? []);
    const leading = this.#leading;
    this.#leading = [...leading, ...this.metered(shown.grants)];
    const part: Part<Shape> = isObjectType(inner)
      ? this.object(inner, sets, path)
      : this.abstract(inner, sets, { path, nullable: !isNonNullType(itemType(type)) });
    this.#leading = leading;
    if ('refused' in part) return this.refuse(type, { ...part.refused, path });
    if (position.aggregateOnly && showsRows(part.shape, this.#options))
      return this.takeBack(before, this.refuse(type, this.rowsRefused(path, shown.coordinate)));
    this.shown.push(shown);
    const [node] = nodes;
    const selections = part.selections.length > 0 ? part.selections : [selectAs(TYPENAME_KEY, '__typename')];
    return {
      selections: [{ ...bare(node), selectionSet: { kind: Kind.SELECTION_SET, selections } }],
      shape: {
        kind: 'nested',
        key: path.at(-1) ?? '',
        fetched: fetchedKeyOf(node),
        ...promiseOf(type),
        repeats: repeatsOf(field, node),
        asks,
        shape: part.shape,
      },
    };
  }

  /** One fragment per possible type, as an item may be shared on one and not on another. */
  private abstract(
    type: GraphQLAbstractType,
    sets: readonly SelectionSetNode[],
    position: { path: Path; nullable: boolean },
  ): Part<AbstractShape> {
    const before = this.shown.length;
    const selections: SelectionNode[] = [selectAs(TYPENAME_KEY, '__typename')];
    const byType = new Map<string, ObjectShape | null>();
    for (const possible of this.#options.schema.getPossibleTypes(type)) {
      const part = this.object(possible, sets, position.path);
      if ('refused' in part) {
        if (!position.nullable) return this.takeBack(before, part);
        this.refusals.push({ ...part.refused, path: position.path });
        byType.set(possible.name, null);
        continue;
      }
      byType.set(possible.name, part.shape);
      if (part.selections.length > 0) selections.push(fragmentOn(possible.name, part.selections));
    }
    return { selections, shape: { kind: 'abstract', byType } };
  }

  private rowsRefused(path: Path, coordinate: string): Refusal {
    const owner = this.#options.table.items.get(coordinate)?.owner;
    return { path, coordinate, use: 'OUTPUT', reason: 'AGGREGATE_ONLY', owner };
  }

  private takeBack<Refused>(before: number, refused: Refused): Refused {
    this.shown.length = before;
    return refused;
  }

  /** A refused field is null where the schema lets it be, else the refusal moves to the field above. */
  private refuse(type: GraphQLOutputType, refused: Refusal): Part<FieldShape> {
    if (isNonNullType(type)) return { refused };
    this.refusals.push(refused);
    return { selections: [], shape: { kind: 'null', key: refused.path.at(-1) ?? '' } };
  }
}

function promiseOf(type: GraphQLOutputType): { readonly promised?: Promised } {
  const promised = promisedBy(type);
  return promised ? { promised } : {};
}

/** The field with its arguments under the key it is fetched by, its directives resolved already. */
function bare(node: FieldNode): FieldNode {
  const key = fetchedKeyOf(node);
  const field: FieldNode =
    key === node.name.value ? { kind: Kind.FIELD, name: node.name } : selectAs(key, node.name.value);
  return { ...field, ...(node.arguments && { arguments: node.arguments }) };
}

function fetchedKeyOf({ alias, name }: FieldNode): string {
  return fetchedKey(name.value, alias?.value);
}

function selectAs(key: string, name: string): FieldNode {
  return { kind: Kind.FIELD, alias: { kind: Kind.NAME, value: key }, name: { kind: Kind.NAME, value: name } };
}

function fragmentOn(type: string, selections: readonly SelectionNode[]): SelectionNode {
  const typeCondition = { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: type } } as const;
  return { kind: Kind.INLINE_FRAGMENT, typeCondition, selectionSet: { kind: Kind.SELECTION_SET, selections } };
}

/** The type of one item of a list, or of the field itself where it is no list. */
function itemType(type: GraphQLOutputType): GraphQLOutputType {
  const nullable = getNullableType(type);
  return isListType(nullable) ? itemType(nullable.ofType) : type;
}

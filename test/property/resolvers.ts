import { rowScope } from '../../lib/row-scope.ts';
import type { SubgraphContext } from '../../lib/subgraph-definition.ts';
import type { SmallSubgraph } from '../support/small-hub.ts';
import { subgraphSdl } from './sdl.ts';
import {
  type Cell,
  derived,
  given,
  isPointer,
  type Item,
  matches,
  type ObjectType,
  type Pointer,
  type Row,
  type Subgraph,
  tableOf,
  typeOf,
  type World,
} from './world.ts';

/** An object as a subgraph hands it to its own resolvers. */
interface Parent {
  readonly __typename: string;
  readonly key: string;
  /** What the gateway sent along: the items that others are computed from. */
  readonly sent: Readonly<Record<string, unknown>>;
}

type Arguments = Readonly<Record<string, unknown>>;

/** The subgraphs of a world, each answering from its own tables alone and for the rows its signed context names. */
export function smallSubgraphs(world: World): SmallSubgraph[] {
  return world.subgraphs.map((subgraph) => ({
    ...subgraph,
    sdl: subgraphSdl(world, subgraph),
    resolvers: resolversOf(world, subgraph),
  }));
}

function resolversOf(world: World, subgraph: Subgraph): Record<string, object> {
  const sdl = subgraphSdl(world, subgraph);
  const resolvers: Record<string, object> = {};
  for (const { name } of world.abstracts.values())
    if (new RegExp(`(interface|union) ${name}\\b`).test(sdl))
      resolvers[name] = { __resolveType: ({ __typename }: Parent) => __typename };
  for (const type of world.types.values())
    if (new RegExp(`^type ${type.name}\\b`, 'm').test(sdl)) resolvers[type.name] = ofType(world, type, subgraph);
  return resolvers;
}

function ofType(world: World, type: ObjectType, subgraph: Subgraph): Record<string, unknown> {
  const own: Record<string, unknown> = {};
  const keeps = type.keeper === subgraph;
  for (const item of type.items.filter((each) => each.subgraph === subgraph))
    own[item.name] = (parent: Parent | undefined, args: Arguments, context: SubgraphContext) =>
      resolve({ world, subgraph, context }, item, { parent, args });
  if (type.keyField === undefined) return own;
  own[type.keyField] = ({ key }: Parent) => key;
  if (keeps && type.scoped) own['inScope'] = () => true;
  const { name, keyField } = type;
  own['__resolveReference'] = (sent: Record<string, unknown>, context: SubgraphContext): Parent | null => {
    const key = String(sent[keyField]);
    const isThere = keeps
      ? exists({ world, subgraph, context }, { type: name, key })
      : tableOf(world, subgraph.name, name).has(key);
    return isThere ? { __typename: name, key, sent } : null;
  };
  return own;
}

type Rows = Extract<Item['behaviour'], { kind: 'rows' }>;

interface Where {
  readonly world: World;
  readonly subgraph: Subgraph;
  readonly context: SubgraphContext;
}

function resolve(where: Where, item: Item, { parent, args }: { parent: Parent | undefined; args: Arguments }): unknown {
  const { world, subgraph } = where;
  if (item.behaviour.kind === 'rows') return ofRows(where, item.behaviour, args);
  const key = parent?.key ?? '';
  if (item.behaviour.kind === 'key') return key;
  if (item.requires.length > 0)
    return tableOf(world, subgraph.name, item.type).has(key)
      ? derived(item, new Map(Object.entries(parent?.sent ?? {})))
      : null;
  const cell = tableOf(world, subgraph.name, item.type).get(key)?.[item.name] ?? null;
  if (item.composite) return objects(where, cell);
  return typeof cell === 'string' && typeof args['style'] === 'string' ? `${cell}~${args['style']}` : cell;
}

function ofRows(where: Where, { of, give }: Rows, args: Arguments): unknown {
  const { filter, ...by } = args;
  const rows = [...tableOf(where.world, where.subgraph.name, of)]
    .filter(([key]) => exists(where, { type: of, key }))
    .filter(([, row]) => matches(by, row) && matches(filter, row));
  const parents = rows.map(([key]): Parent => ({ __typename: of, key, sent: {} }));
  return given(parents, give, filter);
}

function objects(where: Where, cell: Cell): unknown {
  const seen = (pointer: Pointer): Parent | undefined =>
    exists(where, pointer) ? { __typename: pointer.type, key: pointer.key, sent: {} } : undefined;
  if (Array.isArray(cell)) return cell.flatMap((each: unknown) => (isPointer(each) ? (seen(each) ?? []) : [null]));
  return isPointer(cell) ? (seen(cell) ?? null) : null;
}

/** Whether this subgraph gives an object: what it keeps, if it is there and in scope; what it only refers to, always. */
function exists({ world, subgraph, context }: Where, { type: name, key }: Pointer): boolean {
  const type = typeOf(world, name);
  if (type.keeper !== subgraph) return true;
  const row = tableOf(world, subgraph.name, name).get(key);
  if (!row) return false;
  return !type.scoped || passes(rowScope(context.signed.divisions, { county: 'division' }), row);
}

/** The few operators of a MongoDB filter that row scopes are made of. */
function passes(filter: Readonly<Record<string, unknown>>, row: Row): boolean {
  return Object.entries(filter).every(([field, wanted]) => {
    if (field === '$or') return (wanted as Record<string, unknown>[]).some((one) => passes(one, row));
    const value = row[field];
    if (typeof wanted === 'string') return value === wanted;
    const { $in, $gte, $lt, ...others } = wanted as { $in?: unknown[]; $gte?: string; $lt?: string };
    if (Object.keys(others).length > 0)
      throw new Error(`a row scope uses ${Object.keys(others).join(', ')}: teach it here`);
    if ($in) return $in.includes(value);
    return typeof value === 'string' && value >= ($gte ?? '') && value < ($lt ?? '\uffff');
  });
}

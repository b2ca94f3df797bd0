import { operationFromDocument } from '@apollo/federation-internals';
import type { FetchNode, PlanNode, QueryPlan } from '@apollo/query-planner';
import {
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  isAbstractType,
  isCompositeType,
  getNamedType,
  isObjectType,
  isInterfaceType,
  Kind,
  parse,
  type SelectionSetNode,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { fetchHash } from '../lib/signed-context.ts';
import { REMEMBERED } from './remembered.ts';
import type { BuiltSupergraph } from './supergraph.ts';

/** What a plan asks of one subgraph. */
export interface SubgraphPart {
  /** Hashes of the fetch texts. */
  readonly fetches: readonly string[];
  /** Every coordinate the texts touch. */
  readonly touched: ReadonlySet<string>;
  /** Where they touch a field of an interface: the same field of each type that may stand there. */
  readonly possible: ReadonlySet<string>;
}

export interface Plan {
  readonly id: string;
  readonly queryPlan: QueryPlan;
  readonly parts: ReadonlyMap<string, SubgraphPart>;
  readonly isMutation: boolean;
}

export type PlanOperation = (pruned: { readonly document: DocumentNode; readonly text: string }) => Plan;

export interface Planner {
  readonly plan: PlanOperation;
  /** The texts planned, the one used last first. */
  readonly planned: () => Iterable<string>;
}

/**
 * Plans pruned operations with Apollo's planner. Plans depend on the supergraph and the pruned text alone: no caller, grant or
 * epoch is part of the key, so a changed grant never costs a plan.
 */
export function planner(supergraph: BuiltSupergraph): Planner {
  const known = new LRUCache<string, Plan>({ max: 2_000, ...REMEMBERED });
  const plan: PlanOperation = ({ document, text }) => {
    const remembered = known.get(text);
    if (remembered) return remembered;
    const operation = operationFromDocument(supergraph.planning, document);
    const queryPlan = supergraph.planner.buildQueryPlan(operation);
    const made = {
      id: fetchHash(text),
      queryPlan,
      parts: partsOf(queryPlan, supergraph.fullSchema),
      isMutation: operation.rootKind === 'mutation',
    };
    known.set(text, made);
    return made;
  };
  return { plan, planned: () => known.keys() };
}

/** The fetches of a plan, in the order they are written. */
export function fetchesOf(plan: QueryPlan): readonly FetchNode[] {
  const found: FetchNode[] = [];
  const walk = (node: PlanNode | undefined): void => {
    switch (node?.kind) {
      case 'Fetch':
        found.push(node);
        break;
      case 'Flatten':
        walk(node.node);
        break;
      case 'Sequence':
      case 'Parallel':
        for (const child of node.nodes) walk(child);
        break;
      case 'Condition':
        walk(node.ifClause);
        walk(node.elseClause);
        break;
      default:
    }
  };
  if (plan.node?.kind !== 'Subscription') walk(plan.node);
  return found;
}

function partsOf(plan: QueryPlan, schema: GraphQLSchema): ReadonlyMap<string, SubgraphPart> {
  const parts = new Map<string, { fetches: string[]; touched: Set<string>; possible: Set<string> }>();
  for (const fetch of fetchesOf(plan)) {
    const part = parts.get(fetch.serviceName) ?? { fetches: [], touched: new Set(), possible: new Set() };
    part.fetches.push(fetchHash(fetch.operation));
    touch(fetch, schema, part);
    parts.set(fetch.serviceName, part);
  }
  return parts;
}

/** Reads the coordinates off a fetch text; `_entities` is no field of the supergraph, its fragments name the types. */
function touch(
  fetch: FetchNode,
  schema: GraphQLSchema,
  { touched, possible }: { touched: Set<string>; possible: Set<string> },
): void {
  const walk = (parent: string, set: SelectionSetNode): void => {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) field(parent, selection);
      else if (selection.kind === Kind.INLINE_FRAGMENT)
        walk(selection.typeCondition?.name.value ?? parent, selection.selectionSet);
      else walkFragment(selection.name.value);
    }
  };
  const field = (parent: string, node: FieldNode): void => {
    const name = node.name.value;
    if (name.startsWith('__')) return;
    if (name !== '_entities') touched.add(`${parent}.${name}`);
    const type = schema.getType(parent);
    const inner = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name]?.type : undefined;
    const named = inner && getNamedType(inner);
    if (isInterfaceType(type)) for (const each of schema.getPossibleTypes(type)) possible.add(`${each.name}.${name}`);
    if (node.selectionSet)
      walk(isCompositeType(named) || isAbstractType(named) ? named.name : parent, node.selectionSet);
  };
  const document = parse(fetch.operation, { noLocation: true });
  const walkFragment = (name: string): void => {
    for (const node of document.definitions)
      if (node.kind === Kind.FRAGMENT_DEFINITION && node.name.value === name)
        walk(node.typeCondition.name.value, node.selectionSet);
  };
  for (const node of document.definitions)
    if (node.kind === Kind.OPERATION_DEFINITION)
      walk(schema.getRootType(node.operation)?.name ?? '', node.selectionSet);
}

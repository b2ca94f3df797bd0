import {
  getNamedType,
  type GraphQLNamedType,
  type GraphQLSchema,
  isAbstractType,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import { keysOf, type ParsedSubgraph } from './documents.ts';
import type { PolicyChange } from './policy-change.ts';
import type { PolicyTable } from './policy-table.ts';

/** One side of a comparison. */
export interface Reach {
  readonly subgraphs: readonly ParsedSubgraph[];
  readonly schema: GraphQLSchema;
  readonly policy: PolicyTable;
}

/**
 * What opens data although no item's own rights change: an item that becomes part of a key, which every subgraph that refers
 * to the type is sent; and an item that returns rows of another type, which nobody narrows or counts as the last one's.
 */
export function reachChanges(before: Reach, after: Reach): readonly PolicyChange[] {
  return [...keyChanges(before, after), ...returnChanges(before, after)];
}

function keyChanges(before: Reach, after: Reach): readonly PolicyChange[] {
  const known = new Set(before.subgraphs.flatMap(keysOf));
  return [...new Set(after.subgraphs.flatMap(keysOf))].flatMap((coordinate): PolicyChange[] => {
    const was = before.policy.items.get(coordinate);
    const isOpen = was?.class === 'UNCONDITIONAL' && after.policy.items.get(coordinate)?.class === 'UNCONDITIONAL';
    if (!was || isOpen || known.has(coordinate)) return [];
    const { owner } = was;
    return [{ coordinate, owner, what: 'KEY', before: 'in no key', after: 'in a key', loosens: true }];
  });
}

function returnChanges(before: Reach, after: Reach): readonly PolicyChange[] {
  return [...before.policy.items.values()].flatMap(({ coordinate, owner }): PolicyChange[] => {
    const [was, is] = [returned(before.schema, coordinate), returned(after.schema, coordinate)];
    if (!was || !is || was.name === is.name) return [];
    const lost = (kept: (policy: PolicyTable) => ReadonlyMap<string, string>): boolean =>
      possible(before.schema, was).some((type) => kept(before.policy).has(type)) &&
      possible(after.schema, is).some((type) => !kept(after.policy).has(type));
    if (!lost(({ scopedBy }) => scopedBy) && !lost(({ subjects }) => subjects)) return [];
    return [{ coordinate, owner, what: 'RETURNS', before: was.name, after: is.name, loosens: true }];
  });
}

function returned(schema: GraphQLSchema, coordinate: string): GraphQLNamedType | undefined {
  const [type = '', field = ''] = coordinate.split('.');
  const holder = schema.getType(type);
  const found = isObjectType(holder) || isInterfaceType(holder) ? holder.getFields()[field] : undefined;
  return found && getNamedType(found.type);
}

function possible(schema: GraphQLSchema, type: GraphQLNamedType): readonly string[] {
  return isAbstractType(type) ? schema.getPossibleTypes(type).map(({ name }) => name) : [type.name];
}

import { getNamedType, type GraphQLSchema, isObjectType } from 'graphql';
import { isRowType } from '../schema/aggregate-schema.ts';
import type { PolicyTable } from '../schema/policy-table.ts';
import type { Shape } from './shape.ts';

interface Known {
  readonly schema: GraphQLSchema;
  readonly table: PolicyTable;
}

/** Whether single rows, such as persons or parcels, are anywhere in it, or what tells one of them from another. */
export function showsRows(shape: Shape, known: Known): boolean {
  if (shape.kind === 'abstract') return [...shape.byType.values()].some((each) => each && showsRows(each, known));
  if (isRowType(known.table, shape.type) || holdsCursors(shape.type, known)) return true;
  return shape.fields.some((field) => field.kind === 'nested' && showsRows(field.shape, known));
}

/**
 * Whether a type of Relay's pages holds cursors of rows. One row has one cursor whatever filter found it: whoever collects those of
 * each value of each filter has every row together, under a name of its own.
 */
function holdsCursors(type: string, { schema, table }: Known): boolean {
  const found = schema.getType(type);
  const node = isObjectType(found) ? found.getFields()['node'] : undefined;
  return type === 'PageInfo' || (node !== undefined && isRowType(table, getNamedType(node.type).name));
}

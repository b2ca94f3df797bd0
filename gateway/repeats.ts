import { type FieldNode, getNullableType, type GraphQLField, isListType, Kind } from 'graphql';
import type { Repeats } from './shape.ts';

/** Rows a list without `first` is taken to hold. */
export const USUAL_LIST = 10;
/** Rows of a page that names no size. */
export const USUAL_PAGE = 20;

/** How often what lies below a selected field may be there, as far as the field and its arguments say. */
export function repeatsOf(field: GraphQLField<unknown, unknown>, { arguments: given = [] }: FieldNode): Repeats {
  const value = given.find(({ name }) => name.value === 'first')?.value;
  const first =
    value?.kind === Kind.INT
      ? Number(value.value)
      : value?.kind === Kind.VARIABLE
        ? { variable: value.name.value }
        : undefined;
  return {
    list: isListType(getNullableType(field.type)),
    page: field.args.some(({ name }) => name === 'first'),
    ...(first !== undefined && { first }),
  };
}

/**
 * The number of rows.
 * @param paged whether a `first` above counts the rows of the list below already, as `edges` in a connection.
 */
export function rowsOf(
  { list, page, first }: Repeats,
  { paged, variables }: { readonly paged: boolean; readonly variables: Readonly<Record<string, unknown>> },
): number {
  if (!page) return list && !paged ? USUAL_LIST : 1;
  const given = typeof first === 'object' ? variables[first.variable] : first;
  return typeof given === 'number' ? Math.max(0, given) : USUAL_PAGE;
}

/** Whether the list below a field is counted by its `first`. */
export function pagesBelow({ list, page }: Repeats): boolean {
  return page && !list;
}

/** What a filter says of the items of an array: for the positional `$` of updates and projections. */
import { type Document, isDocument } from '../values/document.ts';
import { compileFilter } from './filter.ts';
import { asOperators, compileOperators, elementTest } from './filter-operators.ts';

/** One test of an item for each condition that the filter makes at or below the path of the array. */
export function itemTests(filter: Document, path: string): ((item: unknown) => boolean)[] {
  return conditionsAt(filter, path).map(([rest, condition]) => {
    if (rest !== '') return compileFilter({ [rest]: condition });
    const operators = asOperators(condition);
    const inner = operators['$elemMatch'];
    if (isDocument(inner)) return elementTest(inner, compileFilter);
    const test = compileOperators(operators, compileFilter);
    return (item) => test([item]);
  });
}

/** The conditions at or below a path, by what of their own path is left below it. */
function conditionsAt(filter: Document, path: string): [rest: string, condition: unknown][] {
  return Object.entries(filter).flatMap(([key, condition]): [string, unknown][] => {
    if ((key === '$and' || key === '$or') && Array.isArray(condition)) {
      return (condition as unknown[]).filter(isDocument).flatMap((part) => conditionsAt(part, path));
    }
    if (key !== path && !key.startsWith(`${path}.`)) return [];
    return [[key.slice(path.length + 1).replace(/^\d+\.?/, ''), condition]];
  });
}

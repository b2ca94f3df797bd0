/** Whether an index that leaves documents out may still serve a query. */
import type { Conditions } from '../queries/conditions.ts';
import { type Document, isOperators } from '../values/document.ts';
import { keyOf } from '../values/key-encoder.ts';
import type { IndexSpec } from './index-spec.ts';

export function applies(spec: IndexSpec, conditions: Conditions): boolean {
  if (spec.sparse && !spec.fields.some(({ path }) => (conditions.get(path) ?? []).some(needsValue))) return false;
  return Object.entries(spec.partial ?? {}).every(([path, need]) => isImplied(need, conditions.get(path)));
}

/** True when a document without the field cannot match. */
function needsValue(condition: Document): boolean {
  const list = condition['$in'];
  return (
    ('$eq' in condition && condition['$eq'] !== null && condition['$eq'] !== undefined) ||
    (Array.isArray(list) && !list.includes(null)) ||
    condition['$exists'] === true ||
    ['$gt', '$gte', '$lt', '$lte'].some((name) => name in condition && condition[name] !== null) ||
    '$regex' in condition ||
    '$elemMatch' in condition
  );
}

/** True when the conditions of a query say at least what the filter of a partial index says at this path. */
function isImplied(need: unknown, conditions: readonly Document[] | undefined): boolean {
  const needed: Document = isOperators(need) ? need : { $eq: need };
  return Object.entries(needed).every(([name, value]) =>
    (conditions ?? []).some((condition) =>
      name === '$exists' && value === true
        ? needsValue(condition)
        : name in condition && keyOf(condition[name]) === keyOf(value),
    ),
  );
}

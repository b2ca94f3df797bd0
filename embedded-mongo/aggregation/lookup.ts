/** The stage `$lookup`. */
import { badValue, unsupported } from '../errors.ts';
import { setAt } from '../queries/projection.ts';
import { type Document, isDocument } from '../values/document.ts';
import { leaves } from '../values/paths.ts';
import { compileExpression } from './expression.ts';
import type { Nested, Run } from './stage.ts';

export function lookup(argument: unknown, context: Nested): Run {
  if (!isDocument(argument)) throw badValue('$lookup needs an object');
  const { from, as, localField, foreignField, let: bound = {}, pipeline, ...rest } = argument;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw unsupported(`the option '${unknown}' of $lookup`);
  const { join, variables } = context;
  if (!join) throw unsupported('$lookup here');
  if (typeof from !== 'string' || typeof as !== 'string' || !isDocument(bound))
    throw badValue("$lookup needs 'from' and 'as'");
  const isByField = typeof localField === 'string' && typeof foreignField === 'string';
  if (!isByField && pipeline === undefined)
    throw badValue("$lookup needs either 'pipeline' or both 'localField' and 'foreignField'");
  const values = Object.entries(bound).map(([name, expression]) => ({
    name,
    value: compileExpression(expression, variables),
  }));
  const path = as.split('.');

  return function* (documents) {
    for (const document of documents) {
      const own = Object.fromEntries(values.map(({ name, value }) => [name, value(document)]));
      const filter = isByField ? { [foreignField]: { $in: localValues(document, localField) } } : {};
      const found = join(from, filter);
      const run =
        pipeline === undefined
          ? undefined
          : context.compilePipeline(pipeline, { ...context, variables: { ...variables, ...own } });
      yield setAt(document, path, [...(run ? run(found) : found)]) as Document;
    }
  };
}

/** What the foreign field must be one of: of an array each item, of a missing field null. */
function localValues(document: Document, field: string): unknown[] {
  return leaves(document, field.split('.')).flatMap((value): unknown[] =>
    Array.isArray(value) ? (value as unknown[]) : [value ?? null],
  );
}

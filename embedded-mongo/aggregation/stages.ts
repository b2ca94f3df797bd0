/** The stages of a pipeline, `$group` and `$lookup` apart. */
import { badValue, CommandError, unsupported } from '../errors.ts';
import { compileFilter } from '../queries/filter.ts';
import { compileProjection, setAt } from '../queries/projection.ts';
import { parseSort, sortDocuments } from '../queries/sort.ts';
import { type Document, getField, isDocument, isOperators } from '../values/document.ts';
import { lengthOf } from '../values/length-of.ts';
import { toNumber } from '../values/numbers.ts';
import { compareValues, isNumeric } from '../values/order.ts';
import { compileExpression, type Variables } from './expression.ts';
import { group } from './group.ts';
import { lookup } from './lookup.ts';
import type { Run, Stage } from './stage.ts';

const compute: Stage = (argument, { variables }) => {
  if (!isDocument(argument)) throw badValue('$set needs an object');
  const fields = flat(argument).map(([path, expression]) => ({
    path: path.split('.'),
    value: compileExpression(expression, variables),
  }));
  return map((document) =>
    fields.reduce<Document>((made, { path, value }) => setAt(made, path, value(document)) as Document, document),
  );
};

/** `{ a: { b: x } }` says the same as `{ 'a.b': x }`, unless it holds an operator. */
function flat(fields: Document, base = ''): [path: string, expression: unknown][] {
  return Object.entries(fields).flatMap(([name, value]): [string, unknown][] => {
    const path = base + name;
    if (name.startsWith('$') || name === '') throw badValue(`'${path}' is not a field to set`);
    return isDocument(value) && !isOperators(value) && Object.keys(value).length > 0
      ? flat(value, `${path}.`)
      : [[path, value]];
  });
}

const replace = (expression: unknown, variables: Variables | undefined): Run => {
  const root = compileExpression(expression, variables);
  return map((document) => {
    const made = root(document);
    if (!isDocument(made))
      throw new CommandError(40228, 'Location40228', "'newRoot' expression must evaluate to an object");
    return made;
  });
};

function unwind(argument: unknown): Run {
  const {
    path,
    preserveNullAndEmptyArrays: keepsEmpty,
    includeArrayIndex: indexField,
    ...rest
  } = isDocument(argument) ? argument : { path: argument };
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw unsupported(`the option '${unknown}' of $unwind`);
  if (typeof path !== 'string' || !path.startsWith('$')) throw badValue('$unwind needs a path that begins with $');
  const parts = path.slice(1).split('.');
  const withIndex = (document: Document, index: number | null): Document =>
    typeof indexField === 'string' ? (setAt(document, indexField.split('.'), index) as Document) : document;
  return function* (documents) {
    for (const document of documents) {
      // Unlike an expression, it does not look into arrays on its way.
      const value = parts.reduce<unknown>(getField, document);
      if (Array.isArray(value) && value.length > 0) {
        for (const [i, item] of (value as unknown[]).entries())
          yield withIndex(setAt(document, parts, item) as Document, i);
      } else if (value !== undefined && value !== null && !Array.isArray(value)) {
        yield withIndex(document, null);
      } else if (keepsEmpty === true) {
        yield withIndex(Array.isArray(value) ? (setAt(document, parts, undefined) as Document) : document, null);
      }
    }
  };
}

/** A `$group` by the lower bound of the bucket a value falls into, then a `$sort`. */
const bucket: Stage = (argument, context) => {
  if (!isDocument(argument)) throw badValue('$bucket needs an object');
  const { groupBy, boundaries, default: other, output = { count: { $sum: 1 } }, ...rest } = argument;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined || !Array.isArray(boundaries) || !isDocument(output))
    throw badValue('$bucket needs groupBy and boundaries');
  const bounds: unknown[] = boundaries;
  if (bounds.some((bound, i) => i > 0 && compareValues(bounds[i - 1], bound) >= 0))
    throw badValue('the boundaries of $bucket must ascend');
  const branches = bounds.slice(0, -1).map((low, i) => ({
    case: { $and: [{ $gte: [groupBy, { $literal: low }] }, { $lt: [groupBy, { $literal: bounds[i + 1] }] }] },
    then: { $literal: low },
  }));
  const _id = { $switch: { branches, ...(other !== undefined && { default: { $literal: other } }) } };
  return context.compilePipeline([{ $group: { _id, ...output } }, { $sort: { _id: 1 } }], context);
};

const facet: Stage = (argument, context) => {
  if (!isDocument(argument)) throw badValue('$facet needs an object');
  const facets = Object.entries(argument).map(([name, pipeline]) => ({
    name,
    run: context.compilePipeline(pipeline, context),
  }));
  return function* (documents) {
    const all = [...documents];
    yield Object.fromEntries(facets.map(({ name, run }) => [name, [...run(all)]]));
  };
};

const count = (name: unknown): Run => {
  if (typeof name !== 'string' || name === '' || name.startsWith('$') || name.includes('.'))
    throw badValue('$count needs the name of a field');
  return function* (documents) {
    const found = lengthOf(documents);
    if (found > 0) yield { [name]: found };
  };
};

export const STAGES: Readonly<Record<string, Stage>> = {
  $match: (filter, { variables }) => {
    const test = compileFilter(filter, variables);
    return function* (documents) {
      for (const document of documents) if (test(document)) yield document;
    };
  },
  $sort: (sort) => {
    const fields = parseSort(sort);
    return (documents) => sortDocuments([...documents], fields, (document) => document);
  },
  $limit: (limit) => {
    const most = whole(limit, '$limit', 1);
    return function* (documents) {
      let left = most;
      for (const document of documents) {
        yield document;
        if (--left === 0) return;
      }
    };
  },
  $skip: (skip) => {
    const passed = whole(skip, '$skip', 0);
    return function* (documents) {
      let at = 0;
      for (const document of documents) if (at++ >= passed) yield document;
    };
  },
  $project: (projection, { variables }) => {
    if (!isDocument(projection) || Object.keys(projection).length === 0)
      throw badValue('$project needs a nonempty object');
    return map(compileProjection(projection, { variables }));
  },
  $set: compute,
  $addFields: compute,
  $unset: (fields) => {
    const names: unknown[] = Array.isArray(fields) ? fields : [fields];
    return map(compileProjection(Object.fromEntries(names.map((name) => [String(name), 0]))));
  },
  $unwind: unwind,
  $count: count,
  $group: group,
  $lookup: lookup,
  $facet: facet,
  $bucket: bucket,
  $sortByCount: (expression, context) =>
    context.compilePipeline([{ $group: { _id: expression, count: { $sum: 1 } } }, { $sort: { count: -1 } }], context),
  $replaceRoot: (argument, { variables }) => replace(isDocument(argument) ? argument['newRoot'] : undefined, variables),
  $replaceWith: (argument, { variables }) => replace(argument, variables),
};

function map(change: (document: Document) => Document): Run {
  return function* (documents) {
    for (const document of documents) yield change(document);
  };
}

export function whole(value: unknown, name: string, least: number): number {
  const number = isNumeric(value) ? toNumber(value) : NaN;
  if (!Number.isInteger(number) || number < least) throw badValue(`${name} must be an integer of at least ${least}`);
  return number;
}

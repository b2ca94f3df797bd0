/** Runs an aggregation over a collection, the index doing what it can of the first stages. */
import { compilePipeline, stagesOf } from '../aggregation/pipeline.ts';
import { count } from '../collections/count.ts';
import { find, type FindOptions } from '../collections/find.ts';
import type { Cost } from '../collections/scan.ts';
import { fieldsOfPipeline } from '../queries/needed-fields.ts';
import { parseSort } from '../queries/sort.ts';
import type { Transaction } from '../storage/transaction.ts';
import { type Document, isDocument } from '../values/document.ts';
import { toNumber } from '../values/numbers.ts';
import { deadlineOf, objectField } from './arguments.ts';
import { type Call, nsOf } from './call.ts';

export type Pushed = { readonly filter: Document; readonly options: FindOptions; readonly rest: readonly Document[] };

export function readPipeline(command: Document, call: Call, view: Transaction, cost?: Cost): Iterable<Document> {
  const variables = objectField(command, 'let');
  const join = (name: string, filter: Document): Iterable<Document> => {
    const foreign = call.catalogue.get(nsOf(call, name));
    return foreign ? documents(find(foreign, view, filter, cost ? { cost } : {})) : [];
  };
  // Compiled as a whole first: a stage that does not exist is an error even where nothing reaches it.
  compilePipeline(command['pipeline'], { variables, join });
  const { filter, options, rest } = pushDown(command['pipeline']);
  const run = compilePipeline(rest, { variables, join });
  const collection = call.catalogue.get(nsOf(call, command['aggregate']));
  if (!collection) return run([]);
  const how: FindOptions = {
    ...options,
    hint: command['hint'],
    variables,
    deadline: deadlineOf(command),
    ...(cost && { cost }),
  };
  const counted = countOf(rest);
  if (counted) {
    const found = count(collection, view, filter, how);
    return found > 0 ? [{ _id: counted.id, [counted.field]: found }] : [];
  }
  const fields = fieldsOfPipeline(rest);
  return run(
    (function* () {
      for (const row of find(collection, view, filter, how)) yield row.fields(fields);
    })(),
  );
}

function* documents(rows: ReturnType<typeof find>): Generator<Document, void, undefined> {
  for (const row of rows) yield row.document;
}

/** Takes a leading $match, $sort, $skip and $limit off a pipeline, in that order, for `find` to do. */
export function pushDown(pipeline: unknown): Pushed {
  const stages = stagesOf(pipeline);
  let at = 0;
  const take = (name: string): unknown => (stages[at]?.name === name ? stages[at++]?.argument : undefined);
  const filter = take('$match');
  const sort = take('$sort');
  const skip = take('$skip');
  const limit = take('$limit');
  return {
    filter: isDocument(filter) ? filter : {},
    options: {
      sort: parseSort(sort ?? {}),
      skip: skip === undefined ? 0 : toNumber(skip),
      limit: limit === undefined ? 0 : toNumber(limit),
    },
    rest: stages.slice(at).map(({ name, argument }) => ({ [name]: argument })),
  };
}

type Count = { readonly id: unknown; readonly field: string };

/** What `countDocuments` sends: then nothing needs to be decoded. */
function countOf(stages: readonly Document[]): Count | undefined {
  const [first, ...more] = stages;
  const group = first?.['$group'];
  if (!isDocument(group) || more.length > 0) return undefined;
  const { _id: id, ...outputs } = group;
  const [[field, output] = [], ...others] = Object.entries(outputs);
  const counts = isDocument(output) && output['$sum'] === 1 && Object.keys(output).length === 1;
  return counts && field !== undefined && others.length === 0 && (id === 1 || id === null) ? { id, field } : undefined;
}

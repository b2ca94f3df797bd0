/** The command explain: the plan a query takes and, unless only that is asked for, what running it really reads. */
import { type Choice, findPlan } from '../collections/find-plan.ts';
import { find } from '../collections/find.ts';
import type { Plan } from '../collections/plan.ts';
import type { Cost } from '../collections/scan.ts';
import { CommandError, unsupported } from '../errors.ts';
import { parseSort, type SortField } from '../queries/sort.ts';
import type { Transaction } from '../storage/transaction.ts';
import { type Document, isDocument } from '../values/document.ts';
import { isNumeric } from '../values/order.ts';
import { lengthOf } from '../values/length-of.ts';
import { toNumber } from '../values/numbers.ts';
import { checkFields } from './accepted-fields.ts';
import { objectField } from './arguments.ts';
import { type Call, type Handler, nsOf, ok, read } from './call.ts';
import { countDocuments, findDocuments } from './read.ts';
import { pushDown, readPipeline } from './read-pipeline.ts';

type Question = {
  readonly ns: string;
  readonly filter: Document;
  readonly sort: readonly SortField[];
  readonly limit: number;
  readonly hint: unknown;
  /** Runs the query, counts what it reads, and returns how many documents came out. */
  readonly run: (view: Transaction, cost: Cost) => number;
};

export const explain: Handler = (command, call) => {
  const inner = objectField(command, 'explain');
  return explained(inner, call, command['verbosity']);
};

/** Also for `aggregate` with `explain: true`. */
export function explained(command: Document, call: Call, verbosity: unknown): Document {
  const [name = ''] = Object.keys(command);
  checkFields(name, command);
  const question = questionOf(name, command, call);
  return read(call, (view) => {
    const collection = call.catalogue.get(question.ns);
    const choice = collection && findPlan(collection, question, view);
    const winningPlan = choice ? shape(choice, question) : { stage: 'EOF' };
    const planner = { queryPlanner: { namespace: question.ns, winningPlan, rejectedPlans: [] } };
    const server = { serverInfo: { host: call.host, version: '7.0.0' } };
    if (verbosity === 'queryPlanner') return ok({ ...planner, ...server });
    const cost: Cost = { keysExamined: 0, docsExamined: 0 };
    const began = performance.now();
    const nReturned = question.run(view, cost);
    const executionStats = {
      executionSuccess: true,
      nReturned,
      executionTimeMillis: Math.round(performance.now() - began),
      totalKeysExamined: cost.keysExamined,
      totalDocsExamined: cost.docsExamined,
      executionStages: { ...winningPlan, nReturned },
    };
    return ok({ ...planner, executionStats, ...server });
  });
}

function questionOf(name: string, command: Document, call: Call): Question {
  const ns = nsOf(call, command[name]);
  const { hint } = command;
  switch (name) {
    case 'find': {
      const limit = isNumeric(command['limit']) ? Math.abs(toNumber(command['limit'])) : 0;
      const run = (view: Transaction, cost: Cost): number => lengthOf(findDocuments(command, call, view, cost));
      return { ns, filter: objectField(command, 'filter'), sort: parseSort(command['sort'] ?? {}), limit, hint, run };
    }
    case 'aggregate': {
      const { filter, options } = pushDown(command['pipeline']);
      const run = (view: Transaction, cost: Cost): number => lengthOf(readPipeline(command, call, view, cost));
      return { ns, filter, sort: options.sort ?? [], limit: options.limit ?? 0, hint, run };
    }
    case 'count': {
      const run = (view: Transaction, cost: Cost): number => countDocuments(command, call, view, cost);
      return { ns, filter: objectField(command, 'query'), sort: [], limit: 0, hint, run };
    }
    case 'distinct':
    case 'findAndModify':
      return finding(call, ns, {
        filter: objectField(command, 'query'),
        sort: parseSort(command['sort'] ?? {}),
        limit: name === 'distinct' ? 0 : 1,
        hint,
      });
    case 'update':
    case 'delete': {
      const [statement]: unknown[] = Array.isArray(command[`${name}s`]) ? (command[`${name}s`] as unknown[]) : [];
      const { q, multi, limit } = isDocument(statement) ? statement : {};
      const isMany = name === 'update' ? multi === true : limit !== 1;
      return finding(call, ns, { filter: isDocument(q) ? q : {}, sort: [], limit: isMany ? 0 : 1, hint });
    }
    case '':
      throw new CommandError(9, 'FailedToParse', "'explain' needs a command");
  }
  throw unsupported(`explain of '${name}'`);
}

/** A write is explained by what it would find; nothing is written. */
function finding(call: Call, ns: string, query: Omit<Question, 'ns' | 'run'>): Question {
  const run = (view: Transaction, cost: Cost): number => {
    const collection = call.catalogue.get(ns);
    return collection ? lengthOf(find(collection, view, query.filter, { ...query, cost })) : 0;
  };
  return { ns, ...query, run };
}

function shape(choice: Choice, { sort }: Question): Document {
  const scans = choice.plans.map(indexScan);
  const [only] = scans;
  const input: Document = !only
    ? { stage: 'COLLSCAN', direction: 'forward' }
    : { stage: 'FETCH', inputStage: scans.length === 1 ? only : { stage: 'OR', inputStages: scans } };
  if (sort.length === 0 || choice.sorted) return input;
  return {
    stage: 'SORT',
    sortPattern: Object.fromEntries(sort.map(({ path, sign }) => [path, sign])),
    inputStage: input,
  };
}

function indexScan({ index, reverse, merged, ranges }: Plan): Document {
  const { name, definition, unique } = index.spec;
  const scan = {
    stage: 'IXSCAN',
    indexName: name,
    keyPattern: definition['key'],
    isUnique: unique,
    isMultiKey: index.multikey,
    direction: reverse ? 'backward' : 'forward',
    ranges: ranges.length,
  };
  return merged ? { stage: 'SORT_MERGE', inputStage: scan } : scan;
}

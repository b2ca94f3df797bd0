/** The stage `$group`. */
import { badValue, CommandError } from '../errors.ts';
import { type Document, isDocument, setField } from '../values/document.ts';
import { keyOf } from '../values/key-encoder.ts';
import { toNumber } from '../values/numbers.ts';
import { compareValues, isNumeric } from '../values/order.ts';
import { sum } from './arithmetic.ts';
import { compileExpression } from './expression.ts';
import { isMissing } from './evaluate.ts';
import type { Nested, Run } from './stage.ts';

type Accumulator = { add(value: unknown): void; result(): unknown };

const ACCUMULATORS: Readonly<Record<string, () => Accumulator>> = {
  $sum: () => {
    let total: unknown = 0;
    return { add: (value) => (total = isNumeric(value) ? sum(total, value) : total), result: () => total };
  },
  $avg: () => {
    let total: unknown = 0;
    let count = 0;
    return {
      add: (value) => {
        if (!isNumeric(value)) return;
        total = sum(total, value);
        count++;
      },
      result: () => (count === 0 ? null : toNumber(total) / count),
    };
  },
  $min: () => extreme(-1),
  $max: () => extreme(1),
  $first: () => {
    let first: { readonly value: unknown } | undefined;
    return { add: (value) => (first ??= { value }), result: () => first?.value ?? null };
  },
  $last: () => {
    let last: unknown;
    return { add: (value) => (last = value), result: () => last ?? null };
  },
  $push: () => {
    const items: unknown[] = [];
    return { add: (value) => value !== undefined && items.push(value), result: () => items };
  },
  $addToSet: () => {
    const items = new Map<string, unknown>();
    return {
      add: (value) => {
        if (value !== undefined) items.set(keyOf(value), value);
      },
      result: () => [...items.values()],
    };
  },
  $mergeObjects: () => {
    const made: Document = {};
    return {
      add: (value) => {
        if (isMissing(value)) return;
        if (!isDocument(value)) throw badValue('$mergeObjects requires object inputs');
        for (const [name, field] of Object.entries(value)) setField(made, name, field);
      },
      result: () => made,
    };
  },
  $stdDevPop: () => deviation(0),
  $stdDevSamp: () => deviation(1),
};

function extreme(sign: 1 | -1): Accumulator {
  let best: unknown = null;
  return {
    add: (value) => {
      if (!isMissing(value) && (best === null || compareValues(value, best) * sign > 0)) best = value;
    },
    result: () => best,
  };
}

/** Welford's method, which does not lose digits to a large mean. */
function deviation(correction: 0 | 1): Accumulator {
  let count = 0;
  let mean = 0;
  let squares = 0;
  return {
    add: (value) => {
      if (!isNumeric(value)) return;
      const number = toNumber(value);
      count++;
      const before = number - mean;
      mean += before / count;
      squares += before * (number - mean);
    },
    result: () => (count > correction ? Math.sqrt(squares / (count - correction)) : null),
  };
}

export function group(argument: unknown, { variables }: Nested): Run {
  if (!isDocument(argument) || !('_id' in argument))
    throw new CommandError(15955, 'Location15955', 'a group specification must include an _id');
  const { _id, ...outputs } = argument;
  const id = compileExpression(_id, variables);
  const fields = Object.entries(outputs).map(([name, output]) => {
    const [[operator, expression] = ['', null]] = isDocument(output) ? Object.entries(output) : [];
    const create = operator === '$count' ? ACCUMULATORS['$sum'] : ACCUMULATORS[operator];
    if (!create)
      throw new CommandError(
        15952,
        'Location15952',
        `unknown group operator '${operator}' (or not supported by the embedded store)`,
      );
    return { name, create, value: operator === '$count' ? () => 1 : compileExpression(expression, variables) };
  });
  return function* (documents) {
    const groups = new Map<string, { id: unknown; accumulators: Accumulator[] }>();
    for (const document of documents) {
      const value = id(document) ?? null;
      const key = typeof value === 'string' ? `=${value}` : keyOf(value);
      let found = groups.get(key);
      if (!found) {
        found = { id: value, accumulators: fields.map(({ create }) => create()) };
        groups.set(key, found);
      }
      for (let i = 0; i < fields.length; i++) found.accumulators[i]?.add(fields[i]?.value(document));
    }
    for (const { id: value, accumulators } of groups.values()) {
      yield { _id: value, ...Object.fromEntries(fields.map(({ name }, i) => [name, accumulators[i]?.result()])) };
    }
  };
}

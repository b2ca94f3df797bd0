/** Expressions that compare, decide and bind. */
import { badValue, CommandError } from '../errors.ts';
import { isDocument } from '../values/document.ts';
import { compareValues, equal } from '../values/order.ts';
import { isMissing, namedArguments, ofValues, type Operator, type Operators } from './evaluate.ts';
import { truthy } from './truth.ts';

/** Here what is missing comes before null; in a filter the two are the same. */
export function compareExpressions(a: unknown, b: unknown): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  return compareValues(a, b);
}
const comparison = (accepts: (order: number) => unknown): Operator =>
  ofValues(2, 2, ([a, b]) => accepts(compareExpressions(a, b)));

const condition: Operator = (argument, compile, name) => {
  const parts: unknown[] = Array.isArray(argument)
    ? argument
    : ['if', 'then', 'else'].map((key) => namedArguments(argument, name, ['if', 'then', 'else'])[key]);
  if (parts.length !== 3) throw badValue(`${name} takes a condition and two results`);
  const [test, then, otherwise] = parts.map((part) => compile(part));
  return (scope) => (truthy(test?.(scope)) ? then?.(scope) : otherwise?.(scope));
};

const choice: Operator = (argument, compile, name) => {
  const given = namedArguments(argument, name, ['branches'], ['default']);
  const branches = (Array.isArray(given['branches']) ? (given['branches'] as unknown[]) : []).map((branch) => {
    const parts = namedArguments(branch, name, ['case', 'then']);
    return { test: compile(parts['case']), then: compile(parts['then']) };
  });
  const otherwise = 'default' in given ? compile(given['default']) : undefined;
  return (scope) => {
    const found = branches.find(({ test }) => truthy(test(scope)));
    if (found) return found.then(scope);
    if (otherwise) return otherwise(scope);
    throw new CommandError(
      40066,
      'Location40066',
      '$switch could not find a matching branch for an input, and no default was specified',
    );
  };
};

const binding: Operator = (argument, compile, name) => {
  const given = namedArguments(argument, name, ['vars', 'in']);
  if (!isDocument(given['vars'])) throw badValue("$let needs an object of 'vars'");
  const bound = Object.entries(given['vars']).map(([key, part]) => ({ key, value: compile(part) }));
  const inner = compile(
    given['in'],
    bound.map(({ key }) => key),
  );
  return (scope) => {
    const values = Object.fromEntries(bound.map(({ key, value }) => [key, value(scope)]));
    return inner({ ...scope, variables: { ...scope.variables, ...values } });
  };
};

export const LOGIC: Operators = {
  $eq: comparison((order) => order === 0),
  $ne: comparison((order) => order !== 0),
  $gt: comparison((order) => order > 0),
  $gte: comparison((order) => order >= 0),
  $lt: comparison((order) => order < 0),
  $lte: comparison((order) => order <= 0),
  $cmp: comparison(Math.sign),
  $and: (argument, compile) => {
    const parts = (Array.isArray(argument) ? (argument as unknown[]) : [argument]).map((part) => compile(part));
    return (scope) => parts.every((part) => truthy(part(scope)));
  },
  $or: (argument, compile) => {
    const parts = (Array.isArray(argument) ? (argument as unknown[]) : [argument]).map((part) => compile(part));
    return (scope) => parts.some((part) => truthy(part(scope)));
  },
  $not: ofValues(1, 1, ([value]) => !truthy(value)),
  $cond: condition,
  $switch: choice,
  $let: binding,
  $literal: (argument) => () => argument,
  $ifNull: (argument, compile) => {
    if (!Array.isArray(argument) || argument.length < 2) throw badValue('$ifNull takes at least two arguments');
    const parts = (argument as unknown[]).map((part) => compile(part));
    return (scope) => {
      let value: unknown;
      for (const part of parts) {
        value = part(scope);
        if (!isMissing(value)) return value;
      }
      return value;
    };
  },
  $in: ofValues(2, 2, ([value, list]) => {
    if (!Array.isArray(list))
      throw new CommandError(40081, 'Location40081', '$in requires an array as a second argument');
    return (list as unknown[]).some((item) => equal(item, value));
  }),
};

/** MongoDB's filters: a filter becomes a test of a document. */
import { compileExpression, type Variables } from '../aggregation/expression.ts';
import { truthy } from '../aggregation/truth.ts';
import { badValue, unsupported } from '../errors.ts';
import { isDocument } from '../values/document.ts';
import { leaves } from '../values/paths.ts';
import { asOperators, compileOperators, type Test } from './filter-operators.ts';

const ALWAYS: Test = () => true;

export function compileFilter(filter: unknown, variables?: Variables): Test {
  if (!isDocument(filter)) throw badValue('a filter must be an object');
  const tests = Object.entries(filter).map(([path, condition]) =>
    path.startsWith('$') && path !== '$id' && path !== '$ref'
      ? logical(path, condition, variables)
      : onField(path, condition, variables),
  );
  return all(tests.filter((test) => test !== ALWAYS));
}

function onField(path: string, condition: unknown, variables: Variables | undefined): Test {
  const parts = path.split('.');
  const test = compileOperators(asOperators(condition), (inner) => compileFilter(inner, variables));
  return (document) => test(leaves(document, parts));
}

function logical(name: string, argument: unknown, variables: Variables | undefined): Test {
  switch (name) {
    case '$and':
      return all(branches(name, argument, variables));
    case '$or': {
      const tests = branches(name, argument, variables);
      return (document) => tests.some((test) => test(document));
    }
    case '$nor': {
      const tests = branches(name, argument, variables);
      return (document) => !tests.some((test) => test(document));
    }
    case '$expr': {
      const expression = compileExpression(argument, variables);
      return (document) => truthy(expression(document));
    }
    case '$comment':
      return ALWAYS;
    case '$where':
    case '$text':
    case '$jsonSchema':
    case '$sampleRate':
      throw unsupported(`the filter operator ${name}`);
  }
  throw badValue(`unknown top level operator: ${name}`);
}

function branches(name: string, argument: unknown, variables: Variables | undefined): Test[] {
  if (!Array.isArray(argument) || argument.length === 0) throw badValue(`${name} must be a nonempty array`);
  return argument.map((branch) => compileFilter(branch, variables));
}

function all(tests: readonly Test[]): Test {
  const [first] = tests;
  if (!first) return ALWAYS;
  return tests.length === 1 ? first : (document) => tests.every((test) => test(document));
}

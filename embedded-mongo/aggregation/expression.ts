/** MongoDB's aggregation expressions: an expression becomes a function of a document. */
import { CommandError } from '../errors.ts';
import { type Document, isDocument, setField } from '../values/document.ts';
import { resolve } from '../values/paths.ts';
import { ARITHMETIC } from './arithmetic.ts';
import { ARRAYS } from './arrays.ts';
import { CONVERSIONS } from './conversions.ts';
import { DATES } from './dates.ts';
import type { Compile, Evaluate, Operators } from './evaluate.ts';
import { LOGIC } from './logic.ts';
import { OBJECTS } from './objects.ts';
import { STRINGS } from './strings.ts';

/** The variables of a command (`let`), by name. */
export type Variables = Readonly<Document>;

const OPERATORS: Operators = { ...ARITHMETIC, ...ARRAYS, ...CONVERSIONS, ...DATES, ...LOGIC, ...OBJECTS, ...STRINGS };
const NO_VARIABLES: Variables = {};

export function compileExpression(
  expression: unknown,
  variables: Variables = NO_VARIABLES,
): (document: unknown) => unknown {
  const evaluate = compiler(new Set(Object.keys(variables)))(expression);
  const now = new Date();
  const inForce = { ...variables, NOW: now };
  return (document) => evaluate({ root: document, variables: inForce });
}

function compiler(known: ReadonlySet<string>): Compile {
  const compile: Compile = (expression, names = []) => {
    if (names.length > 0) return compiler(new Set([...known, ...names]))(expression);
    if (typeof expression === 'string')
      return expression.startsWith('$') ? reference(expression, known) : () => expression;
    if (Array.isArray(expression)) return list(expression, compile);
    if (!isDocument(expression)) return () => expression;
    const [name] = Object.keys(expression);
    return name?.startsWith('$') ? operator(name, expression, compile) : object(expression, compile);
  };
  return compile;
}

function operator(name: string, expression: Document, compile: Compile): Evaluate {
  if (Object.keys(expression).length > 1) {
    throw new CommandError(15983, 'Location15983', `an object that names an operator has only that field: ${name}`);
  }
  const create = OPERATORS[name];
  if (!create) {
    throw new CommandError(
      168,
      'InvalidPipelineOperator',
      `Unrecognized expression '${name}' (or not supported by the embedded store)`,
    );
  }
  return create(expression[name], compile, name);
}

function list(items: readonly unknown[], compile: Compile): Evaluate {
  const parts = items.map((item) => compile(item));
  return (scope) => parts.map((part) => part(scope) ?? null);
}

/** A field whose expression finds nothing is left out. */
function object(expression: Document, compile: Compile): Evaluate {
  const parts = Object.entries(expression).map(([name, part]): [string, Evaluate] => [name, compile(part)]);
  return (scope) => {
    const made: Document = {};
    for (const [name, part] of parts) {
      const value = part(scope);
      if (value !== undefined) setField(made, name, value);
    }
    return made;
  };
}

function reference(text: string, known: ReadonlySet<string>): Evaluate {
  if (!text.startsWith('$$')) {
    const path = fieldPath(text.slice(1));
    return ({ root }) => resolve(root, path);
  }
  const [name = '', ...path] = text.slice(2).split('.');
  switch (name) {
    case 'ROOT':
    case 'CURRENT':
      return ({ root }) => resolve(root, path);
    case 'REMOVE':
      return () => undefined;
  }
  if (name !== 'NOW' && !known.has(name))
    throw new CommandError(17276, 'Location17276', `Use of undefined variable: ${name}`);
  return ({ variables }) => resolve(variables[name], path);
}

function fieldPath(text: string): string[] {
  const parts = text.split('.');
  if (parts.some((part) => part === '' || part.startsWith('$'))) {
    throw new CommandError(15998, 'Location15998', `'$${text}' is not a path to a field`);
  }
  return parts;
}

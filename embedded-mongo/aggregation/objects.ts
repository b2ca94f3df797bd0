/** Expressions over documents. */
import { badValue, typeMismatch } from '../errors.ts';
import { type Document, getField, isDocument, setField } from '../values/document.ts';
import { isMissing, namedArguments, ofPresent, ofValues, type Operators } from './evaluate.ts';

function merged(values: readonly unknown[]): Document {
  const made: Document = {};
  for (const value of values) {
    if (isMissing(value)) continue;
    if (!isDocument(value)) throw typeMismatch('$mergeObjects requires object inputs');
    for (const [name, field] of Object.entries(value)) setField(made, name, field);
  }
  return made;
}

function fromPairs([pairs]: readonly unknown[]): Document {
  if (!Array.isArray(pairs)) throw typeMismatch('$arrayToObject requires an array input');
  const made: Document = {};
  for (const pair of pairs as unknown[]) {
    const [name, value] = Array.isArray(pair) ? (pair as unknown[]) : [getField(pair, 'k'), getField(pair, 'v')];
    if (typeof name !== 'string') throw badValue('$arrayToObject needs pairs of a string and a value, or { k, v }');
    setField(made, name, value ?? null);
  }
  return made;
}

export const OBJECTS: Operators = {
  $mergeObjects: ofValues(0, Infinity, (values) =>
    merged(values.length === 1 && Array.isArray(values[0]) ? (values[0] as unknown[]) : values),
  ),
  $objectToArray: ofPresent(1, 1, ([value]) => {
    if (!isDocument(value)) throw typeMismatch('$objectToArray requires a document input');
    return Object.entries(value).map(([k, v]) => ({ k, v }));
  }),
  $arrayToObject: ofPresent(1, 1, fromPairs),
  $getField: (argument, compile, name) => {
    const { field, input } = isDocument(argument)
      ? namedArguments(argument, name, ['field'], ['input'])
      : { field: argument, input: undefined };
    const fieldName = compile(field);
    const source = compile(input ?? '$$CURRENT');
    return (scope) => getField(source(scope), String(fieldName(scope)));
  },
  $setField: (argument, compile, name) => {
    const given = namedArguments(argument, name, ['field', 'input', 'value']);
    const [field, input, value] = [compile(given['field']), compile(given['input']), compile(given['value'])];
    return (scope) => {
      const base = input(scope);
      if (!isDocument(base)) return null;
      const made = { ...base };
      const content = value(scope);
      if (content === undefined) Reflect.deleteProperty(made, String(field(scope)));
      else setField(made, String(field(scope)), content);
      return made;
    };
  },
};

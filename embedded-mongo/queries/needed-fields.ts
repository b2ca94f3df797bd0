/** Which top-level fields a query reads; undefined when it may read any. Fewer fields mean far less to decode. */
import { isDocument, type Document } from '../values/document.ts';

export type Fields = ReadonlySet<string> | undefined;

export function fieldsOfFilter(filter: Document): Fields {
  const found = new Set<string>();
  return addFilter(filter, found) ? found : undefined;
}

/** `$type` tells an int from a double, which plain JavaScript numbers do not. */
export function needsTypes(filter: Document): boolean {
  return Object.entries(filter).some(([key, value]) => key === '$type' || anyPart(value));
}
const anyPart = (value: unknown): boolean =>
  Array.isArray(value) ? (value as unknown[]).some(anyPart) : isDocument(value) && needsTypes(value);

/** Stages that pass on nothing but what they name. */
const CLOSING = new Set(['$group', '$bucket', '$sortByCount', '$count']);

export function fieldsOfPipeline(stages: readonly Document[]): Fields {
  const found = new Set<string>();
  for (const stage of stages) {
    const [name = ''] = Object.keys(stage);
    const argument = stage[name];
    if (CLOSING.has(name)) return name === '$count' || addExpression(argument, found) ? found : undefined;
    if (!addStage(name, argument, found)) return undefined;
  }
  return undefined;
}

function addStage(name: string, argument: unknown, into: Set<string>): boolean {
  switch (name) {
    case '$match':
      return isDocument(argument) && addFilter(argument, into);
    case '$sort':
      for (const path of Object.keys(isDocument(argument) ? argument : {})) addPath(path, into);
      return true;
    case '$unwind': {
      const path = isDocument(argument) ? argument['path'] : argument;
      addPath(String(path).slice(1), into);
      return !(isDocument(argument) && 'includeArrayIndex' in argument);
    }
    case '$skip':
    case '$limit':
      return true;
  }
  return false;
}

function addPath(path: string, into: Set<string>): void {
  into.add(path.split('.')[0] ?? '');
}

function addFilter(filter: Document, into: Set<string>): boolean {
  return Object.entries(filter).every(([key, condition]) => {
    if (key === '$and' || key === '$or' || key === '$nor') {
      return Array.isArray(condition) && condition.every((part) => isDocument(part) && addFilter(part, into));
    }
    if (key === '$expr') return addExpression(condition, into);
    if (key.startsWith('$')) return key === '$comment';
    addPath(key, into);
    return true;
  });
}

function addExpression(expression: unknown, into: Set<string>): boolean {
  if (typeof expression === 'string') {
    if (expression.startsWith('$$'))
      return /^\$\$(NOW|REMOVE)$/.test(expression) || !/^\$\$(ROOT|CURRENT)\b/.test(expression);
    if (expression.startsWith('$')) addPath(expression.slice(1), into);
    return true;
  }
  if (Array.isArray(expression)) return (expression as unknown[]).every((part) => addExpression(part, into));
  if (!isDocument(expression)) return true;
  // $getField without an input reads the whole document.
  return !('$getField' in expression) && Object.values(expression).every((part) => addExpression(part, into));
}

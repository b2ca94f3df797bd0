/** What an expression compiles to, and how an operator is declared. */
import { badValue } from '../errors.ts';
import type { Document } from '../values/document.ts';

/** The document an expression reads, and the variables in force around it. */
export type Scope = { readonly root: unknown; readonly variables: Readonly<Document> };
export type Evaluate = (scope: Scope) => unknown;
/** Compiles a part of an expression; `names` are the variables it may use besides those in force. */
export type Compile = (expression: unknown, names?: readonly string[]) => Evaluate;
export type Operator = (argument: unknown, compile: Compile, name: string) => Evaluate;
export type Operators = Readonly<Record<string, Operator>>;

/** An operator of the values of its arguments, which number from `least` to `most`. A single argument needs no brackets. */
export function ofValues(least: number, most: number, run: (values: readonly unknown[]) => unknown): Operator {
  return (argument, compile, name) => {
    const list: unknown[] = Array.isArray(argument) ? argument : [argument];
    if (list.length < least || list.length > most) {
      throw badValue(
        `${name} takes ${least === most ? least : `${least} to ${most}`} arguments, ${list.length} were given`,
      );
    }
    const parts = list.map((part) => compile(part));
    return (scope) => run(parts.map((part) => part(scope)));
  };
}

/** As `ofValues`, but null as soon as one of the values is null or missing. */
export function ofPresent(least: number, most: number, run: (values: readonly unknown[]) => unknown): Operator {
  return ofValues(least, most, (values) => (values.some(isMissing) ? null : run(values)));
}

/** An operator whose arguments have names; those that `required` does not list may be left out. */
export function ofNamed(
  required: readonly string[],
  optional: readonly string[],
  run: (values: Readonly<Record<string, unknown>>) => unknown,
): Operator {
  return (argument, compile, name) => {
    const given = namedArguments(argument, name, required, optional);
    const parts = Object.entries(given).map(([key, part]): [string, Evaluate] => [key, compile(part)]);
    return (scope) => run(Object.fromEntries(parts.map(([key, part]) => [key, part(scope)])));
  };
}

export function namedArguments(
  argument: unknown,
  name: string,
  required: readonly string[],
  optional: readonly string[] = [],
): Document {
  if (typeof argument !== 'object' || argument === null || Array.isArray(argument))
    throw badValue(`${name} needs an object`);
  const given = argument as Document;
  for (const key of Object.keys(given)) {
    if (!required.includes(key) && !optional.includes(key))
      throw badValue(`${name} has no argument '${key}' in the embedded store`);
  }
  for (const key of required) if (!(key in given)) throw badValue(`${name} needs '${key}'`);
  return given;
}

export const isMissing = (value: unknown): value is null | undefined => value === null || value === undefined;

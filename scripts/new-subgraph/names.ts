import { HubError } from '../../lib/errors.ts';

export interface AskedSubgraph {
  /** Folder, store and name in the supergraph, such as traffic-police. */
  readonly name: string;
  /** Department code of the owner. */
  readonly owner: string;
  /** What people call it, such as 交通警察. */
  readonly title: string;
  /** GraphQL type of its rows; made from the name when absent. */
  readonly type?: string | undefined;
}

/** Everything a template may name, by the word between its braces. */
export type Names = Readonly<
  Record<
    | 'name'
    | 'owner'
    | 'title'
    | 'Subgraph'
    | 'Type'
    | 'type'
    | 'Types'
    | 'types'
    | 'TYPE'
    | 'type-file'
    | 'types-file'
    | 'code',
    string
  >
>;

const KEBAB = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const KEBAB_RULE = 'small letters, digits and single hyphens between them, a letter first';
const LONGEST = 30;

/** Words a type of rows cannot be called: those of the language, and what the made modules call other things. */
const TAKEN = new Set(
  (
    'await break case catch class const continue debugger default delete do else enum export extends false finally for function ' +
    'if implements import in instanceof interface let new null package private protected public return static super switch this ' +
    'throw true try typeof var void while with yield args by code connection count county cursors database definition division ' +
    'divisions edge edges fault id info key list loaders models name node number opened owner page phone place plan population ' +
    'queries query random ref required row rows scope sdl sex signed source state stored text title totals unit units'
  ).split(' '),
);

/**
 * The names of a new subgraph, in every way they are written.
 * @param code catalogue code of its resource, nine digits and more, as in 399001/000001.
 * @throws HubError BAD_USER_INPUT with the option, what is wrong with it and what to give instead.
 */
export function namesOf({ name, owner, title, type }: AskedSubgraph, code: string): Names {
  if (!KEBAB.test(name) || name.length > LONGEST)
    throw wrong('name', name, `is not a name of a subgraph. Give ${KEBAB_RULE}, at most ${LONGEST}: traffic-police`);
  if (name === 'hub')
    throw wrong('name', name, 'is the name of the hub’s own store. Name it after the department or its register');
  if (!KEBAB.test(owner) || owner.length > 2 * LONGEST)
    throw wrong(
      '--owner',
      owner,
      `is not a code of a department. Give ${KEBAB_RULE}, at most ${2 * LONGEST}: civil-affairs`,
    );
  if (!/^[\p{L}\p{N}][\p{L}\p{N} ·（）()-]{0,39}$/u.test(title))
    throw wrong(
      '--title',
      title,
      'is not a title. Give 1 to 40 letters and digits, without quotes and line breaks: 交通警察',
    );
  const Subgraph = pascal(name);
  const Type = type ?? `${Subgraph}Case`;
  const Types = plural(Type);
  const names = { Type, type: camel(Type), Types, types: camel(Types) };
  if (!/^[A-Z][a-z0-9]+([A-Z][a-z0-9]*)*$/.test(Type) || Type.length > 2 * LONGEST)
    throw wrong(
      '--type',
      Type,
      `is not a name of a type. Give words in the singular, each with a capital: TrafficViolation`,
    );
  if (TAKEN.has(names.type) || TAKEN.has(names.types))
    throw wrong('--type', Type, `means something else in the modules. Say whose or which, as in ${Subgraph}${Type}`);
  return {
    ...names,
    name,
    owner,
    title,
    Subgraph,
    TYPE: kebab(Type).replaceAll('-', '_').toUpperCase(),
    'type-file': kebab(Type),
    'types-file': kebab(Types),
    code,
  };
}

/** GraphQL types and root fields that the made schema brings with it; each may be in one subgraph only. */
export function namesInSupergraph({ Type, type, types }: Names): readonly string[] {
  const parts = ['', 'State', 'Connection', 'Edge', 'Dimension', 'Count'].map((part) => `${Type}${part}`);
  return [...parts, `Query.${type}`, `Query.${types}`, `Division.${types}`];
}

function pascal(name: string): string {
  return name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

function camel(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

function kebab(name: string): string {
  return name.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}

function plural(word: string): string {
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return /(s|x|z|ch|sh)$/.test(word) ? `${word}es` : `${word}s`;
}

function wrong(option: string, value: string, problem: string): HubError {
  return new HubError('BAD_USER_INPUT', `${option}: ${JSON.stringify(value)} ${problem}.`);
}

import { readFileSync } from 'node:fs';
import { URL } from 'node:url';
import { buildSchema, execute, GraphQLError, parse, TypeInfo, validate, visit, visitWithTypeInfo } from 'graphql';
import { accounts } from './accounts.mjs';
import { isIn } from './divisions.mjs';

/** @typedef {import('./signed-context.mjs').SignedContext} SignedContext */

/** The service's own schema, with the one field by which a gateway resolves references (Apollo Federation subgraph specification). */
const schema = buildSchema(
  `${readFileSync(new URL('./schema.graphql', import.meta.url), 'utf8')}
  scalar _Any
  union _Entity = HousingFundAccount | Division
  extend type Query { _entities(representations: [_Any!]!): [_Entity]! }`,
  // The directives of the federation are for whoever composes; nothing here reads them.
  { assumeValidSDL: true },
);

/**
 * Reads a text, and says which coordinates it touches.
 * @param {string} text
 */
export function readQuery(text) {
  const document = parse(text);
  const errors = validate(schema, document);
  /** @type {Set<string>} */
  const touched = new Set();
  const types = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(types, {
      Field: (node) => {
        const parent = types.getParentType();
        if (parent && !node.name.value.startsWith('__')) touched.add(`${parent.name}.${node.name.value}`);
      },
    }),
  );
  return { document, errors, touched };
}

/**
 * Answers a permitted query for the rows that exist for its caller.
 * @param {import('graphql').DocumentNode} document
 * @param {Record<string, unknown>} variables
 * @param {SignedContext} context
 */
export async function answer(document, variables, context) {
  return execute({ schema, document, variableValues: variables, rootValue: root(context.divisions) });
}

/** @param {readonly string[]} scope */
function root(scope) {
  const visible = accounts.filter(({ division }) => isIn(division, scope));
  /** @param {string | undefined} number */
  const find = (number) => visible.find((each) => each.number === number);

  return {
    /** A row outside the scope answers as one that does not exist. @param {{ number: string }} asked */
    housingFundAccount: ({ number }) => find(number) ?? null,

    /** @param {{ division: string, first: number }} asked */
    housingFundAccounts: ({ division, first }) => {
      if (first < 1 || first > 200) throw problem('BAD_USER_INPUT', 'first: out of range. Ask for 1 to 200 rows.');
      return visible.filter((each) => isIn(each.division, [division])).slice(0, first);
    },

    /** @param {{ representations: readonly { __typename: string, number?: string, code?: string }[] }} asked */
    _entities: ({ representations }) =>
      representations.map(({ __typename, number, code = '' }) => {
        if (__typename === 'Division') return { __typename, code, housingFundAccounts: () => count(code, scope) };
        const account = find(number);
        return account ? { __typename, ...account } : null;
      }),
  };
}

/**
 * A number over a division is for those who may read every row behind it, and small ones single persons out.
 * @param {string} code
 * @param {readonly string[]} scope
 */
function count(code, scope) {
  if (!isIn(code, scope)) throw problem('PARTIAL_SCOPE', 'Your grants do not cover the whole of this division.');
  const found = accounts.filter(({ division }) => isIn(division, [code])).length;
  return found > 0 && found < 10 ? null : found;
}

/**
 * @param {string} code
 * @param {string} message
 */
function problem(code, message) {
  return new GraphQLError(message, { extensions: { code } });
}

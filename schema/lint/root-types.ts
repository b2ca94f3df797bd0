import { Kind } from 'graphql';
import { type Found, lineOf, type Rule } from './rule.ts';

const NAMES = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' } as const;

/** Policies are by coordinate: a root type of another name has none of the policies that callers meet. */
export const rootTypes: Rule = {
  name: 'root-types',
  asks: 'The root types are called Query and Mutation; there is no subscription.',
  why: 'Callers ask Query.person whatever a department calls its root type, and policies are kept by that name: what Root.person says would count for nobody. The hub answers no subscriptions.',
  good: 'type Query { area: Float }',
  bad: `schema { query: Root }
type Root { area: Float }`,
  check: ({ definitions }) => {
    const found: Found[] = [];
    for (const node of definitions) {
      if (node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION)
        for (const { operation, type } of node.operationTypes ?? [])
          if (type.name.value !== NAMES[operation])
            found.push({
              severity: 'ERROR',
              coordinate: type.name.value,
              line: lineOf(type),
              problem: `The root type of every ${operation} is called ${type.name.value}.`,
              fix: `Call it ${NAMES[operation]}, and leave the schema definition out.`,
            });
      if (node.kind === Kind.OBJECT_TYPE_DEFINITION && node.name.value === NAMES.subscription)
        found.push({
          severity: 'ERROR',
          coordinate: NAMES.subscription,
          line: lineOf(node),
          problem: 'The hub answers no subscriptions.',
          fix: 'Take the type out, and offer a query that lists what is new since a day.',
        });
    }
    return found;
  },
};

import { Kind } from 'graphql';
import { type Found, lineOf, type Rule } from './rule.ts';

/** SDL that cannot be read at all, or is none. */
export const parses: Rule = {
  name: 'parses',
  asks: 'The schema can be read as GraphQL.',
  why: 'What cannot be read as a GraphQL schema cannot be checked. The other rules say nothing of it until it can.',
  good: 'type Query { area: Float }',
  bad: 'type Query { area: }',
  check: ({ syntaxError, definitions }) => {
    const operations = definitions.filter(
      ({ kind }) => kind === Kind.OPERATION_DEFINITION || kind === Kind.FRAGMENT_DEFINITION,
    );
    const [place = { line: 1, column: 1 }] = syntaxError?.locations ?? [];
    const unreadable: Found = {
      severity: 'ERROR',
      coordinate: '',
      ...place,
      problem: `It is not GraphQL: ${syntaxError?.message.replace(/\.$/, '') ?? ''}.`,
      fix: 'Correct what stands here, or just before it.',
    };
    return [
      ...(syntaxError ? [unreadable] : []),
      ...operations.map((node): Found => ({
        severity: 'ERROR',
        coordinate: '',
        line: lineOf(node),
        problem: 'It is a query, and a schema has none.',
        fix: 'Take it out.',
      })),
    ];
  },
};

import { Kind } from 'graphql';
import { isInterface } from './contract.ts';
import { lineOf, type Rule } from './rule.ts';

/** A refusal is null; where null is not allowed it takes the object around it along. */
export const nullableWhenRefused: Rule = {
  name: 'nullable-when-refused',
  asks: 'What may be refused may be null.',
  why: 'An item that somebody may not read is null in the answer. Where its type forbids null, the refusal moves to the nearest object that may be null, and the caller loses what it was allowed to read.',
  good: `type Query { person: Person @sharing(class: CONDITIONAL) }
type Person { name: String @sharing(class: CONDITIONAL, mask: NAME) }`,
  bad: `type Query { person: Person @sharing(class: CONDITIONAL) }
type Person { name: String! @sharing(class: CONDITIONAL, mask: NAME) }`,
  check: ({ fields, foreign }) =>
    fields
      .filter(
        ({ parent, type, node, sharing, isExternal, isInaccessible }) =>
          node.type.kind === Kind.NON_NULL_TYPE &&
          (sharing?.class === 'CONDITIONAL' || sharing?.class === 'WITHHELD') &&
          !(isExternal || isInaccessible || isInterface(parent) || type === 'Mutation'),
      )
      .map(({ coordinate, node, sharing }) => ({
        severity: foreign ? 'WARNING' : 'ERROR',
        coordinate,
        line: lineOf(node),
        problem: `It is ${sharing?.class ?? ''}, and its type does not allow null: a refusal would take the object around it along.`,
        fix: 'Take the outermost ! from its type.',
      })),
};

import { directive } from '../directives.ts';
import { type Field, isInterface, named, textsOf } from './contract.ts';
import { type Found, lineOf, type Rule } from './rule.ts';

/** What nobody classified is denied to everybody, and looks like a mistake of the hub. */
export const classified: Rule = {
  name: 'classified',
  asks: 'Every field has a sharing class, every mutation its actors.',
  why: 'An item that has no sharing class is denied to everybody, its owner included. Every department says of each of its items whether it is shared without conditions, under conditions or not at all (国发〔2016〕51号); a class on a type counts for the fields that its definition holds. A mutation says by @actor who may call it.',
  good: `type Query { parcel: Parcel @sharing(class: CONDITIONAL) }
type Parcel @sharing(class: CONDITIONAL) {
  area: Float
  landUse: String @sharing(class: UNCONDITIONAL)
}
type Mutation { approve(request: ID!): Boolean @actor(roles: ["sharing-officer"]) }`,
  bad: `type Query { parcel: Parcel }
type Parcel { area: Float }
type Mutation { approve(request: ID!): Boolean }`,
  check: ({ fields }, { copies }) =>
    fields.flatMap((field): readonly Found[] => {
      if (isInterface(field.parent) || field.isExternal) return [];
      if (field.type === 'Mutation') return unacted(field);
      if (field.isInaccessible && field.isKey) return [];
      const stated = (copies.get(field.coordinate) ?? []).some(({ sharing }) => sharing);
      return stated
        ? []
        : [
            {
              severity: 'ERROR',
              coordinate: field.coordinate,
              line: lineOf(field.node),
              problem: 'It has no sharing class, so it is denied to everybody.',
              fix: field.isKey
                ? 'Add @sharing(class: …) here or, where it is another department’s key, have that one say it.'
                : 'Add @sharing(class: UNCONDITIONAL), CONDITIONAL or WITHHELD, here or on the type.',
            },
          ];
    }),
};

function unacted({ coordinate, node }: Field): readonly Found[] {
  const actor = directive(named(node.directives, 'actor'), 'actor');
  if (actor && textsOf(actor['roles']).length > 0) return [];
  return [
    {
      severity: 'ERROR',
      coordinate,
      line: lineOf(node),
      problem: actor
        ? '@actor names no role, so nobody may call it.'
        : 'It does not say who may call it, so nobody may.',
      fix: 'Add @actor(roles: ["…"]) with the roles that a caller’s token must carry one of.',
    },
  ];
}

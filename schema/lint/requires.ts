import { type Contract, type Field, fieldSetOf, named, STRICTNESS } from './contract.ts';
import { type Found, lineOf, type Rule } from './rule.ts';
import { inWords, statedPolicy } from './stated-policy.ts';

/** What is computed from an item tells of it (GHSA-m8jr-fxqx-8xx6). */
export const requires: Rule = {
  name: 'requires',
  asks: 'What is computed from an item is shared no more freely than that one.',
  why: 'Whoever reads an item that @requires another reads something of that one, too. So it is shared no more freely than what it is made of. A field with arguments cannot be required: the values of the caller and of the requiring field would share one name in the plan.',
  beside: `type Person @key(fields: "ref") {
  ref: ID! @inaccessible
  income: Float @sharing(class: CONDITIONAL)
}`,
  good: `type Person @key(fields: "ref") {
  ref: ID! @inaccessible
  income: Float @external
  isNeedy: Boolean @requires(fields: "income") @sharing(class: CONDITIONAL)
}`,
  bad: `type Person @key(fields: "ref") {
  ref: ID! @inaccessible
  income: Float @external
  isNeedy: Boolean @requires(fields: "income") @sharing(class: UNCONDITIONAL)
}`,
  check: (subgraph, contract) =>
    subgraph.fields.flatMap((field) =>
      named(field.node.directives, 'requires').flatMap((node) =>
        (fieldSetOf(field.type, node, subgraph.typeOf) ?? []).flatMap((item) => required(field, item, contract)),
      ),
    ),
};

function required({ coordinate, node }: Field, item: string, contract: Contract): readonly Found[] {
  const found = (problem: string, fix: string): readonly Found[] => [
    { severity: 'ERROR', coordinate, line: lineOf(node), problem, fix },
  ];
  const copies = contract.copies.get(item) ?? [];
  if (copies.some((copy) => (copy.node.arguments ?? []).length > 0))
    return found(
      `It requires ${item}, which has arguments.`,
      'Have its owner offer a field without arguments, and require that.',
    );
  const own = statedPolicy(coordinate, contract);
  const stated = statedPolicy(item, contract);
  const owned = copies.some((copy) => !copy.isExternal);
  if (!owned || !own) return [];
  if (!stated)
    return found(
      `It requires ${item}, which nobody classified and so nobody may read.`,
      `Have its owner classify ${item}.`,
    );
  return STRICTNESS[stated.class] > STRICTNESS[own.class]
    ? found(
        `It is ${inWords(own)} and requires ${item}, which is ${inWords(stated)}.`,
        `Classify it as ${stated.class} too, or compute it from what is shared as freely.`,
      )
    : [];
}

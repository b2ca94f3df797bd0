import { type Found, lineOf, type Rule } from './rule.ts';
import { inWords, statedCopies } from './stated-policy.ts';

/** Composition keeps one of two different classes without a word: the looser one may win. */
export const unequalClasses: Rule = {
  name: 'unequal-classes',
  asks: 'Subgraphs that have one item say the same of it, and one department says it.',
  why: 'Where two subgraphs have one item, the planner may ask either, so both must say the same of it. And one department owns it: another that has a copy of what is not free leaves the class out.',
  beside: `type Person @key(fields: "ref") {
  ref: ID! @inaccessible
  name: String @shareable @sharing(class: CONDITIONAL, mask: NAME)
}`,
  good: `type Person @key(fields: "ref") {
  ref: ID! @inaccessible
  name: String @external
}`,
  bad: `type Person @key(fields: "ref") {
  ref: ID! @inaccessible
  name: String @shareable @sharing(class: UNCONDITIONAL)
}`,
  check: ({ name, fields }, contract) => {
    const found: Found[] = [];
    for (const coordinate of new Set(fields.map((field) => field.coordinate))) {
      const copies = statedCopies(coordinate, contract);
      const own = copies.find(({ subgraph }) => subgraph === name);
      if (!own) continue;
      const line = lineOf(own.node);
      const place = (copy: typeof own): string =>
        `${inWords(copy.stated)} in ${copy.subgraph} (${copy.owner}, line ${lineOf(copy.node)})`;
      const other = copies.find((copy) => copy !== own && inWords(copy.stated) !== inWords(own.stated));
      const others = copies.find(({ owner }) => owner !== own.owner);
      if (other)
        found.push({
          severity: 'ERROR',
          coordinate,
          line,
          problem: `It is ${place(own)} and ${place(other)}.`,
          fix: 'Agree on one class and mask; whoever only refers to the item declares it @external, or leaves the class out.',
        });
      else if (others && own.stated.class !== 'UNCONDITIONAL')
        found.push({
          severity: 'ERROR',
          coordinate,
          line,
          problem: `Two departments say how it is shared: it is ${place(own)} and ${place(others)}.`,
          fix: 'Leave the class out in the subgraph that does not own it.',
        });
    }
    return found;
  },
};

import { Kind } from 'graphql';
import { hasFields, isInterface, STRICTNESS } from './contract.ts';
import { type Found, lineOf, type Rule } from './rule.ts';
import { inWords, statedPolicy } from './stated-policy.ts';

/** An item is decided on the type behind an interface; what only the interface says has no effect. */
export const interfaceStrictness: Rule = {
  name: 'interface-strictness',
  asks: 'Types are at least as strict as the interfaces they implement.',
  why: 'Items are decided on the types that implement an interface, whichever way they are asked for. A class or mask that only the interface has would protect nothing, so each type says it at least as strictly.',
  good: `interface Registered { number: String @sharing(class: CONDITIONAL, mask: TAIL) }
type Vehicle implements Registered { number: String @sharing(class: CONDITIONAL, mask: TAIL) }`,
  bad: `interface Registered { number: String @sharing(class: CONDITIONAL, mask: TAIL) }
type Vehicle implements Registered { number: String @sharing(class: UNCONDITIONAL) }`,
  check: ({ definitions, fields }, contract) => {
    const found: Found[] = [];
    const implementing = definitions.flatMap((node) =>
      hasFields(node) && node.kind !== Kind.INTERFACE_TYPE_DEFINITION
        ? (node.interfaces ?? []).map(({ name }) => ({ type: node.name.value, of: name.value }))
        : [],
    );
    for (const field of fields) {
      if (isInterface(field.parent) || field.isExternal) continue;
      for (const { of } of implementing.filter(({ type }) => type === field.type)) {
        const asked = statedPolicy(`${of}.${field.node.name.value}`, contract);
        const own = statedPolicy(field.coordinate, contract);
        if (!asked || !own) continue;
        const isLooser = STRICTNESS[own.class] < STRICTNESS[asked.class];
        const isMaskedOtherwise = own.class === asked.class && own.mask !== asked.mask;
        if (!isLooser && !isMaskedOtherwise) continue;
        found.push({
          severity: isLooser || own.mask !== undefined ? 'ERROR' : 'WARNING',
          coordinate: field.coordinate,
          line: lineOf(field.node),
          problem: `It is ${inWords(own)}, and ${of}.${field.node.name.value}, which it implements, is ${inWords(asked)}.`,
          fix: 'Say the same here.',
        });
      }
    }
    return found;
  },
};

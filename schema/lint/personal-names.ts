import { isInterface } from './contract.ts';
import { looksPersonal } from './personal-words.ts';
import { type Found, lineOf, type Rule } from './rule.ts';
import { statedPolicy } from './stated-policy.ts';

/** Personal information that is open to everybody, by what it is called. */
export const personalNames: Rule = {
  name: 'personal-names',
  asks: 'What looks like personal information is not open to everybody.',
  why: 'What tells of a natural person is shared for a purpose only (个人信息保护法). An item that is called or described like personal information and open to every department is most likely a slip. Addresses and phones of legal persons, offices and documents are not meant.',
  good: `type Person @personal @key(fields: "ref") @sharing(class: UNCONDITIONAL) {
  ref: ID! @inaccessible
  phone: String @sharing(class: CONDITIONAL, mask: PHONE)
}
type Company @sharing(class: UNCONDITIONAL) { registeredAddress: String }`,
  bad: `type Person @personal @key(fields: "ref") @sharing(class: UNCONDITIONAL) {
  ref: ID! @inaccessible
  phone: String
}`,
  check: ({ fields }, contract) =>
    fields.flatMap((field): readonly Found[] => {
      if (isInterface(field.parent) || field.isExternal || field.isInaccessible) return [];
      const what = looksPersonal(field, contract);
      const stated = statedPolicy(field.coordinate, contract);
      if (what === undefined || (stated && stated.class !== 'UNCONDITIONAL')) return [];
      const isOfPersons = contract.personal.has(field.type) || contract.scoped.has(field.type);
      return [
        {
          severity: isOfPersons ? 'ERROR' : 'WARNING',
          coordinate: field.coordinate,
          line: lineOf(field.node),
          problem: `It looks like ${what}, and is ${stated ? 'shared without conditions' : 'not classified'}.`,
          fix: 'Classify it CONDITIONAL, with a mask where a part of it is enough. If it tells of no natural person, say in its description whose it is.',
        },
      ];
    }),
};

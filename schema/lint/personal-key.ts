import { fieldSetOf, hasFields, named } from './contract.ts';
import { looksPersonal } from './personal-words.ts';
import { type Found, lineOf, type Rule } from './rule.ts';

/** Masks that hide something about a person. */
const PERSONAL_MASKS = ['RESIDENT_NUMBER', 'NAME', 'PHONE', 'ADDRESS'];

/** A key goes to every subgraph that refers to the row, whatever its caller may read. */
export const personalKey: Rule = {
  name: 'personal-key',
  asks: 'No key is made of personal information.',
  why: 'The hub hands the key of a row to every department whose subgraph refers to it, for every caller. A resident number or a phone as a key would be told to all of them, and join what they know. Keys are numbers that mean nothing elsewhere, and @inaccessible where callers need none.',
  good: `type Person @key(fields: "ref") {
  ref: ID! @inaccessible
  residentNumber: String @sharing(class: CONDITIONAL, mask: RESIDENT_NUMBER)
}`,
  bad: `type Person @key(fields: "residentNumber") {
  residentNumber: String @sharing(class: CONDITIONAL, mask: RESIDENT_NUMBER)
}`,
  check: ({ definitions, typeOf }, contract) =>
    definitions.flatMap((node) =>
      hasFields(node)
        ? named(node.directives, 'key').flatMap((key) =>
            (fieldSetOf(node.name.value, key, typeOf) ?? []).flatMap((coordinate): readonly Found[] => {
              const copies = contract.copies.get(coordinate) ?? [];
              const isMarked = copies.some(
                ({ node: field, sharing }) =>
                  named(field.directives, 'personal').length > 0 || PERSONAL_MASKS.includes(String(sharing?.mask)),
              );
              const looks = copies.flatMap((field) => looksPersonal(field, contract) ?? [])[0];
              if (!isMarked && looks === undefined) return [];
              return [
                {
                  severity: 'ERROR',
                  coordinate,
                  line: lineOf(key),
                  problem: `A @key of ${node.name.value} is made of it, and it ${looks === undefined ? 'is personal' : `looks like ${looks}`}: its values would go to every department that refers to the row.`,
                  fix: 'Make the key of a number of its own, and have callers look rows up by an argument with @reads(…, use: LOOKUP).',
                },
              ];
            }),
          )
        : [],
    ),
};

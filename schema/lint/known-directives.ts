import { Kind, specifiedDirectives } from 'graphql';
import { nearestName } from '../../lib/nearest-name.ts';
import { HEADED } from '../link-meanings.ts';
import { directiveUses, SHARING_DIRECTIVES } from './directive-uses.ts';
import { type Found, lineOf, type Rule } from './rule.ts';

const KNOWN: readonly string[] = [
  ...[...HEADED.keys()].flatMap((name) => (name.startsWith('@') ? [name.slice(1)] : [])),
  ...specifiedDirectives.map(({ name }) => name),
];

/** A directive that is spelt otherwise, or stands where it says nothing, leaves an item with the policy of its type. */
export const knownDirectives: Rule = {
  name: 'known-directives',
  asks: 'Directives are known, and stand where they mean something.',
  why: 'An item whose @sharing is spelt otherwise has the class of its type, which may be looser. One on an enum value, an argument or an interface as a whole protects nothing: classes are of fields, and of all fields of an object type.',
  good: `type Person @sharing(class: UNCONDITIONAL) { phone: String @sharing(class: CONDITIONAL) }`,
  bad: `type Person @sharing(class: UNCONDITIONAL) { phone: String @shraing(class: CONDITIONAL) }`,
  check: ({ definitions }) => {
    const own = definitions.flatMap((node) => (node.kind === Kind.DIRECTIVE_DEFINITION ? [node.name.value] : []));
    return directiveUses(definitions).flatMap(({ coordinate, location, directive }): readonly Found[] => {
      const name = directive.name.value;
      const locations = SHARING_DIRECTIVES.get(name)?.locations;
      const found = (problem: string, fix: string): readonly Found[] => [
        { severity: 'ERROR', coordinate, line: lineOf(directive), problem, fix },
      ];
      if (locations && !locations.includes(location))
        return found(
          `@${name} means nothing on ${inWords(location)}.`,
          `Put it on ${locations.map(inWords).join(' or ')}.`,
        );
      if ([...KNOWN, ...own].includes(name)) return [];
      const meant = nearestName(name, KNOWN);
      return found(
        `There is no directive @${name}.`,
        meant === undefined ? 'Take it out, or define it.' : `Did you mean @${meant}?`,
      );
    });
  },
};

/** `ENUM_VALUE` is `an enum value`. */
function inWords(location: string): string {
  const words = location
    .toLowerCase()
    .replaceAll('_', ' ')
    .replace(' definition', '')
    .replace(/^object$/, 'object type');
  return `${/^([aeio]|u(?!ni))/.test(words) ? 'an' : 'a'} ${words}`;
}

import { namedType } from '../documents.ts';
import { type Field, isInterface } from './contract.ts';
import { type Found, lineOf, type Rule } from './rule.ts';

/** A date of birth, by what it is called or described as. */
const OF_BIRTH = /birth|born|出生/i;

/** A masked resident number beside the date of birth is whole again: the hub must know of both. */
export const maskCombination: Rule = {
  name: 'mask-combination',
  asks: 'No date of birth undoes the mask of a resident number unknown to the hub.',
  why: 'The mask RESIDENT_NUMBER hides the eight digits of the birth date. Beside a date of birth the number is whole again. The hub shows the region only where it knows of the date, which it does by the mask YEAR on it.',
  good: `type Person {
  residentNumber: String @sharing(class: CONDITIONAL, mask: RESIDENT_NUMBER)
  birthDate: Date @sharing(class: CONDITIONAL, mask: YEAR)
}
scalar Date`,
  bad: `type Person {
  residentNumber: String @sharing(class: CONDITIONAL, mask: RESIDENT_NUMBER)
  birthDate: Date @sharing(class: CONDITIONAL)
}
scalar Date`,
  check: ({ fields }, { subgraphs }) => {
    const masked = subgraphs
      .flatMap((each) => each.fields)
      .filter(({ sharing, isExternal }) => sharing?.mask === 'RESIDENT_NUMBER' && !isExternal);
    return fields.flatMap((field): readonly Found[] => {
      const numbers = masked.filter(({ type }) => type === field.type);
      if (numbers.length === 0 || isInterface(field.parent) || field.isExternal) return [];
      if (field.sharing?.mask === 'YEAR') return [known(field, numbers)];
      const { name, description, type } = field.node;
      const isOfBirth = OF_BIRTH.test(`${name.value} ${description?.value ?? ''}`) && isDate(namedType(type));
      return isOfBirth && field.sharing?.mask !== 'RESIDENT_NUMBER' ? [unknown(field, numbers)] : [];
    });
  },
};

function isDate(type: string): boolean {
  return type === 'String' || /date|year|day/i.test(type);
}

const listed = (numbers: readonly Field[]): string =>
  [...new Set(numbers.map(({ coordinate }) => coordinate))].join(', ');

function known({ coordinate, node }: Field, numbers: readonly Field[]): Found {
  return {
    severity: 'NOTE',
    coordinate,
    line: lineOf(node),
    problem: `It restores the mask of ${listed(numbers)}: to whoever may read it, and where both are asked together, that shows the region only.`,
    fix: 'Nothing has to be done. Grant both to one application only where it needs the whole number.',
  };
}

function unknown({ coordinate, node }: Field, numbers: readonly Field[]): Found {
  return {
    severity: 'ERROR',
    coordinate,
    line: lineOf(node),
    problem: `It looks like a date of birth and restores the mask of ${listed(numbers)}, and the hub does not know.`,
    fix: 'Give it the mask YEAR, or take the mask from the number.',
  };
}

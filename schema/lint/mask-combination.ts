import { Kind } from 'graphql';
import { namedType } from '../documents.ts';
import type { ItemPolicy } from '../policy-table.ts';
import type { Found, Rule } from './rule.ts';

/** A date of birth, by what it is called or described as. */
const OF_BIRTH = /birth|born|出生/i;

/** A masked resident number beside the date of birth is whole again: the hub must know of both. */
export const maskCombination: Rule = {
  name: 'mask-combination',
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
  check: ({ definitions, name: subgraph }, { items }) => {
    const masked = [...items.values()].filter((item) => item.subgraph === subgraph && item.mask === 'RESIDENT_NUMBER');
    const found: Found[] = [];
    for (const node of definitions) {
      if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.OBJECT_TYPE_EXTENSION) continue;
      const numbers = masked.filter(({ coordinate }) => coordinate.startsWith(`${node.name.value}.`));
      if (numbers.length === 0) continue;
      for (const field of node.fields ?? []) {
        const coordinate = `${node.name.value}.${field.name.value}`;
        const item = items.get(coordinate);
        if (item?.mask === 'YEAR') found.push(known(coordinate, numbers));
        else if (
          OF_BIRTH.test(`${field.name.value} ${field.description?.value ?? ''}`) &&
          isDate(namedType(field.type))
        )
          found.push(unknown(coordinate, numbers));
      }
    }
    return found;
  },
};

function isDate(type: string): boolean {
  return type === 'String' || /date|year|day/i.test(type);
}

const listed = (numbers: readonly ItemPolicy[]): string => numbers.map(({ coordinate }) => coordinate).join(', ');

function known(coordinate: string, numbers: readonly ItemPolicy[]): Found {
  return {
    severity: 'NOTE',
    coordinate,
    problem: `It restores the mask of ${listed(numbers)}: to whoever may read it, and where both are asked together, that shows the region only.`,
    fix: 'Nothing has to be done. Grant both to one application only where it needs the whole number.',
  };
}

function unknown(coordinate: string, numbers: readonly ItemPolicy[]): Found {
  return {
    severity: 'ERROR',
    coordinate,
    problem: `It looks like a date of birth and restores the mask of ${listed(numbers)}, and the hub does not know.`,
    fix: 'Give it the mask YEAR, or take the mask from the number.',
  };
}

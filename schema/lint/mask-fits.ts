import { Kind } from 'graphql';
import { namedType } from '../documents.ts';
import type { Mask } from '../policy-table.ts';
import { type Found, lineOf, type Rule } from './rule.ts';

const BUILT_IN = ['String', 'ID', 'Int', 'Float', 'Boolean'];

/** The built-in types whose values a mask can read; a department's own scalars may be read by any. */
const READS: Readonly<Record<Mask, readonly string[]>> = {
  RESIDENT_NUMBER: ['String', 'ID'],
  NAME: ['String', 'ID'],
  PHONE: ['String', 'ID'],
  ADDRESS: ['String', 'ID'],
  YEAR: ['String'],
  AMOUNT: ['Int', 'Float'],
  GRID: [],
  TAIL: ['String', 'ID'],
};

/** A mask that cannot read a value hides it altogether. */
export const maskFits: Rule = {
  name: 'mask-fits',
  asks: 'A mask can read the values that it masks.',
  why: 'A mask shows a part of a value and keeps its type: a text stays a text, a number a number. One that cannot read the type makes every value null, so that the item is refused where its owner meant to show a part of it.',
  good: 'type Firm { capital: Float @sharing(class: CONDITIONAL, mask: AMOUNT) }',
  bad: 'type Firm { capital: Float @sharing(class: CONDITIONAL, mask: TAIL) }',
  check: ({ fields, definitions }, { objects }) => {
    const enums = new Set(
      definitions.flatMap((node) => (node.kind === Kind.ENUM_TYPE_DEFINITION ? [node.name.value] : [])),
    );
    return fields.flatMap(({ coordinate, node, sharing, isExternal }): readonly Found[] => {
      const { mask } = sharing ?? {};
      // One that does not exist, or that a type gives to all its fields, is not meant for this one.
      if (mask === undefined || !Object.hasOwn(READS, mask) || sharing?.byDefault || isExternal) return [];
      const type = namedType(node.type);
      if (READS[mask].includes(type) || !(BUILT_IN.includes(type) || objects.has(type) || enums.has(type))) return [];
      const fitting = READS[mask].length > 0 ? READS[mask].join(' or ') : 'a scalar of its own, such as Geometry';
      return [
        {
          severity: 'ERROR',
          coordinate,
          line: lineOf(node),
          problem: `The mask ${mask} cannot read a ${type}: every value would be null.`,
          fix: `Give it another mask or none, or make it ${fitting}.`,
        },
      ];
    });
  },
};

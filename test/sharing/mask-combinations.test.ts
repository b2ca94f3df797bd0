import { describe, expect, it } from 'vitest';
import { readPolicy } from '../../schema/read-policy.ts';
import { restorable, restoring, stricter } from '../../sharing/policy/mask-combinations.ts';

const table = readPolicy([
  {
    name: 'population',
    owner: 'public-security',
    sdl: `
      type Query { person: Person }
      type Person @sharing(class: CONDITIONAL) {
        residentNumber: String @sharing(class: CONDITIONAL, mask: RESIDENT_NUMBER)
        formerNumber: String @sharing(class: CONDITIONAL, mask: RESIDENT_NUMBER)
        birthDate: String @sharing(class: CONDITIONAL, mask: YEAR)
        bornOn: String @sharing(class: CONDITIONAL, mask: YEAR)
        name: String @sharing(class: CONDITIONAL, mask: NAME)
      }
      type Visitor @sharing(class: CONDITIONAL) {
        residentNumber: String @sharing(class: CONDITIONAL, mask: RESIDENT_NUMBER)
      }`,
  },
]);
const masked = (...coordinates: string[]) => coordinates.map((coordinate) => ({ coordinate }));
const among = (hidden: readonly string[], asked: readonly string[]): string[] => [
  ...restorable(table, { masked: masked(...hidden), asked: new Set(asked) }),
];

describe('what a mask hides', () => {
  it('is said by the dates of the same type, for a resident number only', () => {
    expect(restoring(table, 'Person.residentNumber')).toEqual(['Person.birthDate', 'Person.bornOn']);
    expect(restoring(table, 'Person.formerNumber')).toEqual(['Person.birthDate', 'Person.bornOn']);
    for (const other of ['Person.name', 'Person.birthDate', 'Visitor.residentNumber', 'Nobody.residentNumber'])
      expect(restoring(table, other)).toEqual([]);
  });

  it('is restored by any one of them that is asked beside it', () => {
    expect(among(['Person.residentNumber'], ['Person.residentNumber', 'Person.bornOn'])).toEqual([
      'Person.residentNumber',
    ]);
    expect(among(['Person.residentNumber', 'Person.name'], ['Person.birthDate', 'Person.name'])).toEqual([
      'Person.residentNumber',
    ]);
    expect(among(['Person.residentNumber'], ['Person.residentNumber', 'Person.name'])).toEqual([]);
    expect(among(['Visitor.residentNumber'], ['Visitor.residentNumber', 'Person.birthDate'])).toEqual([]);
    expect(among([], ['Person.birthDate'])).toEqual([]);
  });

  it('is hidden better then; other masks stay', () => {
    expect(stricter('RESIDENT_NUMBER')).toBe('RESIDENT_REGION');
    for (const mask of ['NAME', 'YEAR', 'PHONE', 'ADDRESS', 'AMOUNT', 'GRID', 'TAIL'] as const)
      expect(stricter(mask)).toBe(mask);
  });
});

import { describe, expect, it } from 'vitest';
import { lint, RULES } from '../../schema/lint/lint.ts';
import { discoverSubgraphs } from '../../scripts/subgraphs.ts';
import { findingsOf, found } from './lint/support.ts';

const besideOf = (beside: string | undefined): string[] => (beside === undefined ? [] : [beside]);

describe('each rule', () => {
  it.each(RULES)('$name finds nothing in its right example', ({ name, good, beside }) => {
    expect(findingsOf(name, good, ...besideOf(beside)).filter(({ severity }) => severity !== 'NOTE')).toEqual([]);
  });

  it.each(RULES)('$name finds its wrong example, at a line of it, with a fix', ({ name, bad, beside }) => {
    const [first, ...rest] = findingsOf(name, bad, ...besideOf(beside)).filter(({ subgraph }) => subgraph === 'a');
    expect(first).toMatchObject({ fix: expect.stringMatching(/\w/) as string });
    for (const { line, problem, fix } of [first, ...rest].flatMap((each) => each ?? [])) {
      expect(line).toBeGreaterThan(0);
      expect(line).toBeLessThanOrEqual(bad.split('\n').length);
      expect([problem, fix].every((sentence) => /^[\p{Lu}@"].*[.?]$/u.test(sentence))).toBe(true);
    }
  });

  it('has a name of its own and says why', () => {
    expect(new Set(RULES.map(({ name }) => name)).size).toBe(RULES.length);
    expect(RULES.filter(({ why }) => !/^[^]{40,}\.$/.test(why))).toEqual([]);
  });
});

describe('the schemas that are here', () => {
  it('have no error and no warning; one mask that another item undoes is noted', async () => {
    const findings = lint(await discoverSubgraphs());
    expect(findings.filter(({ severity }) => severity === 'ERROR')).toEqual([]);
    const others = findings.filter(({ subgraph }) => subgraph === 'population');
    expect(others.map(({ severity, coordinate }) => [severity, coordinate])).toEqual([['NOTE', 'Person.birthDate']]);
  });
});

describe('an argument that does not say what it reads', () => {
  const PERSON = 'type Person { name: String phone: String }';

  it.each<[string, string, string]>([
    ['of a root field', `type Query { persons(name: String): [Person] } ${PERSON}`, 'Query.persons(name:)'],
    [
      'that sorts',
      `type Query { persons(orderBy: Order): [Person] } enum Order { NAME } ${PERSON}`,
      'Query.persons(orderBy:)',
    ],
    ['of a nested field', `type Query { p: Person } type Person { friends(of: Int): [Person] }`, 'Person.friends(of:)'],
    ['of an extension', 'extend type Query { persons(name: String): Int }', 'Query.persons(name:)'],
    ['of an interface', 'type Query { n: Named } interface Named { like(name: String): Int }', 'Named.like(name:)'],
    ['called first that is no number of rows', 'type Query { persons(first: String): Int }', 'Query.persons(first:)'],
    ['called after that is a value', 'type Query { persons(after: Int): Int }', 'Query.persons(after:)'],
    [
      'inside an input object',
      `type Query { persons(filter: F): [Person] } input F { name: String phone: String @reads(items: ["Person.phone"]) } ${PERSON}`,
      'F.name',
    ],
    [
      'two input objects deep',
      `type Query { persons(filter: F): [Person] } input F { and: [F!] not: G } input G { name: String } ${PERSON}`,
      'G.name',
    ],
  ])('is found %s', (_, sdl, coordinate) => {
    expect(found('undeclared-filter', sdl)).toEqual([`ERROR ${coordinate}`]);
  });

  it.each<[string, string]>([
    ['reads nothing and says so', 'type Query { area(datum: String @reads(items: [])): Int }'],
    ['turns pages', 'type Query { persons(first: Int!, after: String): Int }'],
    [
      'is an input object whose fields all do',
      `type Query { persons(filter: F!): [Person] } input F { name: String @reads(items: ["Person.name"]) more: F } ${PERSON}`,
    ],
    [
      'is an input object that does itself',
      `type Query { persons(at: P! @reads(items: ["Person.name"])): [Person] } input P { x: Int } ${PERSON}`,
    ],
    ['belongs to a mutation', 'type Query { a: Int } type Mutation { act(name: String): Int @actor(roles: ["r"]) }'],
  ])('is not found where it %s', (_, sdl) => {
    expect(found('undeclared-filter', sdl)).toEqual([]);
  });
});

describe('an argument that says it reads an item', () => {
  it('is found where no subgraph has the item, with the one that was meant', () => {
    const reading = (item: string): string =>
      `type Query { persons(filter: F, name: String @reads(items: ["${item}"])): Int } input F { x: Int @reads(items: ["${item}"]) }`;
    expect(found('read-items', reading('Person.nmae'), 'type Person { name: String }')).toEqual([
      'ERROR Query.persons(name:)',
      'ERROR F.x',
    ]);
    expect(findingsOf('read-items', reading('Person.nmae'), 'type Person { name: String }')[0]?.fix).toBe(
      'Did you mean Person.name?',
    );
    expect(found('read-items', reading('Person.name'), 'type Person { name: String }')).toEqual([]);
  });
});

describe('a masked resident number', () => {
  const person = (birth: string): string =>
    `type Query { p: Person } type Person { number: String @sharing(class: CONDITIONAL, mask: RESIDENT_NUMBER) ${birth} } scalar Date`;

  it('is listed with what restores it and the hub knows of', () => {
    expect(found('mask-combination', person('bornOn: Date @sharing(class: CONDITIONAL, mask: YEAR)'))).toEqual([
      'NOTE Person.bornOn',
    ]);
  });

  it('is no mask beside a date of birth that the hub does not know of', () => {
    for (const birth of [
      'birthDate: Date @sharing(class: CONDITIONAL)',
      'birthday: String @sharing(class: UNCONDITIONAL)',
      '"出生日期." day: Date! @sharing(class: CONDITIONAL)',
      'birthYear: Year @sharing(class: UNCONDITIONAL) } scalar Year type Other { x: Int',
    ])
      expect(found('mask-combination', person(birth))).toEqual([expect.stringMatching(/^ERROR Person\./)]);
  });

  it('is none beside a date that another department adds to the person', () => {
    const adding = 'type Person @key(fields: "ref") { ref: ID! birthday: String @sharing(class: CONDITIONAL) }';
    expect(found('mask-combination', adding, person(''))).toEqual(['ERROR Person.birthday']);
  });

  it('has nothing to do with other dates, nor with dates of other types', () => {
    expect(
      found(
        'mask-combination',
        person('registeredOn: Date @sharing(class: CONDITIONAL) } type Other { birthDate: Date'),
      ),
    ).toEqual([]);
  });
});

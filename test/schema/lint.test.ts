import { describe, expect, it } from 'vitest';
import { lint, RULES } from '../../schema/lint/lint.ts';
import { discoverSubgraphs } from '../../scripts/subgraphs.ts';
import { hubHere } from '../cli/hub-command.ts';

const found = (sdl: string): unknown[] =>
  lint([{ name: 'a', owner: 'o', sdl }]).map(({ rule, severity, coordinate }) => [rule, severity, coordinate]);
const PERSON = 'type Person { name: String phone: String }';

describe('each rule', () => {
  it.each(RULES)('$name keeps quiet about its right example and breaks its wrong one', ({ name, good, bad }) => {
    expect(found(good).filter((each) => (each as unknown[])[0] === name && (each as unknown[])[1] === 'ERROR')).toEqual(
      [],
    );
    expect(found(bad)).toContainEqual([name, 'ERROR', expect.any(String)]);
  });
});

describe('an argument that does not say what it reads', () => {
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
    expect(found(sdl)).toEqual([['undeclared-filter', 'ERROR', coordinate]]);
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
    expect(found(sdl)).toEqual([]);
  });
});

describe('a masked resident number', () => {
  const person = (birth: string): string =>
    `type Query { p: Person } type Person { number: String @sharing(class: CONDITIONAL, mask: RESIDENT_NUMBER) ${birth} } scalar Date`;

  it('is listed with what restores it and the hub knows of', () => {
    expect(found(person('bornOn: Date @sharing(class: CONDITIONAL, mask: YEAR)'))).toEqual([
      ['mask-combination', 'NOTE', 'Person.bornOn'],
    ]);
  });

  it('is no mask beside a date of birth that the hub does not know of', () => {
    for (const birth of [
      'birthDate: Date @sharing(class: CONDITIONAL)',
      'birthday: String @sharing(class: UNCONDITIONAL)',
      '"出生日期." day: Date! @sharing(class: CONDITIONAL)',
      'birthYear: Year @sharing(class: UNCONDITIONAL) } scalar Year type Other { x: Int',
    ])
      expect(found(person(birth))).toEqual([['mask-combination', 'ERROR', expect.stringMatching(/^Person\./)]]);
  });

  it('has nothing to do with other dates, nor with dates of other types', () => {
    expect(found(person('registeredOn: Date @sharing(class: CONDITIONAL) } type Other { birthDate: Date'))).toEqual([]);
  });
});

describe('hub lint', () => {
  it('finds no error in the six subgraphs', async () => {
    const findings = lint(await discoverSubgraphs());
    expect(findings.filter(({ severity }) => severity === 'ERROR')).toEqual([]);
    expect(findings.map(({ coordinate }) => coordinate)).toEqual(['Person.birthDate']);
    const { code, stdout } = await hubHere(['lint', '--json']);
    expect([code, JSON.parse(stdout)]).toEqual([0, findings]);
    expect((await hubHere(['lint', '--subgraph', 'archives'])).stdout).toBe('Nothing was found.\n');
  });

  it('explains a rule by SDL that keeps it and SDL that breaks it', async () => {
    const { code, stdout } = await hubHere(['lint', '--explain', 'undeclared-filter']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/@reads\(items: \[\]\)[^]*Right:[^]*Wrong:/);
  });

  it('names what there is where it is asked for something else', async () => {
    expect(await hubHere(['lint', '--explain', 'nothing'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('undeclared-filter') as string,
    });
    expect(await hubHere(['lint', '--subgraph', 'nowhere'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('population') as string,
    });
  });
});

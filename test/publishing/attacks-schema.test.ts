import { describe, expect, it } from 'vitest';
import type { RoutedSubgraph } from '../../schema/compose.ts';
import { prepare, type Prepared, type Unprepared } from '../../sharing/publishing/prepare.ts';

const PEOPLE: RoutedSubgraph = {
  name: 'people',
  owner: 'public-security',
  url: 'https://people.example/graphql',
  sdl: `"A person."
type Person @key(fields: "ref") @resource(code: "306099/000001", title: "人口", updateCycle: DAILY) @scopedBy(division: "division") @sharing(class: UNCONDITIONAL) {
  "Number in the register."
  ref: ID!
  "Division."
  division: String
  "Seen."
  inScope: Boolean @inaccessible
  "Name of the person."
  title: String @sharing(class: CONDITIONAL)
}

"What to look for."
input Filter {
  "By name."
  title: String @reads(items: ["Person.title"])
  "By division."
  division: String @reads(items: ["Person.division"])
}

"Sex."
enum Sex { 
  "Male."
  MALE
  "Female."
  FEMALE
}

type Query {
  "Everybody."
  people(filter: Filter, "Sex." sex: Sex @reads(items: [])): [Person] @sharing(class: UNCONDITIONAL)
  "One of them."
  found("By name." by: Words @reads(items: ["Person.title"])): [Person] @sharing(class: UNCONDITIONAL)
}

"Words."
input Words {
  "One."
  one: String
}
`,
};
const RELIEF: RoutedSubgraph = {
  name: 'relief',
  owner: 'civil-affairs',
  url: 'https://relief.example/graphql',
  sdl: `type Person @key(fields: "ref") {
  "Number in the register."
  ref: ID!
  "What they were given."
  zAmount: Float @sharing(class: CONDITIONAL)
}
`,
};

async function prepared(subgraphs: readonly RoutedSubgraph[], candidate?: string, inForce?: Prepared) {
  return prepare({ subgraphs, before: [PEOPLE, RELIEF], candidate, inForce, operations: [] });
}

const START = (async () => released(await prepared([PEOPLE, RELIEF])))();

function released(result: Prepared | Unprepared): Prepared {
  if ('problems' in result) throw new Error(result.problems.map(({ message }) => message).join('\n'));
  return result;
}

/** What of it is told: why it is refused, or what it loosens, with whose item that is. */
async function published(one: RoutedSubgraph, other: RoutedSubgraph, inForce?: Prepared) {
  const result = await prepared([one, other], one.name, inForce ?? (await START));
  const errors = result.findings.filter(({ severity }) => severity === 'ERROR').map(({ problem }) => problem);
  if ('problems' in result)
    return { refused: [...errors, ...result.problems.map(({ message }) => message)].join('\n') };
  const loosened = result.rights.filter(({ loosens }) => loosens);
  return {
    refused: errors.join('\n'),
    loosened: loosened.map(({ coordinate, what, owner }) => `${coordinate} ${what} ${owner}`),
  };
}

const people = (from: string, to: string): RoutedSubgraph => ({ ...PEOPLE, sdl: changed(PEOPLE.sdl, from, to) });
const relief = (more: string): RoutedSubgraph => ({ ...RELIEF, sdl: `${RELIEF.sdl}\n${more}` });

function changed(sdl: string, from: string, to: string): string {
  if (!sdl.includes(from)) throw new Error(`the schema has no ${from}`);
  return sdl.replace(from, to);
}

describe('an owner loosens nothing alone', () => {
  it('changes nothing by publishing the same again', async () => {
    expect(await published(PEOPLE, RELIEF)).toEqual({ refused: '', loosened: [] });
  });

  it('by leaving out what an input field reads, in an extension of its type', async () => {
    const moved = changed(PEOPLE.sdl, '  "By name."\n  title: String @reads(items: ["Person.title"])\n', '');
    const silent = `${moved}\nextend input Filter {\n  "By name."\n  title: String\n}\n`;
    expect((await published({ ...PEOPLE, sdl: silent }, RELIEF)).refused).toContain('does not say what it reads');
    const nothing = silent.replace('title: String\n}', 'title: String @reads(items: [])\n}');
    expect(await published({ ...PEOPLE, sdl: nothing }, RELIEF)).toMatchObject({
      loosened: ['Filter.title READS public-security'],
    });
    const same = silent.replace('title: String\n}', 'title: String @reads(items: ["Person.title"])\n}');
    expect(await published({ ...PEOPLE, sdl: same }, RELIEF)).toEqual({ refused: '', loosened: [] });
  });

  it('by having the fields of an input type say that they read nothing, in place of the argument', async () => {
    const { sdl } = people('by: Words @reads(items: ["Person.title"])', 'by: Words');
    const attack = { ...PEOPLE, sdl: changed(sdl, 'one: String', 'one: String @reads(items: [])') };
    expect(await published(attack, RELIEF)).toEqual({
      refused: '',
      loosened: ['Query.found(by:) READS public-security'],
    });
    const first = released(await prepared([attack, RELIEF], 'people', await START));
    expect(await published(attack, RELIEF, first)).toEqual({ refused: '', loosened: [] });
  });

  it('by taking an argument out for a release and bringing it back under names that need say nothing', async () => {
    const named = people('by: Words @reads(items: ["Person.title"])', 'after: String @reads(items: ["Person.title"])');
    const first = released(await prepared([named, RELIEF], 'people', await START));
    const gone = changed(named.sdl, '("By name." after: String @reads(items: ["Person.title"]))', '');
    const second = released(await prepared([{ ...PEOPLE, sdl: gone }, RELIEF], 'people', first));
    const back = changed(named.sdl, 'after: String @reads(items: ["Person.title"])', 'after: String');
    expect(await published({ ...PEOPLE, sdl: back }, RELIEF, second)).toMatchObject({
      loosened: ['Query.found(after:) READS public-security'],
    });
  });

  it('takes an argument away alone', async () => {
    expect(await published(people('("By name." by: Words @reads(items: ["Person.title"]))', ''), RELIEF)).toEqual({
      refused: '',
      loosened: [],
    });
  });

  it('by leaving rows unscoped, and asks itself, not who has the last of the items of the type', async () => {
    expect(await published(people('@scopedBy(division: "division") ', ''), RELIEF)).toMatchObject({
      loosened: ['Person ROWS public-security'],
    });
  });

  it('by making an item part of a key, which every subgraph that refers to the type is sent', async () => {
    const keyed = people('@key(fields: "ref")', '@key(fields: "ref") @key(fields: "title")');
    const { loosened } = await published(keyed, RELIEF);
    expect(loosened).toEqual(['Person.title KEY public-security']);
    const free = people('@key(fields: "ref")', '@key(fields: "ref") @key(fields: "division")');
    expect((await published(free, RELIEF)).loosened).toEqual([]);
  });

  it('by having a list return a copy of the type that nothing narrows', async () => {
    const copy = (directives: string) => `
"A person, once more."
type Copy @key(fields: "ref") @resource(code: "306099/000002", title: "人口", updateCycle: DAILY) ${directives} @sharing(class: UNCONDITIONAL) {
  "Number in the register."
  ref: ID!
  "Division."
  division: String
  "Seen."
  inScope: Boolean @inaccessible
}
`;
    const returns = changed(PEOPLE.sdl, '@reads(items: [])): [Person]', '@reads(items: [])): [Copy]');
    const sdl = (directives: string) => `${returns}${copy(directives)}`;
    expect((await published({ ...PEOPLE, sdl: sdl('') }, RELIEF)).loosened).toEqual([
      'Query.people RETURNS public-security',
    ]);
    const narrowed = sdl('@scopedBy(division: "division")');
    expect((await published({ ...PEOPLE, sdl: narrowed }, RELIEF)).loosened).toEqual([]);
  });

  it('by leaving a type out for a release', async () => {
    const query = 'type Query {\n  "Day."\n  day: String @sharing(class: UNCONDITIONAL)\n}\n';
    const alone = { ...RELIEF, sdl: '"Given."\ntype Given @sharing(class: UNCONDITIONAL) {\n  "A."\n  a: Int\n}\n' };
    const before = released(await prepared([PEOPLE, alone]));
    const without = released(await prepared([{ ...PEOPLE, sdl: query }, alone], undefined, before));
    const back = people('@scopedBy(division: "division") ', '');
    expect((await published(back, alone, without)).loosened).toContain('Person ROWS public-security');
  });
});

describe('a department', () => {
  const refusal = async (more: string) => (await published(relief(more), PEOPLE)).refused;

  it('extends the type of another one', async () => {
    expect(
      await published(relief('extend type Person {\n  "More."\n  more: Int @sharing(class: CONDITIONAL)\n}'), PEOPLE),
    ).toEqual({
      refused: '',
      loosened: [],
    });
  });

  it('is not asked in the place of another one, nor of one to come', async () => {
    const taking = (from: string) => `type Query {
  "Everybody."
  people(filter: Filter, "Sex." sex: Sex @reads(items: [])): [Person] @override(from: "${from}") @sharing(class: UNCONDITIONAL)
}
"What to look for."
input Filter {
  "By name."
  title: String @reads(items: ["Person.title"])
  "By division."
  division: String @reads(items: ["Person.division"])
}
"Sex."
enum Sex {
  "M."
  MALE
  "F."
  FEMALE
}`;
    expect(await refusal(taking('people'))).toContain('Query.people in relief overrides that of people');
    expect(
      await refusal(
        'extend type Person {\n  "More."\n  more: Int @override(from: "to-come") @sharing(class: CONDITIONAL)\n}',
      ),
    ).toContain('overrides that of to-come');
  });

  it('takes no field of an input type, no value of an enum and no type from callers of another one', async () => {
    expect(
      await refusal('"Less."\ninput Filter {\n  "By name."\n  title: String @reads(items: ["Person.title"])\n}'),
    ).toContain('no longer have Filter.division as public-security publishes it in people');
    expect(
      await refusal(
        '"Asked."\ninput Filter {\n  "By name."\n  title: String! @reads(items: ["Person.title"])\n  "By division."\n  division: String @reads(items: ["Person.division"])\n}',
      ),
    ).toContain('no longer have Filter.title');
    expect(
      await refusal(
        '"Sex."\nenum Sex {\n  "Male."\n  MALE\n}\nextend type Person {\n  "Has."\n  has("Sex." sex: Sex @reads(items: [])): Int @sharing(class: CONDITIONAL)\n}',
      ),
    ).toContain('no longer have Sex.FEMALE');
    expect(await refusal('extend type Person @inaccessible')).not.toBe('');
    expect(await refusal('extend enum Sex @inaccessible')).not.toBe('');
    expect(
      (await published({ ...RELIEF, sdl: RELIEF.sdl.replace('ref: ID!', 'ref: ID! @inaccessible') }, PEOPLE)).refused,
    ).toContain('no longer have Person.ref');
  });
});

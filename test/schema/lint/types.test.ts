import { describe, expect, it } from 'vitest';
import { lint } from '../../../schema/lint/lint.ts';
import { findingsOf, found } from './support.ts';

describe('what has no description', () => {
  it('is an error for types and fields, a warning for what callers bring', () => {
    const sdl = `
      type A { x(by: Int): Int }
      interface I { y: Int }
      union U = A
      scalar S
      enum E { V }
      input F { z: Int }`;
    expect(found('described', sdl)).toEqual([
      'ERROR A',
      'ERROR A.x',
      'WARNING A.x(by:)',
      'ERROR I',
      'ERROR I.y',
      'ERROR U',
      'ERROR S',
      'ERROR E',
      'WARNING E.V',
      'ERROR F',
      'WARNING F.z',
    ]);
  });

  it('is no finding where callers do not see it, nor for the root types', () => {
    const sdl = `
      type Query { "Area (㎡)." x: Int }
      type Mutation { "Acts." act: Int }
      type Hidden @inaccessible { x: Int }
      "A." type A { x: Int @inaccessible y: Int @external }
      "E." enum E { V @inaccessible }
      extend type A { "Z is." z("Whose." of: Int): Int }`;
    expect(found('described', sdl)).toEqual(['WARNING A', 'WARNING E']);
  });

  it('has one where another subgraph gives it', () => {
    const beside = '"An area of the state." type Division @key(fields: "code") { "行政区划代码." code: ID! }';
    expect(found('described', 'type Division @key(fields: "code") { code: ID! }', beside)).toEqual([]);
  });

  it('has none in an empty one, and in one that repeats the name', () => {
    expect(found('described', '"" type Parcel { "Issued on." issuedOn: Int "The area." area: Int }')).toEqual([
      'ERROR Parcel',
      'WARNING Parcel.issuedOn',
      'WARNING Parcel.area',
    ]);
    expect(found('described', '"""\n\n""" type Parcel { "Area (㎡)." area: Int }')).toEqual(['ERROR Parcel']);
  });
});

describe('a reference to rows that are scoped by division', () => {
  const scoped = 'type P @scopedBy(division: "d") { d: String } union Owner = P | Firm type Firm { x: Int }';
  it.each<[string, string | undefined]>([
    ['P', undefined],
    ['[P]', undefined],
    ['[[P]]', undefined],
    ['P!', 'Write P.'],
    ['[P!]', 'Write [P].'],
    ['[P]!', 'Write [P].'],
    ['[[P!]!]', 'Write [[P]].'],
    ['Owner!', 'Write Owner.'],
    ['[Owner!]', 'Write [Owner].'],
    ['[Firm!]!', undefined],
  ])('allows null: %s', (type, fix) => {
    const fixes = findingsOf('row-scoped', `${scoped} type A { p: ${type} }`).map((each) => each.fix);
    expect(fixes).toEqual(fix === undefined ? [] : [fix]);
  });

  it('allows null in the subgraph of another department, and through an interface', () => {
    expect(found('row-scoped', 'type A { p: P! } type P @key(fields: "d") { d: String }', scoped)).toEqual([
      'ERROR A.p',
    ]);
    expect(
      found(
        'row-scoped',
        'interface I { d: String } type P implements I @scopedBy(division: "d") { d: String } type A { p: [I!] }',
      ),
    ).toEqual(['ERROR A.p']);
  });

  it('is a warning where the types cannot be changed', () => {
    const sdl = `${scoped} type A { p: P! } type B { x: Int! @sharing(class: CONDITIONAL) }`;
    const findings = lint([{ name: 'a', owner: 'o', sdl, foreign: true }]);
    const about = findings.filter(({ rule }) => ['row-scoped', 'nullable-when-refused'].includes(rule));
    expect(about.map(({ severity, coordinate }) => [severity, coordinate])).toEqual([
      ['WARNING', 'A.p'],
      ['WARNING', 'B.x'],
    ]);
  });

  it('is scoped by a field that is there', () => {
    expect(found('row-scoped', 'type P @scopedBy(division: "county") { division: String }')).toEqual(['ERROR P']);
  });
});

describe('a national code', () => {
  it.each<[string, string[]]>([
    ['"统一社会信用代码 (GB 32100)." uscc: ID', []],
    ['"统一社会信用代码 (GB 32100) of the seller." sellerUscc: ID', []],
    ['"统一社会信用代码." creditCode: ID', ['WARNING A.creditCode']],
    ['"Unified social credit code (GB 32100)." code: ID', ['WARNING A.code']],
    ['"Of the seller." uscc: ID', ['WARNING A.uscc']],
    ['"组织机构代码 (GB 11714)." orgNo: ID', ['WARNING A.orgNo']],
    ['"行政区划代码 (GB/T 2260)." code: ID', []],
    ['"行政区划代码 (GB/T 2260)." region: ID', ['WARNING A.region']],
    ['"Where it is (GB/T 2260)." county: ID', []],
    ['"指标代码." code: ID', []],
    ['"A note on the 统一社会信用代码." note: String', []],
    ['"行业代码 (GB/T 4754)." trade: String', ['WARNING A.trade']],
    ['"性别." sex: Sex } "性别 (GB/T 2261.1)." enum Sex { A } type B { x: Int', []],
    ['"Its sex." sex: Boolean', []],
  ])('has its name and names its standard: %s', (field, expected) => {
    expect(found('national-codes', `type A { ${field} }`)).toEqual(expected);
  });

  it('is explained by any subgraph that has it', () => {
    const stub = 'type LegalPerson @key(fields: "uscc") { "统一社会信用代码." uscc: ID! }';
    expect(found('national-codes', stub)).toEqual(['WARNING LegalPerson.uscc']);
    expect(found('national-codes', stub, 'type LegalPerson { "Number of GB 32100." uscc: ID! }')).toEqual([]);
  });
});

describe('a measure', () => {
  it.each<[string, string[]]>([
    ['"宗地面积." size: Float', ['WARNING A.size']],
    ['"宗地面积 (㎡)." size: Float', []],
    ['"Area in square metres." size: Float', []],
    ['"注册资本." capital: Int', ['WARNING A.capital']],
    ['"注册资本, 万元." capital: Int', []],
    ['"注册资本." capitalFen: Float', []],
    ['"人均收入, 元." income: Float', []],
    ['"元旦 figures." income: Float', ['WARNING A.income']],
    ['"Share of those above 60, %." aged: Float', []],
    ['"Number of residents." residents: Int', []],
    ['"Value." value: Float "Its unit." unit: String', []],
    ['"Of another." area: Float @external', []],
    ['"Name of the area." area: String', []],
  ])('names its unit: %s', (field, expected) => {
    expect(found('unit', `type A { ${field} }`)).toEqual(expected);
  });
});

describe('a resource', () => {
  const parcel = (resource: string): string => `type Parcel @key(fields: "code") ${resource} { code: ID! }`;
  const query = 'type Query { parcel: Parcel }';

  it('is in the catalogue, once, by a code of its form', () => {
    expect(found('catalogued', `${query} ${parcel('')}`)).toEqual(['WARNING Parcel']);
    expect(found('catalogued', `${query} ${parcel('@resource(code: "P-1", title: "t", updateCycle: DAILY)')}`)).toEqual(
      ['WARNING Parcel'],
    );
    const coded = parcel('@resource(code: "312001/000002", title: "t", updateCycle: DAILY)');
    expect(found('catalogued', `${query} ${coded}`)).toEqual([]);
    expect(found('catalogued', `${query} ${parcel('')}`, coded)).toEqual([]);
    expect(found('catalogued', coded, coded.replace('Parcel', 'Plot'))).toEqual(['ERROR Parcel']);
  });

  it('is none where it is not looked up, or has no key', () => {
    expect(found('catalogued', `type Query { match: Match } type Match { x: Int } ${parcel('')}`)).toEqual([]);
  });
});

describe('a root type', () => {
  it('has the name by which callers and policies know it', () => {
    const sdl = `schema { query: Query mutation: Acts }
      type Query { a: Int }
      type Acts { b: Int }
      extend schema { subscription: S }
      type S { c: Int }`;
    expect(found('root-types', sdl)).toEqual(['ERROR Acts', 'ERROR S']);
    expect(found('root-types', 'type Query { a: Int } type Subscription { b: Int }')).toEqual(['ERROR Subscription']);
  });
});

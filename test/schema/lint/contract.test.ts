import { describe, expect, it } from 'vitest';
import { lint } from '../../../schema/lint/lint.ts';
import { findingsOf, found } from './support.ts';

describe('a directive of the sharing contract', () => {
  it.each<[string, string, string]>([
    ['@sharing(class: CONDITIONED)', '@sharing(class: CONDITIONED) is no SharingClass!.', 'WITHHELD.'],
    ['@sharing(class: "CONDITIONAL")', '@sharing(class: "CONDITIONAL") is no SharingClass!.', 'WITHHELD.'],
    ['@sharing(mask: NAME)', '@sharing says no class.', 'Add class: one of'],
    ['@sharing(class: CONDITIONAL, masks: NAME)', '@sharing has no argument masks.', 'Did you mean mask?'],
    ['@sharing(class: CONDITIONAL, mask: NAMES)', '@sharing(mask: NAMES) is no Mask.', 'one of RESIDENT_NUMBER, NAME'],
    ['@sharing(class: CONDITIONAL, basis: 3)', '@sharing(basis: 3) is no String.', 'a value of the type String.'],
    ['@actor(roles: [1])', '@actor(roles: [1]) is no [String!]!.', 'a value of the type [String!]!.'],
    ['@requires(fields: "x {")', '@requires names no fields that can be read.', 'of P.'],
    ['@requires(fields: "x y")', '@requires names P.y, which is not in this schema.', 'of P'],
    ['@provides(fields: 3)', '@provides names no fields that can be read.', 'of the type it returns'],
  ])('says what somebody understands: %s', (directive, problem, fix) => {
    const [finding, ...rest] = findingsOf('directive-arguments', `type P {\n  x: Int\n    ${directive}\n}`);
    expect(finding).toMatchObject({ severity: 'ERROR', coordinate: 'P.x', line: 3, problem });
    expect(finding?.fix).toContain(fix);
    expect(rest).toEqual([]);
  });

  it('is checked on types, arguments and input fields', () => {
    const sdl = `type P @key(fields: "{") @resource(code: "c", title: "t", updateCycle: OFTEN) {
        x(a: Int @reads(items: [])): Int
        y(a: Int @reads(use: FILTER)): Int
        z: Int @sharing(class: UNCONDITIONAL, mask: null)
      }
      input F { a: Int @reads(items: "P.x", use: SORT) }`;
    expect(found('directive-arguments', sdl)).toEqual(['ERROR P', 'ERROR P', 'ERROR P.y(a:)', 'ERROR F.a']);
  });

  it('masks nothing that is shared without conditions', () => {
    expect(found('directive-arguments', 'type P { x: Int @sharing(class: UNCONDITIONAL, mask: AMOUNT) }')).toEqual([
      'WARNING P.x',
    ]);
  });
});

describe('a directive', () => {
  it.each<[string, string[]]>([
    ['type P { x: Int @sharng(class: WITHHELD) }', ['There is no directive @sharng. Did you mean @sharing?']],
    ['type P @keys(fields: "x") { x: Int }', ['There is no directive @keys. Did you mean @key?']],
    ['type P { x: Int @cached }', ['There is no directive @cached. Take it out, or define it.']],
    ['directive @cached on FIELD_DEFINITION type P { x: Int @cached @deprecated @federation__cost(weight: 1) }', []],
    [
      'enum E { A @sharing(class: WITHHELD) }',
      ['@sharing means nothing on an enum value. Put it on an object type or a field.'],
    ],
    [
      'interface I @sharing(class: WITHHELD) { x: Int }',
      ['@sharing means nothing on an interface. Put it on an object type or a field.'],
    ],
    [
      'type P { x(y: Int @sharing(class: WITHHELD)): Int }',
      ['@sharing means nothing on an argument. Put it on an object type or a field.'],
    ],
    [
      'type P { x: Int @reads(items: []) @scopedBy(division: "x") }',
      [
        '@reads means nothing on a field. Put it on an argument or an input field.',
        '@scopedBy means nothing on a field. Put it on an object type.',
      ],
    ],
    [
      'scalar S @personal union U @resource = P type P @actor { x: Int }',
      [
        '@personal means nothing on a scalar. Put it on an object type or a field.',
        '@resource means nothing on a union. Put it on an object type.',
        '@actor means nothing on an object type. Put it on a field.',
      ],
    ],
    [
      'input F { x: Int @reads(items: []) y: Int @sharing(class: WITHHELD) }',
      ['@sharing means nothing on an input field. Put it on an object type or a field.'],
    ],
    ['interface I { x(y: Int @reads(items: [])): Int @sharing(class: CONDITIONAL) }', []],
  ])('is known and stands where it means something: %s', (sdl, expected) => {
    expect(findingsOf('known-directives', sdl).map(({ problem, fix }) => `${problem} ${fix}`)).toEqual(expected);
  });
});

describe('SDL that cannot be read', () => {
  const broken = 'type Query {\n  area: Float\n  name: \n}';

  it('is a finding with its line and column, beside those of other subgraphs', () => {
    const findings = lint([
      { name: 'a', owner: 'o', sdl: broken },
      { name: 'b', owner: 'o', sdl: 'type Query { b: Int }' },
    ]);
    expect(findings[0]).toMatchObject({
      rule: 'parses',
      severity: 'ERROR',
      subgraph: 'a',
      line: 4,
      column: 1,
      problem: 'It is not GraphQL: Syntax Error: Expected Name, found "}".',
    });
    expect(new Set(findings.slice(1).map(({ subgraph }) => subgraph))).toEqual(new Set(['b']));
  });

  it.each([
    ['', 1],
    ['{ area }', 1],
    ['type Query { a: Int }\nquery Q { a }\nfragment F on Query { a }', 2],
  ])('is no schema: %j', (sdl, line) => {
    expect(findingsOf('parses', sdl)[0]).toMatchObject({ severity: 'ERROR', line });
  });
});

describe('lint', () => {
  it('throws for no schema that can be read, whatever is wrong with it', () => {
    for (const sdl of [
      'type P @key { x: Int }',
      'type P @key(fields: "x {") @personal { x: Int @requires(fields: 3) }',
      'type P @personal @scopedBy { x: Int @sharing @reads @actor }',
      'extend type P @sharing(class: [WITHHELD]) { x: Int @sharing(class: $x) }',
      'type P { x: Q } type P { x: [Q!]! @requires(fields: "x { y { z } }") }',
      'extend schema @link @composeDirective { query: P } type P { x: P! @sharing(class: WITHHELD) }',
      'extend schema @link(url: 1, import: [3, { as: "@k" }], as: 2) type P { x: Int }',
      'directive @key on OBJECT union U enum E scalar S input I interface N type P',
      'extend input I { x: Int @reads(items: {}) } extend enum E { V } extend union U = P extend interface N { x: Int }',
    ])
      expect(
        () =>
          lint([
            { name: 'a', owner: 'o', sdl },
            { name: 'b', owner: 'p', sdl },
          ]),
        sdl,
      ).not.toThrow();
  });

  it('gives the lines of the owner’s SDL, under its own links, too', () => {
    const sdl = `extend schema
  @link(
    url: "https://specs.apollo.dev/federation/v2.3"
    import: [{ name: "@key", as: "@k" }]
  )

"A person."
type Person @k(fields: "phone") {
  phone: ID
}`;
    const lines = lint([{ name: 'a', owner: 'o', sdl }]).map(({ rule, line }) => [rule, line]);
    expect(lines).toEqual([
      ['personal-key', 8],
      ['described', 9],
      ['classified', 9],
      ['personal-names', 9],
    ]);
  });
});

describe('what the hub refuses for another reason', () => {
  const person = '"A person." type Person @key(fields: "ref") @sharing(class: UNCONDITIONAL) @personal';

  it('is found at what it names, in the words of the refusal, once', () => {
    const keeper = `${person} @scopedBy(division: "division") {
      ref: ID! @inaccessible
      "Division (GB/T 2260)." division: String
    }`;
    const other = '"A person." type Person @key(fields: "ref") { ref: ID! @inaccessible }';
    const findings = lint([
      { name: 'a', owner: 'o', sdl: other },
      { name: 'b', owner: 'p', sdl: keeper },
    ]);
    expect(findings).toEqual([
      expect.objectContaining({
        rule: 'publishable',
        severity: 'ERROR',
        coordinate: 'Person',
        problem: 'Person is scoped by division in b, and a refer to it.',
        fix: expect.stringContaining('inScope: Boolean @inaccessible') as string,
      }),
    ]);
  });

  it('is a key of what another department protects', () => {
    const keeper = `${person} { ref: ID! @inaccessible "Its number." number: String @sharing(class: CONDITIONAL) }`;
    const other = '"A person." type Person @key(fields: "number") { number: String }';
    expect(findingsOf('publishable', other, keeper)).toMatchObject([{ subgraph: 'a', coordinate: 'Person.number' }]);
  });

  it('is not repeated beside the error of a rule', () => {
    expect(findingsOf('publishable', 'type Person @personal { x: Int }')).toEqual([]);
  });
});

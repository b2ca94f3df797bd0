import { describe, expect, it } from 'vitest';
import { findingsOf, found } from './support.ts';

describe('a field that nobody classified', () => {
  it.each<[string, string]>([
    ['a field', 'type Query { area: Float }'],
    ['a field of an extension', 'type Q { a: Int } extend type Query { area: Float }'],
    [
      'a field whose type is classified in another definition only',
      'type Query @sharing(class: UNCONDITIONAL) { a: Int } extend type Query { area: Float }',
    ],
    ['a key that callers see', 'type Query @key(fields: "area") { area: ID! }'],
    ['a hidden field that is no key', 'type Query { area: Float @inaccessible }'],
  ])('is found: %s', (_, sdl) => {
    expect(found('classified', sdl)).toContain('ERROR Query.area');
  });

  it.each<[string, string]>([
    ['is another department’s', 'type P @key(fields: "id") { id: ID! x: Int @external }'],
    ['is a hidden key', 'type P @key(fields: "id") { id: ID! @inaccessible }'],
    ['is in an interface, whose types are decided on', 'interface P { x: Int }'],
    ['says a class that does not exist, which is another error', 'type P { x: Int @sharing(class: OPEN) }'],
    ['has the class of its type', 'type P @sharing(class: WITHHELD, basis: "law") { x: Int }'],
  ])('is not found where it %s', (_, sdl) => {
    const beside = 'type P @key(fields: "id") @sharing(class: UNCONDITIONAL) { id: ID! }';
    expect(found('classified', sdl, beside)).toEqual([]);
  });

  it('is found where nobody is there who would classify the key of a stub', () => {
    const stub = 'type P @key(fields: "id") { id: ID! }';
    expect(found('classified', stub)).toEqual(['ERROR P.id']);
    expect(found('classified', stub, 'type P @key(fields: "id") { id: ID! @sharing(class: UNCONDITIONAL) }')).toEqual(
      [],
    );
  });

  it('is a mutation that says nobody who may call it, whatever its class', () => {
    const sdl = `type Mutation @sharing(class: UNCONDITIONAL) {
      a: Int
      b: Int @actor(roles: [])
      c: Int @actor(roles: ["officer"])
      d: Int @actor(roles: "officer")
    }`;
    expect(found('classified', sdl)).toEqual(['ERROR Mutation.a', 'ERROR Mutation.b']);
  });
});

describe('two subgraphs that say different things of one item', () => {
  const stating = (sharing: string): string => `
    type P @key(fields: "id") {
      id: ID! @inaccessible
      x: String ${sharing}
    }`;
  const conditional = stating('@sharing(class: CONDITIONAL)');

  it.each<[string, string]>([
    ['another class', '@sharing(class: UNCONDITIONAL)'],
    ['another mask', '@sharing(class: CONDITIONAL, mask: NAME)'],
    ['what is not theirs to say', '@sharing(class: CONDITIONAL)'],
  ])('are found in both: %s', (_, sharing) => {
    const findings = findingsOf('unequal-classes', stating(sharing), conditional);
    expect(findings.map(({ subgraph, coordinate, line }) => [subgraph, coordinate, line])).toEqual([
      ['a', 'P.x', 4],
      ['b', 'P.x', 4],
    ]);
    for (const { problem } of findings) expect(problem).toMatch(/in a \(of-a, line 4\)[^]*in b|in b[^]*in a \(of-a/);
  });

  it('are no finding where one leaves the class out, or both say that it is free', () => {
    expect(found('unequal-classes', stating(''), conditional)).toEqual([]);
    expect(found('unequal-classes', stating('@external @sharing(class: WITHHELD)'), conditional)).toEqual([]);
    const free = stating('@sharing(class: UNCONDITIONAL)');
    expect(found('unequal-classes', free, free)).toEqual([]);
  });

  it('are no finding where one has the stub of a key under a class of its type', () => {
    const keeper =
      'type P @key(fields: "id") @sharing(class: CONDITIONAL) { id: ID! @sharing(class: UNCONDITIONAL) y: Int }';
    const stub = 'type P @key(fields: "id") @sharing(class: CONDITIONAL) { id: ID! z: Int }';
    expect(found('unequal-classes', keeper, stub)).toEqual([]);
  });
});

describe('what can be refused and is never null', () => {
  it.each<[string, string]>([
    ['under conditions', 'x: Int! @sharing(class: CONDITIONAL)'],
    ['not at all', 'x: Int! @sharing(class: WITHHELD, basis: "law")'],
    ['in a list', 'x: [Int]! @sharing(class: CONDITIONAL)'],
  ])('is found: %s', (_, field) => {
    expect(found('nullable-when-refused', `type P { ${field} }`)).toEqual(['ERROR P.x']);
  });

  it('is found by the class of its type', () => {
    expect(found('nullable-when-refused', 'type P @sharing(class: CONDITIONAL) { x: Int! y: [Int!] }')).toEqual([
      'ERROR P.x',
    ]);
  });

  it('is no finding where it is never shown, never refused or another department’s', () => {
    const sdl = `type P @sharing(class: CONDITIONAL) {
      ref: ID! @inaccessible
      a: Int! @external
      b: Int! @sharing(class: UNCONDITIONAL)
      c: Int
    }
    type Mutation { act: Int! @actor(roles: ["r"]) }`;
    expect(found('nullable-when-refused', sdl)).toEqual([]);
  });
});

describe('an item that is withheld', () => {
  it('names the law, on its field or on its type', () => {
    const sdl = `type A { x: Int @sharing(class: WITHHELD, basis: "  ") }
      type B @sharing(class: WITHHELD) { x: Int y: Int z: Int @sharing(class: CONDITIONAL) }
      type C @sharing(class: WITHHELD, basis: "law") { x: Int }`;
    expect(found('withheld-names-basis', sdl)).toEqual(['ERROR A.x', 'ERROR B']);
  });
});

describe('a mask', () => {
  it.each<[string, string, boolean]>([
    ['String', 'NAME', true],
    ['ID', 'TAIL', true],
    ['[String]', 'PHONE', true],
    ['Date', 'YEAR', true],
    ['Geometry', 'GRID', true],
    ['Int', 'AMOUNT', true],
    ['Float', 'TAIL', false],
    ['String', 'AMOUNT', false],
    ['String', 'GRID', false],
    ['Int', 'YEAR', false],
    ['Boolean', 'NAME', false],
    ['Sex', 'NAME', false],
    ['P', 'NAME', false],
  ])('reads a %s where it is %s: %s', (type, mask, fits) => {
    const sdl = `scalar Date scalar Geometry enum Sex { A } type P { x: ${type} @sharing(class: CONDITIONAL, mask: ${mask}) }`;
    expect(found('mask-fits', sdl)).toEqual(fits ? [] : ['ERROR P.x']);
  });

  it('of a type is meant for those of its fields that it fits', () => {
    expect(found('mask-fits', 'type P @sharing(class: CONDITIONAL, mask: TAIL) { x: Int y: ID }')).toEqual([]);
  });
});

describe('an implementing type', () => {
  const beside = (field: string): string => `interface Named { x: String } type Firm implements Named { ${field} }`;
  const named = (sharing: string): string =>
    beside('x: String').replace('{ x: String } type', `{ x: String ${sharing} } type`);
  const implementing = (asked: string, own: string): readonly string[] =>
    found('interface-strictness', named(`@sharing(${asked})`).replace(/x: String }$/, `x: String @sharing(${own}) }`));

  it('is found where it is looser than its interface', () => {
    expect(implementing('class: CONDITIONAL', 'class: UNCONDITIONAL')).toEqual(['ERROR Firm.x']);
    expect(implementing('class: WITHHELD, basis: "law"', 'class: CONDITIONAL')).toEqual(['ERROR Firm.x']);
    expect(implementing('class: CONDITIONAL, mask: NAME', 'class: CONDITIONAL, mask: PHONE')).toEqual(['ERROR Firm.x']);
  });

  it('is a question where it refuses what the interface masks, and nothing where it is stricter', () => {
    expect(implementing('class: CONDITIONAL, mask: NAME', 'class: CONDITIONAL')).toEqual(['WARNING Firm.x']);
    expect(implementing('class: UNCONDITIONAL', 'class: CONDITIONAL')).toEqual([]);
    expect(implementing('class: CONDITIONAL, mask: NAME', 'class: WITHHELD, basis: "law"')).toEqual([]);
  });

  it('is found in the subgraph that defines it, whichever has the interface', () => {
    const type = 'type Firm implements Named { x: String @sharing(class: UNCONDITIONAL) }';
    expect(found('interface-strictness', type, 'interface Named { x: String @sharing(class: CONDITIONAL) }')).toEqual([
      'ERROR Firm.x',
    ]);
  });
});

describe('a field that requires others', () => {
  const keeper = (sharing: string, args = ''): string =>
    `type P @key(fields: "id") { id: ID! @inaccessible x${args}: Float ${sharing} n: N @sharing(class: CONDITIONAL) }
     type N { y: Int @sharing(class: WITHHELD, basis: "law") }`;
  const requiring = (of: string, fields = 'x'): string =>
    `type P @key(fields: "id") { id: ID! @inaccessible x: Float @external n: N @external
      label: String @requires(fields: "${fields}") @sharing(${of}) } type N { y: Int @external }`;

  it.each<[string, string, string, string[]]>([
    ['class: UNCONDITIONAL', '@sharing(class: CONDITIONAL)', 'x', ['ERROR P.label']],
    ['class: CONDITIONAL', '@sharing(class: WITHHELD, basis: "l")', 'x', ['ERROR P.label']],
    ['class: CONDITIONAL', '', 'x', ['ERROR P.label']],
    ['class: CONDITIONAL', '@sharing(class: CONDITIONAL)', 'n { y }', ['ERROR P.label']],
    ['class: CONDITIONAL', '@sharing(class: CONDITIONAL)', 'x', []],
    ['class: WITHHELD, basis: "l"', '@sharing(class: CONDITIONAL)', 'x', []],
    ['class: CONDITIONAL', '@sharing(class: UNCONDITIONAL)', 'x', []],
  ])('is at least as strict: %s of %s (%s)', (own, theirs, fields, expected) => {
    expect(found('requires', requiring(own, fields), keeper(theirs))).toEqual(expected);
  });

  it('requires none with arguments', () => {
    const [finding] = findingsOf(
      'requires',
      requiring('class: CONDITIONAL'),
      keeper('@sharing(class: CONDITIONAL)', '(y: Int)'),
    );
    expect(finding).toMatchObject({
      severity: 'ERROR',
      coordinate: 'P.label',
      problem: expect.stringMatching(/has arguments/) as string,
    });
  });
});

import { describe, expect, it } from 'vitest';
import { compose } from '../../../schema/compose.ts';
import { withHeader } from '../../../schema/header.ts';
import { canonicalSdl } from '../../../schema/link-names.ts';
import { found, findingsOf } from './support.ts';

const FEDERATION = 'https://specs.apollo.dev/federation';
const SHARING = 'https://specs.shuniu.dev/sharing/v1.0';
const federation = (rest: string, version = 'v2.3'): string =>
  `extend schema @link(url: "${FEDERATION}/${version}", ${rest})`;
const person = (key: string, requires = '@requires', external = '@external'): string => `
type Query { person: Person @sharing(class: UNCONDITIONAL) }
type Person ${key}(fields: "id") @sharing(class: UNCONDITIONAL) { id: ID! }
type Firm ${key}(fields: "uscc") @sharing(class: UNCONDITIONAL) {
  uscc: ID!
  capital: Float ${external}
  label: String ${requires}(fields: "capital")
}`;
const firms = {
  name: 'firms',
  owner: 'market-regulation',
  url: 'local:firms',
  sdl: 'type Firm @key(fields: "uscc") @sharing(class: UNCONDITIONAL) { uscc: ID! capital: Float }',
};

describe('an SDL with links of its own', () => {
  it.each<[string, string, string]>([
    ['that imports what the hub does', federation('import: ["@key", "@requires", "@external"]'), person('@key')],
    [
      'that imports one thing only',
      federation('import: "@key"'),
      person('@key', '@federation__requires', '@federation__external'),
    ],
    [
      'that renames',
      federation('import: [{ name: "@key", as: "@k" }, { name: "@requires", as: "@needs" }, "@external"]'),
      person('@k', '@needs'),
    ],
    [
      'that swaps names',
      federation(
        'import: [{ name: "@key", as: "@requires" }, { name: "@requires", as: "@external" }, { name: "@external", as: "@key" }]',
      ),
      person('@requires', '@external', '@key'),
    ],
    ['that has a prefix', federation('as: "fed"'), person('@fed__key', '@fed__requires', '@fed__external')],
    [
      'that imports nothing',
      federation('for: null'),
      person('@federation__key', '@federation__requires', '@federation__external'),
    ],
    [
      'that calls links otherwise',
      `extend schema @spec(url: "https://specs.apollo.dev/link/v1.0", as: "spec") @spec(url: "${FEDERATION}/v2.0", as: "f")`,
      person('@f__key', '@f__requires', '@f__external'),
    ],
    [
      'that brings copies of the definitions',
      `${federation('import: ["@key", "@requires", "@external", "FieldSet"]')}
       directive @link(url: String!, import: [link__Import]) repeatable on SCHEMA
       directive @key(fields: FieldSet!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE
       directive @requires(fields: FieldSet!) on FIELD_DEFINITION
       scalar link__Import
       enum link__Purpose { SECURITY EXECUTION }
       scalar FieldSet`,
      person('@key'),
    ],
    [
      'that has the sharing directives under their names',
      `${federation('import: ["@key", "@requires", "@external", "@composeDirective"]')}
       extend schema @link(url: "${SHARING}", import: ["@sharing", "SharingClass"]) @composeDirective(name: "@sharing")
       directive @sharing(class: SharingClass!) on OBJECT | FIELD_DEFINITION
       enum SharingClass { UNCONDITIONAL CONDITIONAL WITHHELD }`,
      person('@key'),
    ],
  ])('reads and composes as one without: %s', (_, header, body) => {
    const canonical = canonicalSdl(`${header}\n${body}`);
    expect(canonical.trim()).toBe(person('@key').trim());
    const { policy } = compose([
      { name: 'people', owner: 'public-security', url: 'local:people', sdl: canonical },
      firms,
    ]);
    expect(policy.items.get('Firm.label')?.requires).toEqual(['Firm.capital']);
  });

  it('keeps every line where it was, and all else as it was written', () => {
    const sdl = `# A comment.\r\nextend schema\n  @link(\n    url: "${FEDERATION}/v2.3"\n    import: [{ name: "@key", as: "@k" }])\n\n"""\nA person with a @k.\n"""\ntype Person @k(fields: "id") { id: ID! } # @k`;
    const canonical = canonicalSdl(sdl);
    expect(canonical.split('\n').length).toBe(sdl.split('\n').length);
    expect(canonical).toBe(
      '# A comment.\r\n\n\n\n\n\n"""\nA person with a @k.\n"""\ntype Person @key(fields: "id") { id: ID! } # @k',
    );
    expect(canonicalSdl(canonical)).toBe(canonical);
  });

  it('keeps what else its schema says', () => {
    const sdl = `schema @link(url: "${FEDERATION}/v2.3", import: ["@key"]) @own { query: Query }`;
    expect(canonicalSdl(`${sdl} directive @own on SCHEMA`)).toBe(
      'schema  @own { query: Query } directive @own on SCHEMA',
    );
  });

  it('keeps what the hub’s version of federation has beside what the hub imports', () => {
    const sdl = `${federation('import: ["@key", { name: "@authenticated", as: "@login" }, "@policy", "Policy"]', 'v2.9')}
      type Query @sharing(class: UNCONDITIONAL) { a: Int @login b: Int @policy(policies: [["p"]]) c: Int @federation__requiresScopes(scopes: [["s"]]) d: Int @federation__cost(weight: 2) }`;
    const canonical = canonicalSdl(sdl);
    expect(canonical).toMatch(
      /@federation__authenticated b: Int @federation__policy[^]*@federation__requiresScopes[^]*@federation__cost/,
    );
    const { supergraphSdl } = compose([{ name: 'a', owner: 'o', url: 'local:a', sdl: canonical }]);
    expect(supergraphSdl).toMatch(/specs\.apollo\.dev\/authenticated[^]*specs\.apollo\.dev\/policy/);
  });

  it('is returned as it is where it has none', () => {
    const sdl = 'type Query { a: Int @federation__authenticated b(x: Int @reads(items: [])): Int }';
    expect(canonicalSdl(sdl)).toBe(sdl);
    expect(() => canonicalSdl('type Query {')).toThrow('Syntax Error');
  });
});

describe('links that cannot be taken over', () => {
  const query = 'type Query { a: Int }';
  it.each<[string, string, string]>([
    [
      'a spec of others',
      `extend schema @link(url: "https://example.org/custom/v1.0", import: ["@own"]) ${query}`,
      'is no spec that the hub offers',
    ],
    [
      'a part of federation by itself',
      `extend schema @link(url: "https://specs.apollo.dev/tag/v0.3") ${query}`,
      'is no spec that the hub offers',
    ],
    [
      'a later version',
      `${federation('import: ["@key"]', 'v2.13')} ${query}`,
      'The hub offers https://specs.apollo.dev/federation/v2.12',
    ],
    ['another major version', `${federation('import: ["@key"]', 'v3.0')} ${query}`, 'The hub offers'],
    ['a link twice', `${federation('import: ["@key"]')} ${federation('import: ["@key"]')} ${query}`, 'is linked twice'],
    ['a link to nothing', `extend schema @link(url: "federation") ${query}`, 'links no spec and version'],
    [
      'a link under a name that was not said',
      `extend schema @core(feature: "https://specs.apollo.dev/core/v0.2") ${query}`,
      'links no spec and version',
    ],
    ['what the spec does not have', `${federation('import: ["@keys"]')} ${query}`, 'Did you mean @key?'],
    [
      'one name for two things',
      `${federation('import: [{ name: "@key", as: "@x" }, { name: "@tag", as: "@x" }]')} ${query}`,
      'would stand for',
    ],
    [
      'a sharing directive’s name for something else',
      `${federation('import: [{ name: "@tag", as: "@sharing" }]')} ${query}`,
      'would stand for',
    ],
    [
      'a renamed sharing directive',
      `extend schema @link(url: "${SHARING}", import: [{ name: "@sharing", as: "@share" }]) ${query}`,
      '@share would stand for @sharing',
    ],
    [
      'one renamed by its link',
      `extend schema @link(url: "${SHARING}", as: "s") type Query { a: Int @s(class: WITHHELD) }`,
      '@s would stand for @sharing',
    ],
    [
      'one by the prefix of its link',
      `extend schema @link(url: "${SHARING}", as: "s") type Query { a(b: Int @s__reads(items: [])): Int }`,
      '@s__reads would stand for @reads',
    ],
    [
      'one by the prefix of the hub’s link',
      `type Query { a(b: Int @sharing__reads(items: [])): Int }`,
      '@sharing__reads is nothing',
    ],
    [
      'a federation directive by the prefix of the hub’s link',
      'type Query @federation__shareable { a: Int }',
      '@federation__shareable is nothing',
    ],
    [
      'a composed directive of others',
      `extend schema @composeDirective(name: "@own") ${query}`,
      'the hub knows no such directive',
    ],
    [
      'a composed directive without a name',
      `extend schema @composeDirective ${query}`,
      'the hub knows no such directive',
    ],
    [
      'a renamed one composed',
      `extend schema @link(url: "${SHARING}", import: [{ name: "@sharing", as: "@share" }]) @composeDirective(name: "@share") ${query}`,
      '@share would stand for @sharing',
    ],
    [
      'a sharing directive of its own',
      `directive @sharing(class: String) on FIELD_DEFINITION ${query}`,
      'Leave the definition out',
    ],
    ['an enum of the sharing contract of its own', `enum Mask { NAME } ${query}`, 'Leave the definition out'],
    [
      'its own directive under a name of federation’s',
      `${federation('import: ["@key"]')} directive @tag(name: Int) on OBJECT ${query}`,
      'Give its own another name',
    ],
    ['a context', `${federation('import: ["@context"]', 'v2.8')} ${query}`, 'The hub does not offer @context'],
    [
      'an argument from a context',
      `${federation('import: [{ name: "@fromContext", as: "@filled" }]', 'v2.8')} type Query { a(b: Int @filled(field: "$c { d }")): Int }`,
      'The hub does not offer @fromContext',
    ],
    [
      'an argument from a context, by prefix',
      'type Query { a(b: Int @federation__fromContext(field: "$c { d }")): Int }',
      'The hub does not offer @fromContext',
    ],
  ])('are refused, and an error of lint: %s', (_, sdl, problem) => {
    expect(() => canonicalSdl(sdl)).toThrow(problem);
    const findings = findingsOf('own-links', sdl);
    expect(findings.map((each) => `${each.severity} ${each.problem} ${each.fix}`).join('\n')).toContain(problem);
    expect(findings.every(({ severity, line, column }) => severity === 'ERROR' && line === 1 && column)).toBe(true);
  });

  it('are named once each, in their order, by line and column', () => {
    const sdl = `type Query {\n  a: Int @sharing__sharing(class: WITHHELD)\n  b: Int @sharing__sharing(class: WITHHELD)\n  c(d: Int @federation__fromContext(field: "")): Int\n}`;
    expect(() => canonicalSdl(sdl)).toThrow(
      /^[^\n]*\n- line 2:11: @sharing__sharing[^\n]*\n- line 4:13: The hub[^\n]*$/,
    );
  });

  it('hide nothing from the other rules', () => {
    const sdl = `extend schema @link(url: "${SHARING}", import: [{ name: "@sharing", as: "@share" }])
      type Person { phone: String! @share(class: CONDITIONAL) }`;
    expect(found('nullable-when-refused', sdl)).toEqual(['ERROR Person.phone']);
  });
});

describe('the header of the hub', () => {
  it('links what the reading of links knows', () => {
    expect(canonicalSdl(withHeader('type Query { a: Int }'))).toMatch(/^\s*#[^]*type Query \{ a: Int \}$/);
  });
});

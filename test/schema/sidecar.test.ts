import { describe, expect, it } from 'vitest';
import { HubError } from '../../lib/errors.ts';
import { compose } from '../../schema/compose.ts';
import { readPolicy } from '../../schema/read-policy.ts';
import { applySidecar } from '../../schema/sidecar.ts';

const SDL = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: [{ name: "@key", as: "@id" }])

# A remark that stays.
"An account."
type Account @id(fields: "number") {
  number: ID
  "Where it is kept."
  place: String
  phone: String @deprecated(reason: "ask")
  owner(at: String): Holder
}
interface Holder { name: String }
type Person implements Holder { name: String, born: String }
input AccountFilter { place: String = "x", phone: String }
type Query {
  account(number: ID!): Account
  accounts(filter: AccountFilter!): [Account]
}
type Mutation { close(number: ID!): Account }
`;

const SIDECAR = {
  coordinates: {
    'Account.number': { class: 'CONDITIONAL' },
    'Account.phone': { class: 'WITHHELD', basis: '个人信息保护法 "第二十八条"', mask: 'PHONE', personal: true },
    'Holder.name': { class: 'CONDITIONAL', mask: 'NAME' },
    'Mutation.close': { class: 'CONDITIONAL', actors: ['clerk'] },
  },
  types: {
    Account: {
      resource: { code: '340001/000001', title: '账户信息', updateCycle: 'DAILY' },
      scopedBy: 'place',
      personal: true,
    },
  },
  arguments: {
    'Query.account(number:)': { items: ['Account.number'], use: 'LOOKUP' },
    'Account.owner(at:)': { items: [] },
    'AccountFilter.phone': { items: ['Account.phone', 'Elsewhere.phone'] },
  },
};

const apply = (sidecar: unknown, sdl = SDL) => applySidecar(sdl, JSON.stringify(sidecar));

/** What is said of a sidecar that cannot be used, a line for each entry. */
function problems(sidecar: unknown, sdl = SDL): readonly string[] {
  try {
    applySidecar(sdl, typeof sidecar === 'string' ? sidecar : JSON.stringify(sidecar));
  } catch (thrown) {
    if (thrown instanceof HubError) return thrown.message.split('\n').slice(1);
    throw thrown;
  }
  return ['nothing'];
}

describe('a classification beside a schema', () => {
  it('is put onto it, each part where it belongs, and lines stay what they are', () => {
    const applied = apply(SIDECAR).split('\n');
    const own = SDL.split('\n');
    expect(applied).toHaveLength(own.length);
    expect(applied.filter((line, index) => line !== own[index])).toEqual([
      '',
      'type Account @key(fields: "number") @resource(code: "340001/000001", title: "账户信息", updateCycle: DAILY) @scopedBy(division: "place") @personal {',
      '  number: ID @sharing(class: CONDITIONAL)',
      '  phone: String @deprecated(reason: "ask") @sharing(class: WITHHELD, basis: "个人信息保护法 \\"第二十八条\\"", mask: PHONE) @personal',
      '  owner(at: String @reads(items: [])): Holder',
      'interface Holder { name: String @sharing(class: CONDITIONAL, mask: NAME) }',
      'input AccountFilter { place: String = "x", phone: String @reads(items: ["Account.phone", "Elsewhere.phone"]) }',
      '  account(number: ID! @reads(items: ["Account.number"], use: LOOKUP)): Account',
      'type Mutation { close(number: ID!): Account @sharing(class: CONDITIONAL) @actor(roles: ["clerk"]) }',
    ]);
  });

  it('is the policy that the hub reads, and composes', () => {
    const sdl = apply(SIDECAR);
    const source = { name: 'accounts', owner: 'bank', sdl };
    const policy = readPolicy([source]);
    expect(policy.items.get('Account.phone')).toMatchObject({ class: 'WITHHELD', mask: 'PHONE', personal: true });
    expect(policy.items.get('Account.place')?.class).toBeUndefined();
    expect(policy.scopedBy.get('Account')).toBe('place');
    expect(policy.subjects.get('Account')).toBe('number');
    expect(policy.reads.get('Query.account(number:)')).toEqual({ items: ['Account.number'], use: 'LOOKUP' });
    const { supergraphSdl } = compose([{ ...source, url: 'http://bank.example/graphql' }]);
    expect(supergraphSdl).toContain('type Account\n');
  });

  it('adds nothing where it says nothing, and to extensions where a type is only extended', () => {
    const bare = 'type A { a: Int }\n';
    expect(apply({}, bare)).toBe(bare);
    const extended = 'extend type A @key(fields: "a") { a: Int }\nextend type A { b: Int }\n';
    expect(
      apply({ types: { A: { personal: true } }, coordinates: { 'A.b': { class: 'CONDITIONAL' } } }, extended),
    ).toBe(
      'extend type A @key(fields: "a") @personal { a: Int }\nextend type A { b: Int @sharing(class: CONDITIONAL) }\n',
    );
  });

  it('names every entry for something the schema does not have', () => {
    expect(
      problems({
        coordinates: { 'Account.fone': { class: 'CONDITIONAL' }, 'AccountFilter.phone': { class: 'CONDITIONAL' } },
        types: { Acount: {}, Holder: { personal: true }, Account: { scopedBy: 'division' } },
        arguments: {
          'Query.account(id:)': { items: [] },
          'Account.phone': { items: [] },
          'Query.account(number:)': { items: ['Account.numbr'] },
        },
      }),
    ).toEqual([
      'Account.fone: the SDL has no such field. Correct the name, or take the entry out.',
      'AccountFilter.phone: the SDL has no such field. Correct the name, or take the entry out.',
      'Acount: the SDL has no such object type. Correct the name, or take the entry out.',
      'Holder: the SDL has no such object type. Correct the name, or take the entry out.',
      'Account: scopedBy "division" is no field of it. Name the field that holds the division code.',
      'Query.account(id:): the SDL has no such argument or input field. Correct the name, or take the entry out.',
      'Account.phone: the SDL has no such argument or input field. Correct the name, or take the entry out.',
      'Query.account(number:): items "Account.numbr" is no field that the SDL has. Name the field whose values it compares.',
    ]);
  });

  it('names every value that cannot be used, with those that can', () => {
    expect(
      problems({
        coordinates: {
          'Account.number': { class: 'SECRET' },
          'Account.place': { class: 'CONDITIONAL', mask: 'FONE' },
          'Account.phone': { class: 'WITHHELD' },
          'Account.owner': { class: 'CONDITIONAL', mesk: 'PHONE' },
          'Query.account': {},
          'Query.accounts': { class: 'CONDITIONAL', personal: 'yes' },
        },
        types: { Account: { resource: { code: '1', title: '', updateCycle: 'HOURLY' } } },
        arguments: { 'Query.account(number:)': { items: ['number'], use: 'FIND' } },
      }),
    ).toEqual([
      'Account.number: class "SECRET" is none of UNCONDITIONAL, CONDITIONAL, WITHHELD. Use one of these.',
      'Account.place: mask "FONE" is none of RESIDENT_NUMBER, NAME, PHONE, ADDRESS, YEAR, AMOUNT, GRID, TAIL. Use one of these.',
      'Account.phone: basis is missing, and the class is WITHHELD. Name the law that withholds it.',
      'Account.owner: there is no member "mesk". Correct the name, or take it out.',
      'Query.account: class is missing. Write one of UNCONDITIONAL, CONDITIONAL, WITHHELD.',
      'Query.accounts: personal "yes" cannot be used. Write true, or leave it out.',
      'Account: resource.code "1" is not a code of the catalogue such as 307003/000001. Correct it.',
      'Account: resource.title "" is not a title. Correct it.',
      'Account: resource.updateCycle "HOURLY" is none of REAL_TIME, DAILY, WEEKLY, MONTHLY, QUARTERLY, YEARLY, AS_NEEDED. Use one of these.',
      'Query.account(number:): items.0 "number" is not a coordinate such as Account.phone. Correct it.',
      'Query.account(number:): use "FIND" is none of FILTER, LOOKUP, VERIFY. Use one of these.',
    ]);
  });

  it('does not overwrite what the schema says, nor one of its own entries', () => {
    const sdl = `type A @personal @key(fields: "a") { a: Int @sharing(class: UNCONDITIONAL) b(c: Int @reads(items: [])): Int }`;
    expect(
      problems(
        {
          coordinates: { 'A.a': { class: 'WITHHELD', basis: '法' } },
          types: { A: { personal: true } },
          arguments: { 'A.b(c:)': { items: ['A.a'] } },
        },
        sdl,
      ),
    ).toEqual([
      'A.a: the SDL says @sharing of it already. Leave it out here, or there.',
      'A: the SDL says @personal of it already. Leave it out here, or there.',
      'A.b(c:): the SDL says @reads of it already. Leave it out here, or there.',
    ]);
    const twice = '{"coordinates": {"A.b": {"class": "CONDITIONAL"}, "A.\\u0062": {"class": "UNCONDITIONAL"}}}';
    expect(problems(twice, sdl)).toEqual(['A.b: stands there twice, and only one can count. Take one out.']);
  });

  it('is refused as a whole where it is no such file, and so is an SDL that is none', () => {
    expect(() => apply([])).toThrow(
      /^The classification cannot be used: .+Give an object with coordinates, types and arg/,
    );
    expect(() => apply({ coordinate: {} })).toThrow(/coordinate/);
    expect(() => applySidecar(SDL, '{"coordinates": ')).toThrow(/It is not JSON: .+Correct it there\.$/);
    expect(() => apply({}, 'type A {')).toThrow(/^The SDL cannot be read: Syntax Error: .+ Correct it first\.$/);
    expect(() => apply({}, 'extend schema @link(url: "https://example.org/own/v1.0")\ntype A { a: Int }')).toThrow(
      /links of this SDL cannot be taken over/,
    );
  });
});

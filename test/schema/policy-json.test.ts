import { describe, expect, it } from 'vitest';
import { policyFromJson, policyToJson } from '../../schema/policy-json.ts';
import { readPolicy } from '../../schema/read-policy.ts';

const sdl = `
  type Query {
    person(number: String! @reads(items: ["Person.number"], use: LOOKUP), filter: Filter): Person @sharing(class: UNCONDITIONAL)
  }
  type Mutation { correct(id: ID!): Person @actor(roles: ["reviewer"]) }
  input Filter { bornFrom: String @reads(items: ["Person.birthDate"]) }
  type Person
    @key(fields: "ref")
    @personal
    @resource(code: "1", title: "人口", updateCycle: DAILY)
    @scopedBy(division: "division")
    @sharing(class: CONDITIONAL) {
    ref: ID! @inaccessible
    number: String @sharing(class: CONDITIONAL, mask: RESIDENT_NUMBER)
    birthDate: String
    division: String
    age: Int @requires(fields: "birthDate")
    fingerprint: String @sharing(class: WITHHELD, basis: "居民身份证法")
  }`;
const table = readPolicy([{ name: 'people', owner: 'public-security', sdl }]);
const written = JSON.parse(policyToJson(table)) as { items: Record<string, unknown>[] };

/** The written table with something changed. */
const changed = (change: (copy: typeof written) => void): string => {
  const copy = structuredClone(written);
  change(copy);
  return JSON.stringify(copy);
};

describe('a policy table as JSON', () => {
  it('comes back as it was: classes, masks, bases, requirements, actors, reads, scopes and subjects', () => {
    const read = policyFromJson(policyToJson(table));
    expect(read).toEqual(table);
    expect(read.items.get('Person.age')?.requires).toEqual(['Person.birthDate']);
    expect(read.items.get('Mutation.correct')?.actors).toEqual(['reviewer']);
    expect(read.reads.get('Query.person(number:)')).toEqual({ items: ['Person.number'], use: 'LOOKUP' });
  });

  it('reads the same whatever the order of the subgraphs', () => {
    const other = {
      name: 'other',
      owner: 'another',
      sdl: 'type Query { ping: String @sharing(class: UNCONDITIONAL) }',
    };
    const people = { name: 'people', owner: 'public-security', sdl };
    expect(policyToJson(readPolicy([people, other]))).toBe(policyToJson(readPolicy([other, people])));
  });

  it('refuses a member it does not know, so that a misspelt mask cannot weaken the policy', () => {
    const text = changed(({ items: [first] }) => Object.assign(first ?? {}, { masks: 'NAME' }));
    expect(() => policyFromJson(text)).toThrow(/items\.0: .*masks/);
  });

  it('refuses a class it does not know, an item listed twice and a withheld item without its law', () => {
    const classless = changed(({ items: [first] }) => Object.assign(first ?? {}, { class: 'OPEN' }));
    expect(() => policyFromJson(classless)).toThrow(/items\.0\.class/);
    const twice = changed(({ items }) => items.push({ ...items[0] }));
    expect(() => policyFromJson(twice)).toThrow(`${String(written.items[0]?.['coordinate'])}: listed twice.`);
    const lawless = changed(({ items }) => delete items.find((item) => item['class'] === 'WITHHELD')?.['basis']);
    expect(() => policyFromJson(lawless)).toThrow(/basis: must name the law/);
  });

  it('refuses another format and what is no JSON', () => {
    expect(() => policyFromJson(changed((copy) => Object.assign(copy, { format: 'shuniu-policy/2' })))).toThrow(
      /format/,
    );
    expect(() => policyFromJson('{')).toThrow(/not JSON/);
  });
});

import { describe, expect, it } from 'vitest';
import { compose } from '../../schema/compose.ts';
import { policyToJson } from '../../schema/policy-json.ts';
import { EMPTY_POLICY } from '../../schema/policy-table.ts';
import type { Grant } from '../../sharing/policy/grant.ts';
import { check } from '../../sharing/publishing/check.ts';
import type { Release } from '../../sharing/publishing/release.ts';

const people = {
  ...{ name: 'people', owner: 'public-security', url: 'https://people.example/graphql' },
  sdl: `"A person."
    type Person @key(fields: "id") @sharing(class: UNCONDITIONAL) {
      "Number."
      id: ID!
      "Name."
      name: String @sharing(class: CONDITIONAL)
    }
    type Query { "All." people: [Person!] @sharing(class: UNCONDITIONAL) }`,
};
const marks = {
  ...{ name: 'marks', owner: 'curious', url: 'https://marks.example/graphql' },
  sdl: `"What can be marked."
    interface Marked { "Its mark." mark: String @sharing(class: UNCONDITIONAL) }
    type Person implements Marked @key(fields: "id") { id: ID! "A mark." mark: String @sharing(class: UNCONDITIONAL) }
    type Query { "Marked ones." marked: [Marked!] @sharing(class: UNCONDITIONAL) }`,
};
const relief = { department: 'civil-affairs', application: 'relief', calls: 7 };
const archive = { department: 'culture', application: 'archive', calls: 2 };
const operations = [
  { hash: 'names', text: '{ people { name } }', items: ['Query.people', 'Person.name'], consumers: [relief] },
  { hash: 'marks', text: '{ marked { mark } }', items: ['Query.marked', 'Person.mark'], consumers: [archive] },
];
const grant = { id: 'G-1', items: [{ coordinate: 'Person.name', uses: ['OUTPUT'] }] } as unknown as Grant;

async function checked(sdl: string) {
  const subgraphs = [people, marks];
  const { supergraphSdl: supergraph, policy } = compose(subgraphs);
  const inForce = { supergraph, policy: policyToJson(policy), retired: policyToJson(EMPTY_POLICY) } as Release;
  const after = { subgraphs: [people, { ...marks, sdl }], before: subgraphs, candidate: 'marks' };
  return check({ ...after, inForce, operations, grants: [grant], at: new Date() }, { withinMs: 30_000 });
}

describe('what a check says of those who use what it changes', { timeout: 60_000 }, () => {
  it('names nobody who uses or was granted what another department publishes on the same type', async () => {
    const { impacts, problems } = await checked(
      marks.sdl.replace('Person implements Marked', 'Person').replace('marked: [Marked!]', 'marked: [Person!]'),
    );
    expect(problems).toEqual([]);
    expect(impacts.map(({ change }) => change).join()).toContain('marked');
    expect(impacts.flatMap(({ consumers }) => consumers)).toContainEqual(archive);
    expect(impacts.flatMap(({ consumers }) => consumers)).not.toContainEqual(relief);
    expect(impacts.flatMap(({ grants }) => grants)).toEqual([]);
  });
});

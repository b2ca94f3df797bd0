import { Kind, type OperationDefinitionNode, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { authoriser, type Decided } from '../../gateway/authorise.ts';
import { buildSupergraph } from '../../gateway/supergraph.ts';
import type { Caller } from '../../lib/caller.ts';
import type { Policy } from '../../sharing/policy/decide.ts';
import { type Grant, grantView } from '../../sharing/policy/grant.ts';
import { people } from '../attacks/fixtures.ts';
import { CALLER, composed } from '../attacks/support.ts';

/** A subgraph that asks for scopes besides what sharing asks for. */
const library = {
  name: 'library',
  owner: 'culture',
  // Beside the header that publishing adds.
  sdl: `extend schema @link(url: "https://specs.apollo.dev/requiresScopes/v0.1")
    type Query { loans: Int @requiresScopes(scopes: [["loans"]]) @sharing(class: UNCONDITIONAL) }`,
  resolvers: { Query: { loans: () => 3 } },
};
const { supergraphSdl, policy: table } = composed([people, library]);
const supergraph = buildSupergraph(supergraphSdl);

const GRANT: Grant = {
  ...{ id: 'G-phone', owner: 'public-security', department: CALLER.department, application: CALLER.application },
  ...{ purpose: CALLER.purpose ?? '', basis: 'test', divisions: ['*'], validFrom: 0, validUntil: 2_000 },
  items: [{ coordinate: 'Person.phone', uses: ['OUTPUT'] }],
  quota: { rowsPerDay: 9 },
};
const HOUSEHOLD: Grant = {
  ...GRANT,
  ...{ id: 'G-household', items: [{ coordinate: 'Person.household', uses: ['OUTPUT'] }], validUntil: 9_000 },
};
const policy: Policy = { table, grants: grantView(1, [GRANT, HOUSEHOLD]), stale: false };

function asking(source: string, { caller = CALLER, name }: { caller?: Caller; name?: string } = {}) {
  const document = parse(source);
  const operations = document.definitions.filter(
    (node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION,
  );
  const operation = operations.find((each) => name === undefined || each.name?.value === name);
  if (!operation) throw new Error('no such operation');
  return { source, document, operation, variables: {}, caller };
}

describe('what was decided', () => {
  const PHONE = '{ person { phone } }';

  it('is decided once until the first boundary of a grant, and anew from that moment on', () => {
    const decide = authoriser(supergraph);
    const first = decide(asking(PHONE), policy, 1_000);
    expect(first).toMatchObject({ validUntil: 2_000, grants: ['G-phone'], refusals: [] });
    expect(decide(asking(PHONE), policy, 1_999)).toBe(first);
    const later = decide(asking(PHONE), policy, 2_000);
    expect(later).not.toBe(first);
    expect(later.refusals).toMatchObject([{ coordinate: 'Person.phone' }]);
    expect(later.id).not.toBe(first.id);
  });

  it('is the same for the same roles in another order', () => {
    const decide = authoriser(supergraph);
    const first = decide(asking(PHONE, { caller: { ...CALLER, roles: ['a', 'b'] } }), policy, 1_000);
    expect(decide(asking(PHONE, { caller: { ...CALLER, roles: ['b', 'a'] } }), policy, 1_000)).toBe(first);
    expect(decide(asking(PHONE, { caller: { ...CALLER, roles: ['b'] } }), policy, 1_000)).not.toBe(first);
  });

  it('for one operation of a document is not that for another', () => {
    const decide = authoriser(supergraph);
    const source = 'query A { person { id } } query B { person { phone fingerprint } }';
    const [a, b] = ['A', 'B'].map((name) => decide(asking(source, { name }), policy, 1_000));
    expect(a?.refusals).toEqual([]);
    expect(b?.refusals).toMatchObject([{ coordinate: 'Person.fingerprint', reason: 'WITHHELD' }]);
  });

  it('for who has a scope is not that for who has not, in whatever order their scopes come', () => {
    const decide = authoriser(supergraph);
    const loans = (scopes?: string[]) => decide(asking('{ loans }', { caller: { ...CALLER, scopes } }), policy, 1_000);
    expect(loans(['loans', 'more']).refusals).toEqual([]);
    expect(loans().refusals).toMatchObject([{ reason: 'ACCESS_REQUIREMENT' }]);
    expect(loans(['more']).refusals).toMatchObject([{ reason: 'ACCESS_REQUIREMENT' }]);
    expect(loans(['more', 'loans'])).toBe(loans(['loans', 'more']));
  });
});

describe('a grant with a quota', () => {
  it('counts where something is shown by it, and only there', () => {
    const decide = authoriser(supergraph);
    const quotasOf = (source: string) => decide(asking(source), policy, 1_000).quotas.map(({ grant }) => grant);
    expect(quotasOf('{ person { phone } }')).toEqual(['G-phone']);
    expect(quotasOf('{ person { phone household } }')).toEqual(['G-phone', 'G-household']);
    expect(quotasOf('{ person { id } }')).toEqual([]);
  });
});

describe('whoever is told of decisions', () => {
  it('is told of what was asked, and not of what only bears on its mask', () => {
    const told: Decided[] = [];
    const decide = authoriser(supergraph, { onDecision: (decided) => told.push(decided) });
    decide(asking('{ person { id name } }'), policy, 1_000);
    expect(told.map(({ coordinate, use, decision }) => `${coordinate} ${use} ${decision.kind}`)).toEqual([
      'Query.person OUTPUT ALLOW',
      'Person.id OUTPUT ALLOW',
      'Person.name OUTPUT MASK',
    ]);
  });

  it('is told once of what is remembered', () => {
    const told: Decided[] = [];
    const decide = authoriser(supergraph, { onDecision: (decided) => told.push(decided) });
    decide(asking('{ person { id } }'), policy, 1_000);
    decide(asking('{ person { id } }'), policy, 1_001);
    expect(told).toHaveLength(2);
  });
});

describe('an operation of a kind that the schema does not have', () => {
  it('is an error of the hub, not an answer', () => {
    expect(() => authoriser(supergraph)(asking('subscription { person { id } }'), policy, 1_000)).toThrow(
      'the API schema has no subscription type',
    );
  });
});

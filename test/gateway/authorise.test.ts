import { Kind, type OperationDefinitionNode, parse, print } from 'graphql';
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

/** Two types whose rows are scoped by division, and a number that its date of birth would restore. */
const register = {
  name: 'register',
  owner: 'public-security',
  sdl: `
    type Query @sharing(class: UNCONDITIONAL) {
      resident: Resident
      residents(phone: String @reads(items: ["Resident.phone"])): [Resident]
      address: Address
    }
    type Resident @key(fields: "id") @scopedBy(division: "division") @sharing(class: CONDITIONAL) {
      id: ID! @sharing(class: UNCONDITIONAL)
      division: String
      inScope: Boolean @inaccessible
      number: String @sharing(class: CONDITIONAL, mask: RESIDENT_NUMBER)
      birthDate: String @sharing(class: CONDITIONAL, mask: YEAR)
      phone: String
    }
    type Address @key(fields: "id") @scopedBy(division: "division") @sharing(class: CONDITIONAL) {
      id: ID! @sharing(class: UNCONDITIONAL)
      division: String
      inScope: Boolean @inaccessible
      street: String
    }`,
  resolvers: {},
};
const scoped = composed([register, library]);
const scopedSupergraph = buildSupergraph(scoped.supergraphSdl);
const OF_STREETS: Grant = {
  ...{ id: 'G-a-streets', owner: 'public-security', department: CALLER.department, application: CALLER.application },
  ...{ purpose: CALLER.purpose ?? '', basis: 'test', divisions: ['532301'], validFrom: 0, validUntil: 2_000 },
  items: [{ coordinate: 'Address.street', uses: ['OUTPUT'] }],
};
const OF_PHONES: Grant = {
  ...OF_STREETS,
  ...{ id: 'G-b-phones', items: [{ coordinate: 'Resident.phone', uses: ['OUTPUT'] }], quota: { rowsPerDay: 9 } },
};
const scopedPolicy: Policy = { table: scoped.policy, grants: grantView(1, [OF_PHONES, OF_STREETS]), stale: false };

function asking(
  source: string,
  {
    caller = CALLER,
    name,
    variables = {},
  }: { caller?: Caller; name?: string; variables?: Record<string, string> } = {},
) {
  const document = parse(source);
  const operations = document.definitions.filter(
    (node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION,
  );
  const operation = operations.find((each) => name === undefined || each.name?.value === name);
  if (!operation) throw new Error('no such operation');
  return { source, document, operation, variables, caller };
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

describe('what is left of an operation', () => {
  it('is fetched with the probes of its rows, and names what it stands on in one order', () => {
    const source = '{ resident { phone id } address { street } }';
    const decided = authoriser(scopedSupergraph)(asking(source), scopedPolicy, 1_000);
    expect(decided.refusals).toEqual([]);
    expect(decided.asked).toEqual([
      'Address.street',
      'Query.address',
      'Query.resident',
      'Resident.id',
      'Resident.phone',
    ]);
    expect(decided.grants).toEqual(['G-a-streets', 'G-b-phones']);
    expect(decided.quotas).toEqual([{ grant: 'G-b-phones', quota: { rowsPerDay: 9 } }]);
    expect(decided.scopes).toEqual({ register: ['532301'] });
    expect(decided.probes).toEqual(['Address.inScope', 'Resident.inScope']);
    expect(decided.pruned?.text).toBe(print(decided.pruned?.document ?? parse('{ nothing }')));
    expect(decided.pruned?.text.match(/hub__in_scope: inScope/g)).toHaveLength(2);
  });

  it('has no probe where every row is in scope', () => {
    const everywhere = grantView(1, [{ ...OF_STREETS, divisions: ['*'] }]);
    const decided = authoriser(scopedSupergraph)(
      asking('{ address { street } }'),
      { ...scopedPolicy, grants: everywhere },
      1_000,
    );
    expect([decided.scopes, decided.probes]).toEqual([{ register: ['*'] }, []]);
    expect(decided.pruned?.text).not.toContain('hub__in_scope');
  });

  it('is nothing where nothing may be had', () => {
    const decided = authoriser(scopedSupergraph)(asking('{ residents(phone: "1") { id } }'), scopedPolicy, 1_000);
    expect(decided.pruned).toBeUndefined();
    expect(decided.refusals).toMatchObject([{ coordinate: 'Resident.phone', use: 'FILTER', reason: 'NO_GRANT' }]);
  });

  it('is what the variables ask for: an argument that is not given reads nothing', () => {
    const decide = authoriser(scopedSupergraph);
    const source = 'query ($phone: String) { residents(phone: $phone) { id } }';
    const refusals = (variables: Record<string, string>) =>
      decide(asking(source, { variables }), scopedPolicy, 1_000).refusals.length;
    expect([refusals({}), refusals({ phone: '1' }), refusals({})]).toEqual([0, 1, 0]);
  });

  it('is without grants and quotas for who holds none', () => {
    const caller = { ...CALLER, purpose: 'another' };
    const decided = authoriser(scopedSupergraph)(asking('{ address { id street } }', { caller }), scopedPolicy, 1_000);
    expect([decided.grants, decided.quotas]).toEqual([[], []]);
    expect(decided.refusals).toMatchObject([{ coordinate: 'Address.street', reason: 'NO_GRANT' }]);
  });
});

describe('a masked number', () => {
  const masks = (source: string, onDecision?: (decided: Decided) => void) =>
    authoriser(scopedSupergraph, { onDecision })(asking(source), scopedPolicy, 1_000).masked.map(
      ({ coordinate, mask }) => `${coordinate} ${mask}`,
    );

  it('is masked more strictly beside what would restore it', () => {
    expect(masks('{ resident { number } }')).toEqual(['Resident.number RESIDENT_NUMBER']);
    expect(masks('{ resident { number birthDate } }')).toEqual([
      'Resident.number RESIDENT_REGION',
      'Resident.birthDate YEAR',
    ]);
  });

  it('tells nobody that its neighbours were looked at', () => {
    const told: string[] = [];
    masks('{ resident { number } }', ({ coordinate }) => told.push(coordinate));
    expect(new Set(told)).toEqual(new Set(['Query.resident', 'Resident.number']));
  });
});

describe('an open gateway', () => {
  it('shows everything to everybody, but what the schema keeps for callers who are known', () => {
    const decide = authoriser(scopedSupergraph, { open: true });
    const caller = { ...CALLER, purpose: 'another', scopes: ['loans'] };
    const decided = decide(asking('{ loans resident { number phone } }', { caller }), scopedPolicy, 5_000);
    expect(decided.refusals).toMatchObject([{ coordinate: 'Query.loans', reason: 'ACCESS_REQUIREMENT' }]);
    expect([decided.masked, decided.grants, decided.probes]).toEqual([[], [], []]);
    expect(decided.pruned?.text).toContain('number');
  });
});

import { describe, expect, it } from 'vitest';
import { readPolicy } from '../../schema/read-policy.ts';
import { decide, type Decision } from '../../sharing/policy/decide.ts';
import { type Grant, grantKey, grantView, type Use } from '../../sharing/policy/grant.ts';

const table = readPolicy([
  {
    name: 'population',
    owner: 'public-security',
    sdl: `
      type Query { person: Person }
      type Mutation {
        approve: Boolean @actor(roles: ["officer"])
        open: Boolean @sharing(class: UNCONDITIONAL)
      }
      type Person {
        id: ID @sharing(class: UNCONDITIONAL)
        name: String @sharing(class: CONDITIONAL, mask: NAME)
        phone: String @sharing(class: CONDITIONAL)
        note: String @sharing(class: WITHHELD, basis: "刑事诉讼法")
        forgotten: String
      }`,
  },
]);
const caller = { department: 'civil-affairs', application: 'relief', purpose: 'low-income-check', roles: [] };
const held: Grant = {
  id: 'G-1',
  owner: 'public-security',
  ...caller,
  basis: '社会救助暂行办法',
  items: [{ coordinate: 'Person.phone', uses: ['OUTPUT'] }],
  divisions: ['532300'],
  validFrom: 1_000,
  validUntil: 2_000,
};

interface Asked {
  readonly use?: Use;
  readonly at?: number;
  readonly who?: Partial<typeof caller> & { roles?: string[] };
  readonly grants?: readonly Grant[];
  readonly stale?: boolean;
}

function ask(
  coordinate: string,
  { use = 'OUTPUT', at = 1_500, who = {}, grants = [held], stale = false }: Asked = {},
): Decision {
  return decide({ table, grants: grantView(1, grants), stale }, { caller: { ...caller, ...who }, coordinate, use, at });
}

describe('a decision', () => {
  it('allows what is unconditional to every department, and what a department owns to itself', () => {
    expect(ask('Person.id', { who: { department: 'tax-bureau' } })).toMatchObject({ kind: 'ALLOW', grants: [] });
    expect(ask('Person.note', { who: { department: 'public-security' } })).toMatchObject({ kind: 'ALLOW' });
  });

  it('allows a conditional item for the use that was granted and for no other', () => {
    expect(ask('Person.phone')).toMatchObject({ kind: 'ALLOW', grants: ['G-1'], validUntil: 2_000 });
    for (const use of ['LOOKUP', 'VERIFY', 'FILTER', 'KEY'] as const)
      expect(ask('Person.phone', { use })).toMatchObject({ kind: 'DENY', reason: 'NO_GRANT' });
  });

  it('holds a grant to its department, application and purpose', () => {
    for (const who of [{ department: 'tax-bureau' }, { application: 'other' }, { purpose: 'census' }])
      expect(ask('Person.phone', { who })).toMatchObject({ kind: 'DENY', reason: 'NO_GRANT' });
  });

  it('takes no grant from a department that does not own the item', () => {
    const foreign = { ...held, owner: 'tax-bureau' };
    expect(ask('Person.phone', { grants: [foreign] })).toMatchObject({ kind: 'DENY', reason: 'NO_GRANT' });
    expect(ask('Person.phone', { grants: [foreign, held] })).toMatchObject({ kind: 'ALLOW', grants: ['G-1'] });
  });

  it('names the divisions of all grants that allow an item, and of no other', () => {
    const further = { ...held, id: 'G-2', divisions: ['532900'] };
    const ended = { ...held, id: 'G-3', divisions: ['533100'], validUntil: 1_200 };
    expect(ask('Person.phone', { grants: [held, further, ended] })).toMatchObject({ divisions: ['532300', '532900'] });
    expect(ask('Person.id')).toMatchObject({ divisions: ['*'] });
  });

  it('holds a grant to its term, and knows when that changes', () => {
    expect(ask('Person.phone', { at: 999 })).toMatchObject({ kind: 'DENY', validUntil: 1_000 });
    expect(ask('Person.phone', { at: 1_000 })).toMatchObject({ kind: 'ALLOW', validUntil: 2_000 });
    expect(ask('Person.phone', { at: 2_000 })).toMatchObject({ kind: 'DENY', validUntil: Number.POSITIVE_INFINITY });
  });

  it('ends with the first of several grants, as what it allows may be less from then on', () => {
    const longer = { ...held, id: 'G-2', validFrom: 1_200, validUntil: 9_000 };
    expect(ask('Person.phone', { grants: [held, longer], at: 1_100 })).toMatchObject({
      grants: ['G-1'],
      validUntil: 1_200,
    });
    expect(ask('Person.phone', { grants: [held, longer] })).toMatchObject({
      grants: ['G-1', 'G-2'],
      validUntil: 2_000,
    });
  });

  it('masks a conditional item that nothing grants where it has a mask, but lets no filter use it', () => {
    expect(ask('Person.name')).toMatchObject({ kind: 'MASK', mask: 'NAME' });
    for (const use of ['LOOKUP', 'VERIFY', 'FILTER'] as const)
      expect(ask('Person.name', { use })).toMatchObject({ kind: 'DENY', reason: 'NO_GRANT' });
  });

  it('denies what is withheld, not classified or not known', () => {
    const all = {
      ...held,
      items: ['Person.note', 'Person.forgotten', 'Person.nothing'].map((coordinate) => ({
        coordinate,
        uses: ['OUTPUT'] as const,
      })),
    };
    expect(ask('Person.note', { grants: [all] })).toMatchObject({ kind: 'DENY', reason: 'WITHHELD' });
    expect(ask('Person.forgotten', { grants: [all] })).toMatchObject({ kind: 'DENY', reason: 'NOT_CLASSIFIED' });
    expect(ask('Person.nothing', { grants: [all] })).toMatchObject({ kind: 'DENY', reason: 'NOT_CLASSIFIED' });
  });

  it('denies everything conditional while the grants may be out of date, and goes on sharing the rest', () => {
    expect(ask('Person.phone', { stale: true })).toMatchObject({ kind: 'DENY', reason: 'POLICY_STALE' });
    expect(ask('Person.name', { stale: true })).toMatchObject({ kind: 'DENY', reason: 'POLICY_STALE' });
    expect(ask('Person.id', { stale: true })).toMatchObject({ kind: 'ALLOW' });
  });

  it('says that a purpose is missing where the caller names none', () => {
    const { purpose: _, ...nobody } = caller;
    const decision = decide(
      { table, grants: grantView(1, [held]), stale: false },
      { caller: nobody, coordinate: 'Person.phone', use: 'OUTPUT', at: 1_500 },
    );
    expect(decision).toMatchObject({ kind: 'DENY', reason: 'NO_PURPOSE' });
  });

  it('denies a mutation to all but its actors, whatever its class', () => {
    expect(ask('Mutation.approve', { use: 'WRITE' })).toMatchObject({ kind: 'DENY', reason: 'NOT_AN_ACTOR' });
    expect(ask('Mutation.approve', { use: 'WRITE', who: { roles: ['officer'] } as never })).toMatchObject({
      kind: 'ALLOW',
    });
    expect(ask('Mutation.open', { use: 'WRITE', who: { roles: ['officer'] } as never })).toMatchObject({
      kind: 'DENY',
      reason: 'NOT_AN_ACTOR',
    });
  });

  it('keeps holders apart whatever their names contain', () => {
    const one = grantKey({ department: 'a","b', application: 'c', purpose: 'd' });
    const other = grantKey({ department: 'a', application: 'b","c', purpose: 'd' });
    expect(one).not.toBe(other);
    expect(grantKey({ department: 'a', application: 'b' })).not.toBe(
      grantKey({ department: 'a', application: 'b', purpose: 'null' }),
    );
  });
});

describe('an obligation', () => {
  const rows = readPolicy([
    {
      name: 'population',
      owner: 'public-security',
      sdl: `
        type Query { people: [Person] firms: [Firm] counts: Count }
        type Mutation { approve: Boolean @actor(roles: ["officer"]) }
        type Count @sharing(class: CONDITIONAL) { total: Int }
        type Person @key(fields: "ref") @personal { ref: ID! name: String @sharing(class: CONDITIONAL, mask: NAME) sex: String @sharing(class: CONDITIONAL) }
        type Firm @scopedBy(division: "division") { division: String @sharing(class: UNCONDITIONAL) size: Int @sharing(class: CONDITIONAL) }`,
    },
  ]);
  const coordinates = ['Person.name', 'Person.sex', 'Firm.size', 'Count.total'];
  const all: Grant = {
    ...held,
    items: coordinates.map((coordinate) => ({ coordinate, uses: ['OUTPUT', 'FILTER', 'LOOKUP', 'VERIFY'] as const })),
  };
  const counting: Grant = { ...all, id: 'G-counting', divisions: ['532900'], obligations: ['AGGREGATE_ONLY'] };
  const named: Grant = { ...all, id: 'G-named', divisions: ['533100'], obligations: ['OFFICER_NAMED'] };
  const under = (grants: readonly Grant[], coordinate: string, use: Use = 'OUTPUT', who: object = {}): Decision =>
    decide(
      { table: rows, grants: grantView(1, grants), stale: false },
      { caller: { ...caller, ...who }, coordinate, use, at: 1_500 },
    );

  it('to count only lets rows be filtered, and numbers be shown', () => {
    for (const item of ['Person.sex', 'Firm.size', 'Count.total'])
      expect(under([counting], item, 'FILTER')).toMatchObject({
        kind: 'ALLOW',
        grants: ['G-counting'],
        divisions: ['532900'],
        aggregateOnly: true,
      });
    for (const use of ['OUTPUT', 'LOOKUP', 'VERIFY'] as const) {
      expect(under([counting], 'Count.total', use)).toMatchObject({ kind: 'ALLOW', aggregateOnly: true });
      for (const item of ['Person.sex', 'Firm.size'])
        expect(under([counting], item, use)).toEqual({ kind: 'DENY', reason: 'AGGREGATE_ONLY', validUntil: 2_000 });
    }
  });

  it('to count only leaves a mask where there is one', () => {
    expect(under([counting], 'Person.name')).toEqual({ kind: 'MASK', mask: 'NAME', validUntil: 2_000 });
  });

  it('to count only binds no other grant, which then is relied on alone', () => {
    const decision = under([counting, all], 'Person.sex', 'FILTER');
    expect(decision).toMatchObject({ kind: 'ALLOW', grants: ['G-1'], divisions: ['532300'] });
    expect(decision).not.toHaveProperty('aggregateOnly');
    expect(under([all], 'Person.sex')).not.toHaveProperty('aggregateOnly');
    expect(under([counting, all], 'Person.sex')).toMatchObject({ kind: 'ALLOW', grants: ['G-1'] });
  });

  it('to name an officer counts a grant in calls that do, and no other', () => {
    for (const use of ['OUTPUT', 'FILTER', 'LOOKUP', 'VERIFY'] as const) {
      expect(under([named], 'Person.sex', use)).toMatchObject({ kind: 'DENY', reason: 'OFFICER_REQUIRED' });
      expect(under([named], 'Person.sex', use, { officer: '' })).toMatchObject({ reason: 'OFFICER_REQUIRED' });
      expect(under([named], 'Person.sex', use, { officer: 'wang' })).toMatchObject({
        kind: 'ALLOW',
        grants: ['G-named'],
      });
    }
    expect(under([named, all], 'Person.sex')).toMatchObject({ grants: ['G-1'], divisions: ['532300'] });
    expect(under([named, all], 'Person.sex', 'OUTPUT', { officer: 'wang' })).toMatchObject({
      grants: ['G-named', 'G-1'],
    });
  });

  it('of both kinds is both', () => {
    const both: Grant = { ...all, obligations: ['AGGREGATE_ONLY', 'OFFICER_NAMED'] };
    expect(under([both], 'Person.sex', 'FILTER')).toMatchObject({ reason: 'OFFICER_REQUIRED' });
    expect(under([both], 'Person.sex', 'FILTER', { officer: 'wang' })).toMatchObject({ aggregateOnly: true });
    expect(under([both], 'Person.sex', 'OUTPUT', { officer: 'wang' })).toMatchObject({ reason: 'AGGREGATE_ONLY' });
  });

  it.each(['leader', 'public'])(
    'of the role %s keeps rows and actions from it, whoever it is and whatever it holds',
    (role) => {
      const who = { roles: [role, 'officer'], department: 'public-security' };
      for (const item of ['Person.ref', 'Person.sex', 'Firm.division'])
        expect(under([all], item, 'FILTER', who)).toMatchObject({ kind: 'DENY', reason: 'AGGREGATE_ONLY' });
      expect(under([], 'Mutation.approve', 'WRITE', who)).toMatchObject({ kind: 'DENY', reason: 'AGGREGATE_ONLY' });
      expect(under([], 'Count.total', 'OUTPUT', who)).toMatchObject({ kind: 'ALLOW' });
      expect(under([all], 'Count.total', 'OUTPUT', { roles: [role] })).toMatchObject({
        kind: 'ALLOW',
        grants: ['G-1'],
      });
    },
  );

  it('is not needed where several roles may act and the caller has one, and none of them is given by a grant', () => {
    const several = readPolicy([
      { name: 'a', owner: 'o', sdl: 'type Query { a: Int } type Mutation { act: Int @actor(roles: ["one", "two"]) }' },
    ]);
    const act = (roles: string[]) =>
      decide(
        { table: several, grants: grantView(1, []), stale: false },
        { caller: { ...caller, roles }, coordinate: 'Mutation.act', use: 'WRITE', at: 0 },
      ).kind;
    expect([act(['two']), act(['one', 'other']), act(['other']), act([])]).toEqual(['ALLOW', 'ALLOW', 'DENY', 'DENY']);
  });

  it('is not read from a grant that covers another item besides', () => {
    const mixed: Grant = { ...all, items: [...all.items, { coordinate: 'Person.ref', uses: ['KEY'] }] };
    expect(under([mixed], 'Person.sex')).toMatchObject({ kind: 'ALLOW' });
    expect(under([], 'Person.sex')).toMatchObject({ kind: 'DENY', reason: 'NO_GRANT' });
  });
});

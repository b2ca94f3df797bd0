import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { answer, type AnswerOptions } from '../../gateway/answer.ts';
import type { Authorised } from '../../gateway/authorise.ts';
import {
  type FieldShape,
  type NestedShape,
  type ObjectShape,
  PROBE_KEY,
  type Promised,
  type Refusal,
  type Shape,
  SUBJECT_KEY,
  TYPENAME_KEY,
} from '../../gateway/shape.ts';
import type { SubgraphFailure } from '../../gateway/subgraph-failure.ts';
import { beginTrail, type Trail } from '../../gateway/trail.ts';
import type { UpdateCycle } from '../../schema/policy-table.ts';

const CALLER = { department: 'civil-affairs', application: 'relief', purpose: 'low-income-check', roles: [] };
const KEY = 'a key';
const MISSING = 'A subgraph answered without a value the schema promises.';
const MUST: Promised = { self: true };

const resource = (type: string, updateCycle: UpdateCycle = 'DAILY') =>
  [type, { type, subgraph: 'people', code: type, title: type, updateCycle }] as const;

const OPTIONS: AnswerOptions = {
  resources: new Map([resource('Person'), resource('House', 'AS_NEEDED')]),
  subjectKey: KEY,
  freshness: new Map(),
};

function keep(key: string, more: { promised?: Promised; asks?: readonly string[]; fetched?: string } = {}): FieldShape {
  return { kind: 'keep', key, fetched: key, asks: [], ...more };
}

function nested(key: string, shape: Shape, more: { promised?: Promised; asks?: readonly string[] } = {}): NestedShape {
  return { kind: 'nested', key, fetched: key, repeats: { list: false, page: false }, asks: [], shape, ...more };
}

function object(
  type: string,
  fields: readonly FieldShape[],
  more: Partial<Pick<ObjectShape, 'probed' | 'charged' | 'subjects'>> = {},
): ObjectShape {
  return { kind: 'object', type, fields, probed: false, charged: [], subjects: false, ...more };
}

const PERSON = object('Person', [keep('name')]);

interface Given {
  readonly refusals?: readonly Refusal[];
  readonly failures?: readonly SubgraphFailure[];
  readonly options?: Partial<AnswerOptions>;
  readonly purpose?: string | undefined;
}

/** Shapes data by the fields of the query type, and gives what came of it. */
function answered(fields: readonly FieldShape[] | undefined, data: Record<string, unknown> | null, given: Given = {}) {
  const purpose = 'purpose' in given ? given.purpose : CALLER.purpose;
  const trail: Trail = beginTrail({
    ...{ requestId: 'R-1', traceparent: '00-a-b-01', startedAt: 0, signal: new AbortController().signal },
    caller: { ...CALLER, purpose },
  });
  trail.failures = [...(given.failures ?? [])];
  const authorised: Authorised = {
    ...{ id: 'A', pruned: undefined, shape: fields && object('Query', fields), masked: [], asked: [], grants: ['G'] },
    ...{ quotas: [], scopes: {}, probes: [], epoch: 1, validUntil: Infinity, refusals: given.refusals ?? [] },
  };
  const result = answer(data, authorised, trail, { ...OPTIONS, ...given.options });
  const errors = (result.errors ?? []).map(({ message, path, extensions }) => ({
    message,
    path: path?.join('.'),
    code: extensions['code'],
  }));
  return { ...result, keys: Object.keys(result), errors, told: result.errors ?? [], trail };
}

describe('an answer', () => {
  it('has what was fetched under the callers’ own names, in their order, and nothing else', () => {
    const { data, errors } = answered(
      [keep('b'), keep('mine', { fetched: 'hub__as_mine' }), { kind: 'typename', key: 't', name: 'Query' }, keep('a')],
      { a: 1, b: [2, null], hub__as_mine: { any: 'thing' }, more: 'not asked for' },
    );
    expect(JSON.stringify(data)).toBe('{"b":[2,null],"mine":{"any":"thing"},"t":"Query","a":1}');
    expect(errors).toEqual([]);
  });

  it('is null where nothing was decided or nothing was fetched', () => {
    expect(answered(undefined, { a: 1 }).data).toBeNull();
    expect(answered([keep('a')], null).data).toBeNull();
  });

  it('has null for what is refused and for what did not come', () => {
    expect(answered([{ kind: 'null', key: 'no' }, keep('late')], { no: 'fetched all the same' }).data).toEqual({
      no: null,
      late: null,
    });
  });

  it('masks before anything is shown', () => {
    const masked: FieldShape = { kind: 'mask', key: 'name', fetched: 'name', mask: 'NAME', asks: [] };
    expect(answered([masked], { name: '王小明' }).data).not.toEqual({ name: '王小明' });
    expect(answered([masked], { name: null }).data).toEqual({ name: null });
  });

  it('says by which request, purpose and grants, and nothing of errors where there are none', () => {
    const { extensions, ...rest } = answered([], {});
    expect(extensions).toEqual({
      requestId: 'R-1',
      sharing: { purpose: CALLER.purpose, grants: ['G'], masked: [] },
    });
    expect(rest.told).toEqual([]);
    expect(answered([], {}, { purpose: undefined }).extensions).toMatchObject({ sharing: { purpose: null } });
    expect(answered(undefined, null).keys).toEqual(['data', 'extensions']);
  });
});

describe('rows', () => {
  const probed = object('Person', [keep('name')], { probed: true });

  it('that are not confirmed are not there: left out of lists, null where they stand alone', () => {
    const rows = [{ name: 'A', [PROBE_KEY]: 1 }, { name: 'B', [PROBE_KEY]: null }, { name: 'C' }, null];
    const { data, trail } = answered([nested('all', probed), nested('one', probed)], { all: rows, one: { name: 'B' } });
    expect(data).toEqual({ all: [{ name: 'A' }, null], one: null });
    expect(trail.rows).toEqual(new Map([['Person', 1]]));
  });

  it('that must refer to one that is not there are not there either', () => {
    const promising = object('House', [keep('id'), nested('owner', probed, { promised: MUST })]);
    const houses = [
      { id: 1, owner: { name: 'A', [PROBE_KEY]: 1 } },
      { id: 2, owner: { name: 'B' } },
    ];
    expect(answered([nested('houses', promising)], { houses }).data).toEqual({
      houses: [{ id: 1, owner: { name: 'A' } }],
    });
    expect(answered([nested('owner', probed, { promised: MUST })], { owner: { name: 'B' } })).toMatchObject({
      data: null,
      errors: [],
    });
  });

  it('that may refer to one that is not there have null there', () => {
    const owned = object('House', [nested('owner', probed, { promised: { self: false, items: MUST } })]);
    expect(answered([nested('house', owned)], { house: { owner: { name: 'B' } } }).data).toEqual({
      house: { owner: null },
    });
  });

  it('of several types are shaped each by its own, and those refused as a whole are null', () => {
    const any: Shape = {
      kind: 'abstract',
      byType: new Map<string, ObjectShape | null>([
        ['Person', PERSON],
        ['House', null],
      ]),
    };
    const found = [
      { [TYPENAME_KEY]: 'Person', name: 'A' },
      { [TYPENAME_KEY]: 'House', name: 'B' },
      { [TYPENAME_KEY]: 'Car', name: 'C' },
      { name: 'D' },
    ];
    expect(answered([nested('any', any)], { any: found }).data).toEqual({ any: [{ name: 'A' }, null, null, null] });
  });

  it('in lists of lists keep their places', () => {
    const lists = [[{ name: 'A', [PROBE_KEY]: 1 }, { name: 'B' }], null, []];
    expect(answered([nested('lists', probed)], { lists }).data).toEqual({ lists: [[{ name: 'A' }], null, []] });
  });
});

describe('a value that the schema promises', () => {
  const promised = keep('name', { promised: MUST });

  it('and nobody gave takes its row away, and is said once, without list indexes', () => {
    const row = object('Person', [keep('id'), promised]);
    const { data, errors, told } = answered([nested('all', row)], {
      all: [{ id: 1, name: 'A' }, { id: 2 }, { id: 3 }],
    });
    expect(data).toEqual({ all: [{ id: 1, name: 'A' }, null, null] });
    expect(errors).toEqual([{ message: MISSING, path: 'all.name', code: 'SUBGRAPH_ERROR' }]);
    expect(told[0]?.extensions).toEqual({ code: 'SUBGRAPH_ERROR' });
  });

  it('is missed at each place of its own', () => {
    const row = object('Person', [promised]);
    const { errors } = answered([nested('one', row), nested('other', row), promised], { one: {}, other: {} });
    expect(errors.map(({ path }) => path)).toEqual(['one.name', 'other.name', 'name']);
  });

  it('is not missed where a failure of it, of what holds it or of something within it was said', () => {
    const row = object('Person', [promised]);
    const failed = (...path: string[]): SubgraphFailure => ({
      subgraph: 's',
      code: 'SUBGRAPH_TIMEOUT',
      message: 'm',
      path,
    });
    const codes = (failure: SubgraphFailure, data: Record<string, unknown>) =>
      answered([nested('one', row), keep('name')], data, { failures: [failure] }).errors.map(({ code }) => code);
    expect(codes(failed('one', 'name'), { one: {} })).toEqual(['SUBGRAPH_TIMEOUT']);
    expect(codes(failed('one'), { one: {} })).toEqual(['SUBGRAPH_TIMEOUT']);
    expect(codes(failed('name'), { one: {} })).toEqual(['SUBGRAPH_TIMEOUT', 'SUBGRAPH_ERROR']);
  });

  it('in a list breaks the list up to where null may stand', () => {
    const list = (self: boolean) => keep('names', { promised: { self, items: MUST } });
    expect(answered([list(false)], { names: ['A', null] })).toMatchObject({ data: { names: null }, errors: [] });
    expect(answered([list(true)], { names: ['A', null] })).toMatchObject({ data: null, errors: [{ path: 'names' }] });
  });
});

describe('what is counted', () => {
  const person = (more: Partial<ObjectShape> = {}, fields: readonly FieldShape[] = [keep('name')]) =>
    object('Person', fields, more);
  const rows = [
    { name: 'A', [SUBJECT_KEY]: '1' },
    { name: 'B', [SUBJECT_KEY]: '2' },
    { name: 'A again', [SUBJECT_KEY]: '1' },
    { name: 'of nobody', [SUBJECT_KEY]: 3 },
  ];
  const hashOf = (subject: string) =>
    createHash('sha512-256').update(KEY).update(subject).digest('base64url').slice(0, 22);

  it('is every row of a resource that is shown, and no object that is none', () => {
    const page = object('Page', [nested('rows', person())]);
    const { trail } = answered([nested('page', page)], { page: { rows } });
    expect(trail.rows).toEqual(new Map([['Person', 4]]));
  });

  it('is each data subject once, as a keyed hash of its type and key', () => {
    const { trail } = answered([nested('all', person({ charged: ['G', 'H'] }))], { all: rows });
    const subjects = [hashOf('Person\0' + '1'), hashOf('Person\0' + '2')];
    expect([...trail.subjects]).toEqual(subjects);
    expect(trail.charges).toEqual(
      new Map(['G', 'H'].map((grant) => [grant, { rows: 4, subjects: new Set(subjects) }])),
    );
    const others = answered([nested('all', object('House', [], {}))], { all: rows });
    expect([...others.trail.subjects]).not.toEqual(subjects);
    const elsewhere = answered([nested('all', person())], { all: rows }, { options: { subjectKey: 'another' } });
    expect([...elsewhere.trail.subjects]).not.toEqual(subjects);
  });

  it('is not what is not shown', () => {
    const shape = person({ charged: ['G'], probed: true }, [keep('name', { promised: MUST })]);
    const { trail } = answered([nested('all', shape)], {
      all: [
        { ...rows[0], [PROBE_KEY]: null },
        { [SUBJECT_KEY]: '2', [PROBE_KEY]: 1 },
      ],
    });
    expect([trail.rows.size, trail.subjects.size, trail.charges.size]).toEqual([0, 0, 0]);
  });

  it('is one for a grant by which was asked and nothing found', () => {
    const asking = nested('all', person({ charged: ['G'] }), { asks: ['G', 'H'] });
    expect(answered([asking], { all: [] }).trail.charges).toEqual(
      new Map(['G', 'H'].map((grant) => [grant, { rows: 1, subjects: new Set() }])),
    );
    const { charges } = answered([asking], { all: [{ name: 'A' }, { name: 'B' }] }).trail;
    expect([...charges].map(([grant, { rows }]) => [grant, rows])).toEqual([
      ['G', 2],
      ['H', 1],
    ]);
    const again = { ...asking, key: 'none', fetched: 'none' };
    expect(answered([asking, again], { all: [{ name: 'A' }], none: [] }).trail.charges.get('G')?.rows).toBe(2);
    expect(answered([keep('total', { asks: ['G'] })], { total: 7 }).trail.charges.get('G')?.rows).toBe(1);
    expect(answered([keep('total', { asks: [] })], { total: 7 }).trail.charges.size).toBe(0);
  });
});

describe('a refusal', () => {
  const refusal: Refusal = { path: ['person', 'phone'], coordinate: 'Person.phone', use: 'OUTPUT', reason: 'NO_GRANT' };

  it('says what, for which use, why, whose it is and how to apply for it', () => {
    const { told } = answered([], {}, { refusals: [{ ...refusal, owner: 'public-security' }, refusal] });
    expect(told[0]?.message).toBe('Person.phone is not shared with this caller for this use (NO_GRANT).');
    expect(told[0]?.path).toEqual(['person', 'phone']);
    const common = { code: 'NOT_SHARED', coordinate: 'Person.phone', use: 'OUTPUT', reason: 'NO_GRANT' };
    expect(told[0]?.extensions).toMatchObject({ ...common, owner: 'public-security' });
    expect(told[0]?.extensions['howToApply']).toContain('Ask public-security to grant OUTPUT of Person.phone');
    expect(told[1]?.extensions).toMatchObject({ ...common, owner: null });
  });

  it('names the mutation where the supergraph has it', () => {
    const resources = new Map([resource('SharingRequest')]);
    const { told } = answered([], {}, { refusals: [refusal], options: { resources } });
    expect(told[0]?.extensions['howToApply']).toContain('requestSharing');
  });
});

describe('a failure', () => {
  const failure = (path: readonly string[], more: Partial<SubgraphFailure> = {}): SubgraphFailure => ({
    ...{ subgraph: 'people', code: 'SUBGRAPH_TIMEOUT', message: 'It took too long.', path },
    ...more,
  });
  const paths = (failures: readonly SubgraphFailure[]) =>
    answered(
      [
        nested('person', object('Person', [keep('name'), { kind: 'null', key: 'refused' }, nested('house', HOUSE)])),
        nested('any', {
          kind: 'abstract',
          byType: new Map<string, ObjectShape | null>([
            ['House', HOUSE],
            ['Car', null],
          ]),
        }),
      ],
      {},
      { failures },
    ).errors.map(({ path }) => path);
  const HOUSE = object('House', [keep('street')]);

  it('names its subgraph, its kind and the place', () => {
    const { told } = answered([keep('name')], {}, { failures: [failure(['name'])] });
    expect(told.map(({ message, path, extensions }) => ({ message, path, extensions }))).toEqual([
      { message: 'It took too long.', path: ['name'], extensions: { code: 'SUBGRAPH_TIMEOUT', subgraph: 'people' } },
    ]);
  });

  it('is said once for each place, kind and subgraph', () => {
    const [one, other] = [failure(['person', 'name']), failure(['person'])];
    const all = [one, one, other, failure(['person'], { code: 'CANCELLED' }), failure(['person'], { subgraph: 'b' })];
    expect(paths(all)).toEqual(['person.name', 'person', 'person', 'person']);
  });

  it('of what only the federation asked for is said at the field above, unless another was asked for', () => {
    expect(paths([failure(['person', 'key'])])).toEqual(['person']);
    expect(paths([failure(['person', 'key']), failure(['person', 'name'])])).toEqual(['person.name']);
    expect(paths([failure(['person', 'refused'])])).toEqual(['person']);
    expect(paths([failure(['person', 'name', 'deeper'])])).toEqual(['person.name']);
  });

  it('is known to be asked for below objects, and below any of the possible types', () => {
    const key = failure(['person', 'key']);
    expect(paths([key, failure(['person', 'house', 'street'])])).toEqual(['person.house.street']);
    expect(paths([key, failure(['any', 'street'])])).toEqual(['any.street']);
    expect(paths([key, failure(['any'])])).toEqual(['any']);
    expect(paths([key, failure(['any', 'key'])])).toEqual(['person', 'any']);
    expect(paths([failure([])])).toEqual(['']);
  });

  it('is told where nothing was decided at all', () => {
    expect(answered(undefined, null, { failures: [failure(['a', 'b'])] }).errors[0]?.path).toBe('a');
  });
});

describe('freshness', () => {
  const LONG_AGO = new Date('2020-01-01T00:00:00Z');
  const people = nested('people', PERSON);
  const data = { people: [{ name: 'A' }], house: {} };

  it('is told of the resources of which rows are shown, by name, and only where it is known', () => {
    const freshness = new Map([
      ['Person', LONG_AGO],
      ['House', LONG_AGO],
      ['Car', LONG_AGO],
    ]);
    const both = answered([people, nested('house', object('House', []))], data, { options: { freshness } });
    expect(both.extensions?.['freshness']).toEqual([
      { resource: 'House', updatedAt: LONG_AGO, updateCycle: 'AS_NEEDED', overdue: false },
      { resource: 'Person', updatedAt: LONG_AGO, updateCycle: 'DAILY', overdue: true },
    ]);
    expect(answered([people], data, { options: { freshness } }).extensions?.['freshness']).toHaveLength(1);
    expect(answered([people], data).extensions).not.toHaveProperty('freshness');
    expect(answered([people], { people: [] }, { options: { freshness } }).extensions).not.toHaveProperty('freshness');
  });
});

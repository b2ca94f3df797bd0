import { describe, expect, it } from 'vitest';
import { refusalsOf } from '../../web/access/refusals.ts';
import { exampleQuery } from '../../web/catalogue/example-query.ts';
import type { ResourceItem } from '../../web/catalogue/resource-item.ts';
import { answersOf } from '../../web/supervisor/answers.ts';
import { dormantResources, staleResources } from '../../web/supervisor/dormant.ts';
import { matrixOf } from '../../web/supervisor/matrix.ts';

const consumer = (department: string, calls: number, refused = 0) => ({
  ...{ department, calls, refused },
  ...{ application: 'a', purpose: null, masked: 0, rows: 0, last: '2026-11-22T00:00:00Z' },
});

describe('the matrix of use', () => {
  it('has a row for every department that uses or keeps data, and shades by how much', () => {
    const { owners, rows } = matrixOf([
      { owner: 'p', consumers: [consumer('c', 1_000), consumer('c', 24, 3), consumer('p', 99_999)] },
      { owner: 'q', consumers: [consumer('c', 1)] },
    ]);
    expect(owners).toEqual(['p', 'q']);
    expect(
      rows.map(({ consumer: name, cells }) => [name, ...cells.map(({ calls, shade }) => `${calls}/${shade}`)]),
    ).toEqual([
      ['c', '1024/5', '1/1'],
      ['p', '99999/5', '0/0'],
      ['q', '0/0', '0/0'],
    ]);
    expect(rows[0]?.cells[0]?.refused).toBe(3);
    expect(rows[1]?.cells.map(({ own }) => own)).toEqual([true, false]);
  });

  it('is empty where nothing was used', () => {
    expect(matrixOf([{ owner: 'p', consumers: [] }]).rows).toEqual([
      { consumer: 'p', cells: [{ calls: 0, refused: 0, shade: 0, own: true }] },
    ]);
  });
});

describe('supervision', () => {
  it('finds the resources nobody asked for, and says nothing where use is not known', () => {
    const resource = (type: string, subgraph: string) => ({
      ...{ type, subgraph, title: type, owner: 'o', updateCycle: 'DAILY', itemCount: 1 },
      ...{ updatedAt: null, due: null, overdue: null },
    });
    const used = { subgraph: 's', items: [{ coordinate: 'A.x', calls: 1, masked: 0, refused: 0, refusals: [] }] };
    const found = dormantResources([resource('A', 's'), resource('B', 's'), resource('C', 'unknown')], [used]);
    expect(found.map(({ type }) => type)).toEqual(['B']);
  });

  it('lists what is overdue, the longest first, and never what nobody knows', () => {
    const resource = (type: string, overdue: boolean | null, due: string | null) => ({
      ...{ type, overdue, due, updatedAt: due },
      ...{ subgraph: 's', title: type, owner: 'o', updateCycle: 'DAILY', itemCount: 1 },
    });
    const resources = [
      resource('late', true, '2026-11-20T00:00:00Z'),
      resource('fresh', false, '2026-12-20T00:00:00Z'),
      resource('unknown', null, null),
      resource('later', true, '2026-11-01T00:00:00Z'),
    ];
    expect(staleResources(resources).map(({ type }) => type)).toEqual(['later', 'late']);
  });

  it('counts answers by owner, the longest waiting and the days they took', () => {
    const asked = (owner: string, state: string, decidedAt: string | null, requestedAt = '2026-11-01T00:00:00Z') => ({
      ...{ owner, state, decidedAt, requestedAt },
    });
    const answers = answersOf([
      asked('a', 'APPROVED', '2026-11-03T00:00:00Z'),
      asked('a', 'REFUSED', '2026-11-02T00:00:00Z'),
      asked('b', 'PENDING', null, '2026-11-05T00:00:00Z'),
      asked('b', 'PENDING', null, '2026-11-04T00:00:00Z'),
    ]);
    expect(answers).toEqual([
      { owner: 'b', pending: 2, approved: 0, refused: 0, oldest: '2026-11-04T00:00:00Z', meanDays: undefined },
      { owner: 'a', pending: 0, approved: 1, refused: 1, oldest: undefined, meanDays: 1.5 },
    ]);
  });

  it('sums refusals by item and reason', () => {
    const denied = [{ coordinate: 'P.x', reason: 'NO_GRANT' }];
    expect(
      refusalsOf([
        { at: '2', denied },
        { at: '1', denied },
        { at: '3', denied: [] },
      ]),
    ).toEqual([{ coordinate: 'P.x', reason: 'NO_GRANT', count: 2, last: '2' }]);
  });
});

describe('the example query of a resource', () => {
  const scalar = { kind: 'SCALAR', name: 'String' };
  const field = (name: string, type: object = scalar, args: object[] = []) => ({ name, args, type });
  const item = (name: string, access = 'GRANTED') => ({ field: name, mayISee: { access } }) as ResourceItem;
  const schema = (doors: object[]) =>
    ({
      ofType: { fields: [field('name'), field('secret'), field('rows', { kind: 'OBJECT', name: 'Row' })] },
      ofQuery: { fields: doors },
    }) as never;

  it('lists rows with what may be seen of them', () => {
    const door = field('people', { kind: 'OBJECT', name: 'PersonConnection' }, [
      { name: 'first', defaultValue: '20', type: scalar },
    ]);
    const query = exampleQuery('Person', [item('name'), item('secret', 'REFUSED'), item('rows')], schema([door]));
    expect(query?.replace(/\s+/g, ' ')).toBe(
      'query Person { people(first: 5) { edges { node { name } } pageInfo { hasNextPage endCursor } } }',
    );
  });

  it('makes variables of values that have to be given, and is none without a way in', () => {
    const type = { kind: 'NON_NULL', name: null, ofType: scalar };
    const door = field('person', { kind: 'OBJECT', name: 'Person' }, [{ name: 'id', defaultValue: null, type }]);
    expect(exampleQuery('Person', [item('name')], schema([door]))).toBe(
      'query Person($id: String!) {\n  person(id: $id) {\n    name\n  }\n}',
    );
    expect(exampleQuery('Person', [item('name')], schema([]))).toBeUndefined();
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Grant, GrantItem, Use } from '../../sharing/policy/grant.ts';
import { type Reach, reachable } from '../support/reach.ts';
import { sampleArguments } from '../support/sample-arguments.ts';
import { type SeededHub, seededHub } from '../support/seeded-hub.ts';

const CALLER = { department: 'civil-affairs', application: 'relief', purpose: 'low-income-check' };
const USES: readonly Use[] = ['OUTPUT', 'LOOKUP', 'VERIFY', 'FILTER'];

/** What only publishing answers with: mutations, which test/publishing asks by officers with the role. */
const BY_MUTATION_ALONE = [
  ...['Check', 'CompositionProblem', 'Consumer', 'Finding', 'Impact', 'Publication', 'SchemaChange', 'SchemaPlace'],
];

/** Hundreds of requests each; a slow machine must not leave one test running into the next. */
const PATIENCE = { timeout: 240_000 };

let hub: SeededHub;
let reach: (coordinate: string) => Reach | undefined;

// One gateway: what it remembers of one way to the subgraphs, their plans, is what it goes on with by the other.
beforeAll(async () => {
  hub = await seededHub({ persons: 300, listening: true });
  reach = reachable(hub.apiSchema, await sampleArguments(hub, CALLER, () => hub.setGrants(allBut())));
});
afterAll(() => hub.close());

/** A grant for every conditional item, but for some. */
function allBut(...denied: readonly string[]): Partial<Grant>[] {
  const items = [...hub.policy.items.values()]
    .filter((item) => item.class === 'CONDITIONAL' && !denied.includes(item.coordinate))
    .map(({ coordinate }): GrantItem => ({ coordinate, uses: USES }));
  return [{ ...CALLER, items }];
}

describe.each(['local', 'http'] as const)('every field of every subgraph, reached over %s', PATIENCE, (over) => {
  beforeAll(() => hub.reachOver(over));

  /** Every item but mutations. */
  function visible(): string[] {
    const isVisible = (coordinate: string): boolean => {
      const [type = '', field = ''] = coordinate.split('.');
      // What changes something is for roles, not for grants, and must not be tried out.
      if (type === 'Mutation') return false;
      const found = hub.apiSchema.getType(type);
      return found !== undefined && 'getFields' in found && field in found.getFields();
    };
    return [...hub.policy.items.keys()].filter(isVisible).sort();
  }

  /** Every item that queries reach. */
  function shown(): string[] {
    return visible().filter((coordinate) => reach(coordinate)?.byMutation !== true);
  }

  it('knows a way to each of them, a query except to what publishing alone answers with', () => {
    expect(shown().length).toBeGreaterThan(250);
    expect(visible().filter((coordinate) => reach(coordinate) === undefined)).toEqual([]);
    const typeOf = (coordinate: string): string => coordinate.split('.')[0] ?? '';
    const rest = visible().filter((coordinate) => reach(coordinate)?.byMutation);
    expect([...new Set(rest.map(typeOf))]).toEqual(BY_MUTATION_ALONE);
  });

  it('answers each where everything is granted, and records it', async () => {
    hub.setGrants(allBut());
    const failed: unknown[] = [];
    for (const coordinate of shown()) {
      const item = hub.policy.items.get(coordinate);
      const way = reach(coordinate);
      if (!way || item?.class === 'WITHHELD') continue;
      const { status, errors } = await hub.ask(way.query, CALLER);
      const recorded = hub.entries.at(-1)?.items?.allowed ?? [];
      if (status !== 200 || errors || !recorded.includes(coordinate))
        failed.push({ coordinate, query: way.query, errors });
    }
    expect(failed).toEqual([]);
  });

  it('denies or masks each that is conditional where only it is not granted, and does not fetch what it denies', async () => {
    const failed: unknown[] = [];
    for (const coordinate of shown()) {
      const item = hub.policy.items.get(coordinate);
      const way = reach(coordinate);
      if (!way || !item || item.class === 'UNCONDITIONAL') continue;
      hub.setGrants(allBut(coordinate));
      hub.fetches.length = 0;
      const { data, errors, extensions } = await hub.ask(way.query, CALLER);
      const entry = hub.entries.at(-1);
      if (item.mask) {
        const { masked } = (extensions?.['sharing'] ?? {}) as { masked: unknown[] };
        // Birth dates are granted here, which would restore a number of which six and four digits are shown.
        const mask = item.mask === 'RESIDENT_NUMBER' ? 'RESIDENT_REGION' : item.mask;
        const told = masked.some(
          (each) => JSON.stringify(each) === JSON.stringify({ path: way.path, coordinate, mask }),
        );
        if (errors || !told || !entry?.items?.masked.includes(coordinate)) failed.push({ coordinate, errors, masked });
        continue;
      }
      const reason = item.class === 'WITHHELD' ? 'WITHHELD' : 'NO_GRANT';
      const refused = errors?.find(
        ({ extensions: { code, coordinate: named, reason: why } }) =>
          code === 'NOT_SHARED' && named === coordinate && why === reason,
      );
      const isNull = valuesAt(data, way.path).every((value) => value === null);
      const fetched = hub.fetches.some(({ query }) => query.includes('target'));
      const recorded = entry?.items?.denied.some(
        (denied) => denied.coordinate === coordinate && denied.reason === reason,
      );
      const pathIsTold = refused?.path?.join('.') === way.path.slice(0, refused?.path?.length).join('.');
      if (!refused || !isNull || fetched || !recorded || !pathIsTold)
        failed.push({ coordinate, errors, isNull, fetched, recorded });
    }
    expect(failed).toEqual([]);
  });

  it('shows a withheld item to its owner alone', async () => {
    hub.setGrants(allBut());
    const way = reach('Person.fingerprintCode');
    const own = await hub.ask(way?.query ?? '', { ...CALLER, department: 'public-security' });
    expect(own.errors).toBeUndefined();
    const others = await hub.ask(way?.query ?? '', CALLER);
    expect(others.errors?.[0]?.extensions).toMatchObject({ coordinate: 'Person.fingerprintCode', reason: 'WITHHELD' });
  });

  it('denies what mutations alone reach to whom they are not for, and asks no subgraph', async () => {
    hub.setGrants(allBut());
    hub.fetches.length = 0;
    for (const coordinate of visible().filter((each) => reach(each)?.byMutation)) {
      const way = reach(coordinate);
      const { data, errors } = await hub.ask(way?.query ?? '', CALLER);
      const mutation = way?.coordinates[0];
      expect([coordinate, valuesAt(data, way?.path ?? [])]).toEqual([coordinate, [null]]);
      expect(errors?.[0]?.extensions).toMatchObject({ coordinate: mutation, reason: 'NOT_AN_ACTOR' });
      expect(hub.entries.at(-1)?.items).toMatchObject({ allowed: [], denied: [{ coordinate: mutation }] });
    }
    expect(hub.fetches).toEqual([]);
  });

  it('answers nobody without a token, and fetches nothing', async () => {
    hub.fetches.length = 0;
    for (const coordinate of visible()) {
      const way = reach(coordinate);
      const { status, data } = await hub.ask(way?.query ?? '', undefined);
      expect([coordinate, status, data]).toEqual([coordinate, 401, undefined]);
    }
    expect(hub.fetches).toEqual([]);
  });
});

/** The values at a response path, lists entered; missing steps give null. */
function valuesAt(data: unknown, path: readonly string[]): unknown[] {
  if (Array.isArray(data)) return data.flatMap((item) => valuesAt(item, path));
  const [key, ...rest] = path;
  if (key === undefined || data === null || typeof data !== 'object') return [data ?? null];
  return valuesAt((data as Record<string, unknown>)[key], rest);
}

import { describe, expect, it } from 'vitest';
import type { Limits } from '../../gateway/limit.ts';
import { type SmallHub, type SmallHubOptions, smallHub } from '../support/small-hub.ts';

const people = {
  name: 'people',
  owner: 'public-security',
  sdl: `
    type Query {
      person: Person @sharing(class: UNCONDITIONAL)
      people: [Person] @sharing(class: UNCONDITIONAL)
      page(first: Int = 20): Page @sharing(class: UNCONDITIONAL)
    }
    type Person @sharing(class: UNCONDITIONAL) { id: ID! spouse: Person friends: [Person] }
    type Page @sharing(class: UNCONDITIONAL) { edges: [Edge] totalCount: Int }
    type Edge @sharing(class: UNCONDITIONAL) { node: Person }`,
  resolvers: {
    Query: { person: () => zhang, people: () => [zhang], page: () => ({ edges: [{ node: zhang }], totalCount: 1 }) },
    Person: { spouse: () => zhang, friends: () => [zhang] },
  },
};
const zhang = { id: '1' };
const WIDE: Limits = { maxDepth: 1_000, maxFields: 1_000_000, maxRootFields: 1_000, maxCost: 1e12 };

async function withHub(options: Partial<SmallHubOptions>, use: (hub: SmallHub) => Promise<void>): Promise<void> {
  const hub = await smallHub({ subgraphs: [people], ...options });
  await use(hub);
  await hub.close();
}
const limited = (limits: Partial<Limits>, use: (hub: SmallHub) => Promise<void>): Promise<void> =>
  withHub({ limits: { ...WIDE, ...limits } }, use);

/** Expects the refusal to name the limit, no subgraph to be asked and the request to be on record. */
async function expectRefused(hub: SmallHub, query: string, message: RegExp, variables?: Record<string, unknown>) {
  const before = hub.fetches.length;
  const { status, data, errors } = await hub.ask(query, variables && { variables });
  expect([status, data ?? null]).toEqual([400, null]);
  expect(errors).toMatchObject([{ extensions: { code: 'LIMIT_EXCEEDED' } }]);
  expect(errors?.[0]?.message).toMatch(message);
  expect(hub.fetches).toHaveLength(before);
  expect(hub.entries.at(-1)).toMatchObject({
    kind: 'REQUEST',
    outcome: 'LIMIT',
    operation: { hash: expect.anything() as string },
  });
}
const allowed = async (hub: SmallHub, query: string, variables?: Record<string, unknown>): Promise<void> => {
  const { errors, data } = await hub.ask(query, variables && { variables });
  expect(errors).toBeUndefined();
  expect(data).toBeTruthy();
};

describe('an operation is refused before it is planned', () => {
  it('when it is too deep, in fragments too', () =>
    limited({ maxDepth: 4 }, async (hub) => {
      await allowed(hub, '{ person { spouse { spouse { id } } } }');
      await expectRefused(hub, '{ person { spouse { spouse { spouse { id } } } } }', /depth .* is 5; 4 is the limit/);
      await expectRefused(
        hub,
        '{ person { ...A } } fragment A on Person { spouse { ...B } } fragment B on Person { spouse { ... { spouse { id } } } }',
        /depth/,
      );
    }));

  it('when it has too many fields, aliases and expanded fragments counted', () =>
    limited({ maxFields: 10 }, async (hub) => {
      await allowed(hub, `{ person { ${aliases(9)} } }`);
      await expectRefused(hub, `{ person { ${aliases(10)} } }`, /number of fields .* is 11; 10/);
      await expectRefused(
        hub,
        '{ a: person { ...F } b: person { ...F } } fragment F on Person { a: id b: id c: id d: id e: id }',
        /number of fields .* is 12/,
      );
    }));

  it('when it has too many root fields, behind fragments as well', () =>
    limited({ maxRootFields: 3 }, async (hub) => {
      const roots = (count: number): string =>
        Array.from({ length: count }, (_, i) => `r${i}: person { id }`).join(' ');
      await allowed(hub, `{ ${roots(3)} }`);
      await expectRefused(hub, `{ ${roots(4)} }`, /root fields .* is 4; 3/);
      await expectRefused(hub, `{ ... { ${roots(4)} } }`, /root fields/);
      await expectRefused(hub, `query { ...R } fragment R on Query { ... on Query { ${roots(4)} } }`, /root fields/);
    }));

  it('when it would cost too much, by page sizes in literals, variables, defaults and their product', () =>
    limited({ maxCost: 100 }, async (hub) => {
      await allowed(hub, '{ page(first: 10) { edges { node { id } } } }');
      await expectRefused(hub, '{ page(first: 1000) { edges { node { id } } } }', /cost/);
      await expectRefused(hub, 'query ($n: Int) { page(first: $n) { edges { node { id } } } }', /cost/, { n: 1000 });
      await allowed(hub, 'query ($n: Int) { page(first: $n) { edges { node { id } } } }', { n: 10 });
      await expectRefused(hub, 'query ($n: Int = 1000) { page(first: $n) { edges { node { id } } } }', /cost/);
      await expectRefused(hub, '{ people { friends { friends { id } } } }', /cost/);
    }));

  it('when its fragments expand exponentially, without expanding them', () =>
    limited({}, async (hub) => {
      const levels = 60;
      const fragments = Array.from({ length: levels }, (_, i) =>
        i === levels - 1
          ? `fragment F${i} on Person { id }`
          : `fragment F${i} on Person { a: spouse { ...F${i + 1} } b: spouse { ...F${i + 1} } }`,
      );
      const started = performance.now();
      await expectRefused(hub, `{ person { ...F0 } } ${fragments.join(' ')}`, /number of fields/);
      expect(performance.now() - started).toBeLessThan(2_000);
    }));

  it('when it has more tokens than any sensible document, before it is validated', () =>
    withHub({}, async (hub) => {
      const { status, errors } = await hub.ask(`{ person { ${'id '.repeat(6_000)} } }`);
      expect(status).toBe(400);
      expect(errors?.[0]?.message).toMatch(/token/);
      expect(hub.entries.at(-1)).toMatchObject({ kind: 'REQUEST', outcome: 'INVALID' });
    }));
});

describe('an application that asks too often', () => {
  it('is told to wait and for how long, while others are answered', () =>
    withHub({ rate: { perSecond: 0.1, burst: 2 } }, async (hub) => {
      await allowed(hub, '{ person { id } }');
      await allowed(hub, '{ person { id } }');
      const { status, headers, data, errors } = await hub.ask('{ person { id } }');
      expect([status, data ?? null]).toEqual([429, null]);
      expect(errors?.[0]?.extensions).toEqual({ code: 'RATE_LIMITED', retryAfterSeconds: 10 });
      expect(headers['retry-after']).toBe('10');
      expect(hub.entries.at(-1)).toMatchObject({ outcome: 'LIMIT' });
      expect((await hub.ask('{ person { id } }', { caller: { application: 'another' } })).status).toBe(200);
    }));

  it('is answered again after a while', () =>
    withHub({ rate: { perSecond: 2, burst: 1 } }, async (hub) => {
      await allowed(hub, '{ person { id } }');
      expect((await hub.ask('{ person { id } }')).status).toBe(429);
      await new Promise((resolve) => setTimeout(resolve, 600));
      await allowed(hub, '{ person { id } }');
    }));

  it('counts what is not valid too: refusing it costs time as well', () =>
    withHub({ rate: { perSecond: 0.1, burst: 2 } }, async (hub) => {
      await hub.ask('{ nothing }');
      await hub.ask('{');
      expect((await hub.ask('{ person { id } }')).status).toBe(429);
      expect((await hub.ask('{')).status).toBe(429);
    }));
});

function aliases(count: number): string {
  return Array.from({ length: count }, (_, index) => `a${index}: id`).join(' ');
}

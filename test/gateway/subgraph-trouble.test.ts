import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { fastify } from 'fastify';
import { describe, expect, it } from 'vitest';
import { registerGraphql } from '../../gateway/routes.ts';
import type { SubgraphContext } from '../../lib/subgraph-definition.ts';
import { TransportError } from '../../lib/transport-error.ts';
import type { SubgraphResponse, SubgraphTransport } from '../../lib/transport.ts';
import { type SmallHubOptions, type SmallHub, smallHub } from '../support/small-hub.ts';

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const people = {
  name: 'people',
  owner: 'public-security',
  sdl: `
    type Query { person: Person @sharing(class: UNCONDITIONAL) people: [Person] @sharing(class: UNCONDITIONAL) }
    type Person @key(fields: "ref") { ref: ID! @inaccessible name: String @sharing(class: UNCONDITIONAL) }`,
  resolvers: { Query: { person: () => ({ ref: 'r1', name: '张三' }), people: () => [{ ref: 'r1', name: '张三' }] } },
};

/** The second subgraph, whose one item takes this long. */
const cards = (resolve: (context: SubgraphContext) => unknown) => ({
  name: 'cards',
  owner: 'social-security',
  sdl: `
    type Query { office: String @sharing(class: UNCONDITIONAL) }
    type Person @key(fields: "ref") { ref: ID! @inaccessible card: String @sharing(class: UNCONDITIONAL) }`,
  resolvers: {
    Query: { office: (_: unknown, _args: unknown, context: SubgraphContext) => resolve(context) },
    Person: {
      __resolveReference: (reference: object) => reference,
      card: (_: unknown, _args: unknown, context: SubgraphContext) => resolve(context),
    },
  },
});

const broken = (send: SubgraphTransport['send']): SubgraphTransport => ({
  send,
  freshness: () => Promise.resolve({}),
  ready: () => Promise.resolve(false),
  close: () => Promise.resolve(),
});
const answering = (response: SubgraphResponse): SubgraphTransport => broken(() => Promise.resolve(response));

const openHub = (options: Partial<SmallHubOptions>, resolve: (context: SubgraphContext) => unknown = () => 'C-1') =>
  smallHub({ subgraphs: [people, cards(resolve)], ...options });

const QUERY = '{ person { name card } office }';

describe('a subgraph in trouble costs its own fields only', () => {
  it('when it is dead', async () => {
    const dead = broken(() => Promise.reject(new TransportError('unreachable', 'cards')));
    const hub = await openHub({ transports: { cards: dead } });
    const { status, data, errors } = await hub.ask(QUERY);
    expect(status).toBe(200);
    expect(data).toEqual({ person: { name: '张三', card: null }, office: null });
    expect(errors?.map(({ path, extensions }) => [path, extensions['code'], extensions['subgraph']])).toEqual([
      [['office'], 'SUBGRAPH_UNAVAILABLE', 'cards'],
      [['person', 'card'], 'SUBGRAPH_UNAVAILABLE', 'cards'],
    ]);
    expect(hub.entries.at(-1)).toMatchObject({ outcome: 'PARTIAL' });
    await hub.close();
  });

  it('when it answers with an error whose text may hold anything: the text stays inside', async () => {
    const hub = await openHub({
      transports: { cards: answering({ data: null, errors: [{ message: 'duplicate key 11010519491231002X' }] }) },
    });
    const { data, errors } = await hub.ask(QUERY);
    expect(data).toEqual({ person: { name: '张三', card: null }, office: null });
    expect(errors?.[0]?.extensions).toEqual({ code: 'SUBGRAPH_ERROR', subgraph: 'cards' });
    expect(JSON.stringify([errors, hub.entries])).not.toContain('11010519491231002X');
    await hub.close();
  });

  it('when a resolver throws: the item is null, the others of the same fetch are there', async () => {
    const hub = await openHub({}, () => {
      throw new Error('disk full: 张三');
    });
    const { data, errors } = await hub.ask(QUERY);
    expect(data).toEqual({ person: { name: '张三', card: null }, office: null });
    expect(errors?.map(({ path }) => path)).toEqual([['office'], ['person', 'card']]);
    expect(JSON.stringify(errors)).not.toContain('disk full');
    await hub.close();
  });

  it.each([
    ['nothing', {}],
    ['null', { _entities: null }],
    ['fewer', { _entities: [] }],
    ['more', { _entities: [{ card: 'a' }, { card: 'b' }] }],
    ['something else', { _entities: { card: 'a' } }],
  ])('when it answers %s where a value is promised', async (_what, data) => {
    const hub = await openHub({ transports: { cards: answering({ data }) } });
    const { data: shown, errors } = await hub.ask('{ people { name card } }');
    expect(shown).toEqual({ people: [{ name: '张三', card: null }] });
    expect(errors).toMatchObject([
      { path: ['people', 'card'], extensions: { code: 'SUBGRAPH_ERROR', subgraph: 'cards' } },
    ]);
    expect(hub.entries.at(-1)).toMatchObject({ outcome: 'PARTIAL' });
    await hub.close();
  });

  it.each([
    ['when it does not answer in time', { subgraphTimeoutMs: 500 }],
    ['when all of them together take longer than a request may', { requestTimeoutMs: 500 }],
  ])('%s: what came in time is answered, no later than the deadline', async (_when, timeouts) => {
    let slow = false;
    const hub = await openHub(timeouts, () => (slow ? wait(10_000) : 'C-1'));
    expect((await hub.ask(QUERY)).data).toEqual({ person: { name: '张三', card: 'C-1' }, office: 'C-1' });
    slow = true;
    const started = performance.now();
    const { data, errors } = await hub.ask(QUERY);
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(data).toEqual({ person: { name: '张三', card: null }, office: null });
    expect(new Set(errors?.map(({ extensions }) => extensions['code']))).toEqual(new Set(['SUBGRAPH_TIMEOUT']));
    expect(hub.entries.at(-1)).toMatchObject({ outcome: 'TIMEOUT' });
    await hub.close();
  });

  it('and is asked again by the next request', async () => {
    let calls = 0;
    const hub = await openHub({}, () => {
      calls += 1;
      if (calls === 1) throw new Error('once');
      return 'C-1';
    });
    expect((await hub.ask('{ office }')).data).toEqual({ office: null });
    expect((await hub.ask('{ office }')).data).toEqual({ office: 'C-1' });
    await hub.close();
  });
});

describe('a caller who has gone', () => {
  /** Serves the hub over HTTP, lets `leave` hang up once the subgraph was asked, and gives the entry that was made. */
  async function entryAfter(
    leave: (socket: ReturnType<typeof connect>) => void,
  ): Promise<{ hub: SmallHub; aborted: boolean }> {
    let aborted = false;
    let asked: () => void;
    const reached = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const hub = await openHub({}, async ({ signal }) => {
      asked();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      aborted = true;
    });
    const app = fastify();
    registerGraphql(app, hub.gateway);
    await app.listen({ host: '127.0.0.1', port: 0 });
    const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
    await once(socket, 'connect');
    const body = JSON.stringify({ query: '{ office }' });
    socket.write(
      `POST /graphql HTTP/1.1\r\nHost: hub\r\nContent-Type: application/json\r\nAuthorization: Bearer ${await hub.token({})}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    await reached;
    leave(socket);
    for (let tries = 0; hub.entries.length === 0 && tries < 100; tries++) await wait(20);
    await app.close();
    return { hub, aborted };
  }

  it('is not worked for any longer, in the subgraph neither, and the request is on record', async () => {
    const { hub, aborted } = await entryAfter((socket) => socket.destroy());
    expect(aborted).toBe(true);
    expect(hub.entries).toMatchObject([
      { kind: 'REQUEST', outcome: 'CANCELLED', operation: { text: '{\n  office\n}' } },
    ]);
    await hub.close();
  });
});

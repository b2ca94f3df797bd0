import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localTransport } from '../../lib/local-transport.ts';
import { variablesHash } from '../../lib/signed-context.ts';
import type { SubgraphRequest } from '../../lib/transport.ts';
import { type SmallHub, smallHub } from '../support/small-hub.ts';
import { direct } from './support.ts';

/* Class 4: who copied a context from a connection sends it again within its seconds. */
const done: string[] = [];
/** What an attacker sees on the connection. */
const sent: SubgraphRequest[] = [];
const desk = {
  name: 'desk',
  owner: 'public-security',
  sdl: `type Query { last: String @sharing(class: UNCONDITIONAL) }
    type Mutation { close(case: ID!): String @actor(roles: ["officer"]) }`,
  resolvers: {
    Query: { last: () => done.at(-1) },
    Mutation: {
      close: (_: unknown, { case: id }: { case: string }) => {
        done.push(id);
        return id;
      },
    },
  },
};
const mutation = 'mutation ($case: ID!) { close(case: $case) }';
const caller = { roles: ['officer'] };

let hub: SmallHub;
beforeAll(async () => {
  hub = await smallHub({
    subgraphs: [desk],
    transportTo: (server) => {
      const transport = localTransport(server);
      const send: typeof transport.send = (request) => {
        sent.push(request);
        return transport.send(request);
      };
      return Promise.resolve({ ...transport, send });
    },
  });
});
afterAll(() => hub.close());

/** What the gateway sent for one mutation. */
async function copied() {
  const { data } = await hub.ask(mutation, { variables: { case: 'mine' }, caller });
  expect(data).toEqual({ close: 'mine' });
  const { query, variables, context = '' } = sent.at(-1) ?? {};
  return { query: query ?? '', variables: variables ?? {}, token: context };
}

describe('the copied context of a mutation', () => {
  it('names the values it was sent with, that of a query none', async () => {
    const { token, variables } = await copied();
    expect(decodeJwt(token)['variables']).toBe(variablesHash(variables));
    await hub.ask('{ last }');
    expect(decodeJwt(sent.at(-1)?.context ?? '')).not.toHaveProperty('variables');
  });

  it('does nothing with other values, which one without the claim does', async () => {
    const { query, variables, token } = await copied();
    const [name = ''] = Object.keys(variables);
    const others = { query, variables: { [name]: 'yours' } };
    expect(await direct(hub, desk, { ...others, token })).toMatchObject({ codes: ['NOT_PERMITTED'] });
    expect(done).not.toContain('yours');
    const asked = { asked: ['Mutation.close'] };
    expect((await direct(hub, desk, { ...others, context: asked })).codes).toEqual([]);
    expect(done).toContain('yours');
  });

  it('is not taken for another one that is under way', async () => {
    const before = done.length;
    const both = await Promise.all(['a', 'b'].map((each) => hub.ask(mutation, { variables: { case: each }, caller })));
    expect(both.map(({ data }) => data)).toEqual([{ close: 'a' }, { close: 'b' }]);
    expect(done.slice(before).sort()).toEqual(['a', 'b']);
  });
});

import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { smallHub } from '../support/small-hub.ts';

let done: string[] = [];
const act = (what: string) => (): object => {
  done.push(what);
  return { person: { id: '1', phone: '13800000000', secret: 's' }, note: what };
};

const people = {
  name: 'people',
  owner: 'public-security',
  sdl: `
    type Query { ping: String @sharing(class: UNCONDITIONAL) }
    type Mutation {
      correct(id: ID!): Result @actor(roles: ["reviewer", "owner"])
      open(id: ID!): Result @sharing(class: UNCONDITIONAL)
      tell(id: ID!): Strict @actor(roles: ["reviewer"])
    }
    type Result @sharing(class: UNCONDITIONAL) { person: Person note: String }
    type Strict @sharing(class: UNCONDITIONAL) { person: StrictPerson! }
    type StrictPerson { secret: String! @sharing(class: CONDITIONAL) }
    type Person { id: ID! @sharing(class: UNCONDITIONAL) phone: String @sharing(class: CONDITIONAL) }`,
  resolvers: { Mutation: { correct: act('correct'), open: act('open'), tell: act('tell') } },
};

const hub = await smallHub({ subgraphs: [people] });
const reviewer = { roles: ['reviewer'] };
beforeEach(() => {
  done = [];
});
afterAll(() => hub.close());

describe('who may act', () => {
  it('denies a mutation to a caller without its role, before its department is asked', async () => {
    for (const roles of [[], ['auditor'], ['Reviewer'.toLowerCase() + '-x']]) {
      const { data, errors } = await hub.ask('mutation { correct(id: 1) { note } }', { caller: { roles } });
      expect(data).toEqual({ correct: null });
      expect(errors?.[0]?.extensions).toMatchObject({
        coordinate: 'Mutation.correct',
        use: 'WRITE',
        reason: 'NOT_AN_ACTOR',
      });
    }
    expect([done, hub.fetches]).toEqual([[], []]);
    expect(hub.entries.at(-1)).toMatchObject({
      outcome: 'REFUSED',
      items: { allowed: [], denied: [{ coordinate: 'Mutation.correct', reason: 'NOT_AN_ACTOR' }] },
    });
  });

  it('denies one that names no role to everybody, whatever it says of sharing', async () => {
    const { data, errors } = await hub.ask('mutation { open(id: 1) { note } }', {
      caller: { roles: ['reviewer', 'owner'] },
    });
    expect(data).toEqual({ open: null });
    expect(errors?.[0]?.extensions['reason']).toBe('NOT_AN_ACTOR');
    expect(done).toEqual([]);
  });

  it('lets a role act once per request and records it', async () => {
    const { data, errors } = await hub.ask('mutation { correct(id: 1) { note } }', { caller: reviewer });
    expect([errors, data]).toEqual([undefined, { correct: { note: 'correct' } }]);
    expect(done).toEqual(['correct']);
    expect(hub.entries.at(-1)).toMatchObject({
      outcome: 'ANSWERED',
      items: { allowed: ['Mutation.correct', 'Result.note'] },
    });
  });

  it('carries out what is allowed where another mutation beside it is denied', async () => {
    const { data } = await hub.ask('mutation { correct(id: 1) { note } open(id: 1) { note } }', { caller: reviewer });
    expect(data).toEqual({ correct: { note: 'correct' }, open: null });
    expect(done).toEqual(['correct']);
  });
});

describe('what a mutation answers', () => {
  it('is decided like any other answer: a role is no right to read', async () => {
    const { data, errors } = await hub.ask('mutation { correct(id: 1) { person { id phone } } }', { caller: reviewer });
    expect(data).toEqual({ correct: { person: { id: '1', phone: null } } });
    expect(errors?.[0]?.extensions).toMatchObject({ coordinate: 'Person.phone', use: 'OUTPUT', reason: 'NO_GRANT' });
    expect(hub.fetches.at(-1)?.query).not.toContain('phone');
  });

  it('may be nothing at all, and the action is still carried out', async () => {
    const { data } = await hub.ask('mutation { correct(id: 1) { person { phone } } }', { caller: reviewer });
    expect(data).toEqual({ correct: { person: { phone: null } } });
    expect(done).toEqual(['correct']);
  });

  it('keeps an action from being carried out whose answer could not be given at all', async () => {
    const { data, errors } = await hub.ask('mutation { tell(id: 1) { person { secret } } }', { caller: reviewer });
    expect(data).toEqual({ tell: null });
    expect(errors?.[0]).toMatchObject({ path: ['tell'], extensions: { coordinate: 'StrictPerson.secret' } });
    expect(done).toEqual([]);
  });
});

describe('how it is sent', () => {
  it('refuses a mutation by GET', async () => {
    const search = `?query=${encodeURIComponent('mutation { correct(id: 1) { note } }')}`;
    const { status } = await hub.ask('', { method: 'GET', search, body: undefined, caller: reviewer });
    expect(status).toBe(405);
    expect(done).toEqual([]);
    expect(hub.entries.at(-1)).toMatchObject({ kind: 'REQUEST', outcome: 'INVALID' });
  });

  it('carries out no mutation of a document that asks for another operation', async () => {
    const body = { query: 'query Q { ping } mutation M { correct(id: 1) { note } }', operationName: 'Q' };
    expect((await hub.ask('', { body, caller: reviewer })).status).toBe(200);
    expect(done).toEqual([]);
  });

  it('does not let a role be claimed in the request instead of the token', async () => {
    const body = { query: 'mutation { correct(id: 1) { note } }', extensions: { roles: ['reviewer'] } };
    await hub.ask('', { body, headers: { 'shuniu-roles': 'reviewer', roles: 'reviewer' } });
    expect(done).toEqual([]);
  });
});

describe('an action that takes longer than a question may', () => {
  const SHORT = { requestTimeoutMs: 300, subgraphTimeoutMs: 300 };
  const slowly = async (): Promise<object> => {
    await sleep(900);
    return act('correct')();
  };
  const slow = {
    ...people,
    resolvers: { Query: { ping: () => sleep(900, 'pong') }, Mutation: { correct: slowly } },
  };
  const CORRECT = 'mutation { correct(id: 1) { note } }';

  it('is waited for, and a question is not', async () => {
    const patient = await smallHub({ subgraphs: [slow], ...SHORT, actionTimeoutMs: 60_000 });
    expect((await patient.ask(CORRECT, { caller: reviewer })).data).toEqual({ correct: { note: 'correct' } });
    const { data, errors } = await patient.ask('{ ping }', { caller: reviewer });
    expect([data, errors?.[0]?.extensions['code']]).toEqual([{ ping: null }, 'SUBGRAPH_TIMEOUT']);
    await patient.close();
  });

  it('is not waited for without end', async () => {
    const hasty = await smallHub({ subgraphs: [slow], ...SHORT, actionTimeoutMs: 300 });
    const { errors } = await hasty.ask(CORRECT, { caller: reviewer });
    expect(errors?.[0]?.extensions['code']).toBe('SUBGRAPH_TIMEOUT');
    await hasty.close();
  });

  it('ends where the caller has gone', async () => {
    const patient = await smallHub({ subgraphs: [slow], ...SHORT, actionTimeoutMs: 60_000 });
    const gone = new AbortController();
    const asked = patient.ask(CORRECT, { caller: reviewer, signal: gone.signal });
    await sleep(100);
    gone.abort();
    await asked;
    expect(patient.entries.at(-1)).toMatchObject({ outcome: 'CANCELLED' });
    await patient.close();
  });
});

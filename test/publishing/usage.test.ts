import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditRecord } from '../../sharing/store/models.ts';
import { usageCollections } from '../../sharing/store/usage-collections.ts';
import { CONSUMER, OPERATOR, type PublishingHub, publishingHub, PUBLISHER, SECOND } from '../support/publishing-hub.ts';
import { hubHere } from '../cli/hub-command.ts';
import { changed, people, WITH_NICKNAME } from './people.ts';

const DAY_MS = 86_400_000;
const OLD = changed('education: String', 'education: String @deprecated(reason: "ask education")', WITH_NICKNAME);
/** As exchange has it too. */
const PAGES = `
"A page."
type PageInfo @shareable @sharing(class: UNCONDITIONAL) {
  "Whether further rows follow."
  hasNextPage: Boolean!
  "The place of the last row."
  endCursor: String
}
`;

let hub: PublishingHub;
beforeAll(async () => {
  hub = await publishingHub([{ ...people, sdl: `${OLD}${PAGES}` }]);
  for (let call = 0; call < 3; call += 1) await hub.ask('{ people { name education } }', CONSUMER);
  await hub.ask('query Phones { people { phone record } }', CONSUMER);
  await hub.ask('{ people { id } }', { ...CONSUMER, department: 'education', application: 'schools' });
}, 60_000);
afterAll(() => hub.close());

const FIELDS = `subgraph owner calls
  consumers { department application purpose calls masked refused rows }
  items { coordinate calls masked refused refusals { reason calls } consumers { application calls masked refused } }
  deprecated { coordinate deprecated consumers { department } } unused { coordinate }
  operations { name text calls meanMs maxMs consumers { application calls } }`;

const ago = (ms: number): string => new Date(Date.now() - ms).toISOString();
const asked = (claims: Parameters<PublishingHub['ask']>[1], { subgraph = 'people', since = ago(DAY_MS) } = {}) =>
  hub.ask(
    `query ($subgraph: String!, $since: DateTime!) { usage(subgraph: $subgraph, since: $since) { ${FIELDS} } }`,
    claims,
    { subgraph, since },
  );
const entriesOfOwner = () => hub.models.audit.countDocuments({ 'caller.application': 'ci', kind: 'REQUEST' });

describe('the usage of a subgraph', { timeout: 60_000 }, () => {
  it('tells its owner who asked for what, what they were shown, what was refused and why, and is on record', async () => {
    const before = await entriesOfOwner();
    const { data, errors } = await asked(PUBLISHER);
    expect(errors).toBeUndefined();
    expect(await entriesOfOwner()).toBe(before + 1);
    const usage = data?.['usage'] as Record<string, unknown>;
    expect(usage).toMatchObject({ subgraph: 'people', owner: 'public-security', calls: 5 });
    expect(usage['consumers']).toEqual([
      {
        ...{ department: 'civil-affairs', application: 'relief', purpose: 'low-income-check' },
        ...{ calls: 4, masked: 3, refused: 1, rows: 0 },
      },
      {
        ...{ department: 'education', application: 'schools', purpose: 'low-income-check' },
        ...{ calls: 1, masked: 0, refused: 0, rows: 0 },
      },
    ]);
    const items = usage['items'] as { readonly coordinate: string }[];
    expect(items.find(({ coordinate }) => coordinate === 'Person.name')).toEqual({
      ...{ coordinate: 'Person.name', calls: 3, masked: 3, refused: 0, refusals: [] },
      consumers: [{ application: 'relief', calls: 3, masked: 3, refused: 0 }],
    });
    expect(items.find(({ coordinate }) => coordinate === 'Person.phone')).toEqual({
      ...{ coordinate: 'Person.phone', calls: 0, masked: 0, refused: 1, refusals: [{ reason: 'NO_GRANT', calls: 1 }] },
      consumers: [{ application: 'relief', calls: 0, masked: 0, refused: 1 }],
    });
    expect(items.find(({ coordinate }) => coordinate === 'Person.record')).toMatchObject({
      refusals: [{ reason: 'WITHHELD', calls: 1 }],
    });
    expect(usage['unused']).toEqual([{ coordinate: 'Person.nickname' }]);
    expect(usage['deprecated']).toEqual([
      { coordinate: 'Person.education', deprecated: 'ask education', consumers: [{ department: 'civil-affairs' }] },
    ]);
    const operations = usage['operations'] as { readonly name: string | null; readonly meanMs: number }[];
    expect(operations.map(({ meanMs }) => meanMs)).toEqual(
      operations.map(({ meanMs }) => meanMs).sort((one, other) => other - one),
    );
    expect(operations.find(({ name }) => name === 'Phones')).toMatchObject({
      ...{ calls: 1, text: expect.stringContaining('phone') as string },
      consumers: [{ application: 'relief', calls: 1 }],
    });
  });

  it('is nobody’s where several subgraphs give a value alike: whoever turns pages has not asked whose page it is', async () => {
    const { errors } = await hub.ask('{ grants(first: 1) { pageInfo { hasNextPage } } }', CONSUMER);
    expect(errors).toBeUndefined();
    const [own, other] = await Promise.all([asked(OPERATOR, { subgraph: 'exchange' }), asked(OPERATOR)]);
    for (const { data } of [own, other]) expect(JSON.stringify(data?.['usage'])).not.toContain('PageInfo');
    expect(JSON.stringify(own.data?.['usage'])).toContain('Query.grants');
    expect(other.data?.['usage']).toMatchObject({ calls: 5 });
  });

  it('is told to who runs the hub and to auditors, and to no other department: not even whether there is such a subgraph', async () => {
    expect((await asked(OPERATOR)).data?.['usage']).toMatchObject({ calls: 5 });
    const auditor = { ...CONSUMER, department: 'audit-office', roles: ['auditor'] };
    expect((await asked(auditor)).data?.['usage']).toMatchObject({ calls: 5 });
    const consumer = await asked(CONSUMER);
    expect(consumer.data?.['usage'] ?? null).toBeNull();
    expect(consumer.errors?.[0]?.extensions['code']).toBe('NOT_FOUND');
    const none = await asked(CONSUMER, { subgraph: 'nothing' });
    expect(none.errors?.[0]?.message).toBe(consumer.errors?.[0]?.message);
    const bureau = await asked({ ...OPERATOR, roles: [] });
    expect(bureau.errors?.[0]?.extensions['code']).toBe('NOT_FOUND');
  });

  it('refuses a time that lies ahead or too far back', async () => {
    for (const since of [ago(-DAY_MS), ago(367 * DAY_MS)]) {
      const { errors } = await asked(PUBLISHER, { since });
      expect(errors?.[0]?.message).toMatch(/^since: /);
    }
  });

  it('is printed by hub usage as tables, or whole as JSON; a time it cannot read is wrong usage', async () => {
    const serving = (claims: Parameters<PublishingHub['ask']>[1]) =>
      createServer((request, response) => {
        void (json(request) as Promise<{ query: string; variables: Record<string, unknown> }>)
          .then(({ query, variables }) => hub.ask(query, claims, variables))
          .then((answer) => response.setHeader('content-type', 'application/json').end(JSON.stringify(answer)));
      }).listen(0, '127.0.0.1');
    const servers = [serving(PUBLISHER), serving(CONSUMER)];
    await Promise.all(servers.map((server) => once(server, 'listening')));
    const [own, foreign] = servers.map(
      (server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    );
    const run = (url = '', ...more: string[]) =>
      hubHere(['usage', 'people', '--url', url, ...more], { HUB_TOKEN: 'a.b.c' });

    const tables = await run(own, '--since', '12h');
    expect(tables).toMatchObject({ code: 0, stderr: '' });
    expect(tables.stdout).toMatch(/^people of public-security, .* UTC: 5 calls$/m);
    expect(tables.stdout).toMatch(/^civil-affairs +relief +low-income-check +4 +0 +3 +1 /m);
    expect(tables.stdout).toMatch(/^Person\.phone +0 +1 +NO_GRANT 1 +civil-affairs\/relief$/m);
    expect(tables.stdout).toMatch(/^Person\.education +3 +civil-affairs\/relief +ask education$/m);
    expect(tables.stdout).toMatch(/Asked for by nobody\nITEM +CLASS\nPerson\.nickname +CONDITIONAL$/m);
    expect((await run(own, '--top', '1')).stdout).toContain('… and ');
    expect(JSON.parse((await run(own, '--json')).stdout)).toMatchObject({ subgraph: 'people', calls: 5 });

    const refused = await run(foreign);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('subgraph: none of this name');
    for (const since of ['0d', 'yesterday']) expect(await run(own, '--since', since)).toMatchObject({ code: 2 });
    for (const server of servers) server.close();
  });

  it('says the same once the calls were rolled up, and a check goes by it', async () => {
    const audit = hub.models.audit.db.collection<AuditRecord>('auditEntries');
    const entries = await audit.find().toArray();
    for (const { _id, at } of entries)
      await audit.updateOne({ _id }, { $set: { at: new Date(at.getTime() - 3 * DAY_MS) } });
    const days = { since: ago(4 * DAY_MS) };
    const before = (await asked(SECOND, days)).data?.['usage'] as Record<string, unknown>;
    const { hours, records } = usageCollections(hub.models);
    expect(await hours.countDocuments()).toBeGreaterThan(0);
    expect(await records.countDocuments()).toBeGreaterThan(0);
    await audit.updateMany({ _id: { $in: entries.map(({ _id }) => _id) } }, { $unset: { items: '' } });
    const after = (await asked(SECOND, days)).data?.['usage'] as Record<string, unknown>;
    expect(after['consumers']).toEqual(before['consumers']);
    expect(after['items']).toEqual(before['items']);

    const without = changed(
      '  "Their highest degree."\n  education: String',
      '  "No more."\n  school: String',
      WITH_NICKNAME,
    );
    const { published } = await hub.publish(without);
    expect(published).toMatchObject({ outcome: 'BREAKING', check: { problems: [] } });
    const consumers = published.check?.impacts.flatMap((impact) => impact.consumers);
    expect(consumers).toContainEqual({ department: 'civil-affairs', application: 'relief', calls: 3 });
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PagesHub, pagesHub } from './pages-hub.ts';
import { type Visitor, visitor } from './visitor.ts';

let hub: PagesHub;
const people = new Map<string, Visitor>();
const EVIL = `<script>alert(1)</script>"'><img src=x onerror=alert(2)>`;

beforeAll(async () => {
  hub = await pagesHub();
  for (const person of ['leader', 'civil-affairs', 'public-security', 'operator', 'auditor']) {
    const who = visitor(hub.origin);
    await who.signIn(person);
    people.set(person, who);
  }
});
afterAll(() => hub.close());

function as(person: string): Visitor {
  const who = people.get(person);
  if (!who) throw new Error(`nobody is ${person}`);
  return who;
}

/** Asks the endpoint itself, with the token of the same session, through the query desk. */
async function ask(who: Visitor, query: string): Promise<{ data: Record<string, unknown> | null; errors?: object[] }> {
  const response = await fetch(`${hub.origin}/graphiql/ask`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      origin: hub.origin,
      cookie: [...who.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
    },
    body: JSON.stringify({ query }),
  });
  return (await response.json()) as { data: Record<string, unknown> | null };
}

const problem = (text: string): string | undefined => /data-problem="(\w+)"/.exec(text)?.[1];

describe('the catalogue', () => {
  it('shows every resource the endpoint knows', async () => {
    const { data } = await ask(as('civil-affairs'), '{ resources(first: 200) { edges { node { type title } } } }');
    const { edges } = data?.['resources'] as { edges: { node: { type: string; title: string } }[] };
    const { text } = await as('civil-affairs').get('/catalogue');
    expect(edges.length).toBeGreaterThan(10);
    for (const { node } of edges) {
      expect(text).toContain(`/catalogue/resource?type=${node.type}`);
      expect(text).toContain(node.title);
    }
  });

  it('finds resources and items by Chinese words, and keeps what was searched', async () => {
    const { text } = await as('civil-affairs').get(`/catalogue?search=${encodeURIComponent('法人')}`);
    expect(text).toContain('value="法人"');
    expect(text).toContain('/catalogue/resource?type=LegalPerson');
    expect(text).not.toContain('type=Parcel"');
    const owned = await as('civil-affairs').get('/catalogue?owner=natural-resources');
    expect(owned.text).toMatch(/<option value="natural-resources" selected>自然资源局/);
    expect(owned.text).toContain('type=Parcel"');
    expect(owned.text).not.toContain('type=LegalPerson"');
    const evil = await as('civil-affairs').get(`/catalogue?search=${encodeURIComponent(EVIL)}`);
    expect(evil.text).not.toContain('<script>alert');
    expect(evil.text).not.toContain('<img src=x');
  });

  it('says of each item who may see it and whether I may, as the endpoint decides for me', async () => {
    const seen = async (person: string) => {
      const { text } = await as(person).get('/catalogue/resource?type=Person');
      return (field: string): string => new RegExp(`<code>${field}</code>[\\s\\S]*?</tr>`).exec(text)?.[0] ?? '';
    };
    const [civil, owner] = [await seen('civil-affairs'), await seen('public-security')];
    expect(civil('sex')).toContain('已授权');
    expect(civil('education')).toContain('没有授权');
    expect(civil('fingerprintCode')).toContain('依法不予共享');
    expect(civil('education')).toContain('value="Person.education:OUTPUT"');
    // What is one's own is not asked for.
    expect(owner('education')).not.toContain('type="checkbox"');
  });

  it('leads to a ready query, which the endpoint answers', async () => {
    const { text } = await as('civil-affairs').get('/catalogue/resource?type=Purpose');
    expect(problem(text)).toBe('NOT_FOUND');
    const page = await as('auditor').get('/catalogue/resource?type=Release');
    const query = decodeURIComponent(/href="\/graphiql\?query=([^"]+)"/.exec(page.text)?.[1] ?? '');
    expect(query).toMatch(/^query Release \{\n {2}releases\(first: 5\)/);
    const answer = await ask(as('auditor'), query);
    expect(answer.errors).toBeUndefined();
    expect(answer.data?.['releases']).toMatchObject({ edges: [{ node: { number: 1 } }] });
  });
});

describe('a request for sharing', () => {
  const form = {
    item: 'Person.education:OUTPUT',
    purpose: 'low-income-check',
    divisions: '532301 532302',
    days: '30',
    rows: '100',
  };

  it('goes from the catalogue to its owner, who approves it, and back to who asked; nothing in it is run', async () => {
    const [civil, police] = [as('civil-affairs'), as('public-security')];
    const filled = await civil.get('/catalogue/request?item=Person.education:OUTPUT');
    expect(filled.text).toContain('value="Person.education:OUTPUT"');
    const sent = await civil.post('/catalogue/request', { ...form, basis: EVIL });
    expect([sent.status, sent.location]).toEqual([303, '/access?asked=1']);

    const waiting = await police.get('/owner');
    expect(waiting.text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(waiting.text).not.toContain('<script>alert');
    const id = /name="id" value="([^"]+)"[\s\S]*?name="decide" value="approve"/.exec(waiting.text)?.[1] ?? '';
    const done = await police.post('/owner', { id, decide: 'approve', reason: EVIL });
    expect([done.status, done.location]).toEqual([303, '/owner?done=1']);

    const access = await civil.get('/access');
    expect(access.text).toContain('已同意');
    expect(access.text).not.toContain('<script>alert');
    expect(access.text).toMatch(/0 \/ 100/);
    const item = await civil.get('/catalogue/resource?type=Person');
    expect(/<code>education<\/code>[\s\S]*?<\/tr>/.exec(item.text)?.[0]).toContain('已授权');
  });

  it('is refused in the words of the endpoint, with what was filled in kept', async () => {
    const seen = await as('civil-affairs').post('/catalogue/request', {
      ...form,
      basis: '---',
      divisions: '999999',
      days: '',
    });
    expect(seen.status).toBe(422);
    expect(seen.text).toContain('basis: says nothing.');
    expect(seen.text).toContain('value="999999"');
    expect(seen.text).toMatch(/value="Person.education:OUTPUT"\s+checked/);
  });

  it('cannot be made by who may not ask, nor decided by who is not its owner', async () => {
    const auditor = await as('auditor').post('/catalogue/request', { ...form, basis: '审计法' });
    expect(auditor.status).toBe(422);
    await as('civil-affairs').get('/catalogue/request?item=Person.education:OUTPUT');
    await as('civil-affairs').post('/catalogue/request', { ...form, basis: '社会救助暂行办法' });
    const { data } = await ask(as('auditor'), '{ requests(state: PENDING) { edges { node { id } } } }');
    const { edges } = data?.['requests'] as { edges: { node: { id: string } }[] };
    const id = edges[0]?.node.id ?? '';
    for (const person of ['civil-affairs', 'auditor', 'operator']) {
      await as(person).get('/owner');
      const seen = await as(person).post('/owner', { id, decide: 'approve' });
      expect([seen.status, seen.location]).toEqual([422, '']);
      expect((await as(person).post('/owner', { id, decide: 'everything' })).status).toBe(403);
    }
    await as('public-security').get('/owner');
    const refused = await as('public-security').post('/owner', { id, decide: 'refuse', reason: '超出使用目的' });
    expect(refused.status).toBe(303);
    expect((await as('civil-affairs').get('/access')).text).toContain('超出使用目的');
  });
});

describe('what pages show', () => {
  it('is what the same token is told by the endpoint, and no more', async () => {
    const { data } = await ask(as('auditor'), '{ grants(first: 200) { edges { node { id department owner } } } }');
    const { edges } = data?.['grants'] as { edges: { node: { id: string; department: string; owner: string } }[] };
    const { text } = await as('civil-affairs').get('/access');
    for (const { node } of edges) expect(text.includes(node.id)).toBe(node.department === 'civil-affairs');
    const owner = await as('public-security').get('/owner');
    for (const { node } of edges) expect(owner.text.includes(node.id)).toBe(node.owner === 'public-security');
  });

  it('is recorded like any other question, under the name of who looked', async () => {
    await as('civil-affairs').get('/access');
    const { data } = await ask(
      as('auditor'),
      '{ auditEntries(first: 3) { edges { node { department officer operationName } } } }',
    );
    expect(JSON.stringify(data)).toContain(
      '{"department":"civil-affairs","officer":"李敏","operationName":"MyAccess"}',
    );
  });

  it('to a leader is numbers alone: no catalogue of rows, no grants, no supervision', async () => {
    for (const path of ['/catalogue', '/catalogue/resource?type=Person', '/access', '/owner', '/supervisor']) {
      const seen = await as('leader').get(path);
      expect([seen.status, problem(seen.text)]).toEqual([403, 'NOT_ALLOWED']);
    }
  });

  it('to auditors and who runs the hub is the use of every department; to others nothing', async () => {
    for (const person of ['auditor', 'operator']) {
      const { status, text } = await as(person).get('/supervisor');
      expect(status).toBe(200);
      expect(text).toMatch(/<th scope="row">民政局<\/th>\s*<td class="shade-/);
      expect(text).toContain('>公安局</th>');
    }
    for (const person of ['civil-affairs', 'public-security'])
      expect(problem((await as(person).get('/supervisor')).text)).toBe('NOT_ALLOWED');
  });
});

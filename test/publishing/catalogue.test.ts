import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SubgraphDefinition } from '../../lib/subgraph-definition.ts';
import { storeGrant } from '../../sharing/store/grant-store.ts';
import { CONSUMER, OPERATOR, PUBLISHER, type PublishingHub, publishingHub } from '../support/publishing-hub.ts';

type Claims = Parameters<PublishingHub['ask']>[1];

const SDL = `"人口基础信息, as the register has it."
type Person @key(fields: "id") @resource(code: "307003/000001", title: "人口基础信息", updateCycle: DAILY)
  @sharing(class: UNCONDITIONAL) {
  "Number in the register."
  id: ID!
  "姓名, as called."
  name: String @sharing(class: CONDITIONAL, mask: NAME)
  "手机号码 at which they are called."
  phone: String @sharing(class: CONDITIONAL)
  "犯罪记录."
  record: String @sharing(class: WITHHELD, basis: "监狱法")
  "内部标识: never shown."
  secretRef: ID @inaccessible
  "Their cars."
  cars: [Car]
}

"A car (机动车)."
type Car @key(fields: "plate") @resource(code: "307012/000001", title: "机动车登记信息", updateCycle: REAL_TIME)
  @sharing(class: UNCONDITIONAL) {
  "车牌."
  plate: ID!
}

"绝密: never shown."
type Shadow @inaccessible @resource(code: "307003/000099", title: "绝密档案", updateCycle: DAILY) @sharing(class: UNCONDITIONAL) {
  "绝密."
  id: ID
}

type Query {
  "Everybody."
  people: [Person] @sharing(class: UNCONDITIONAL)
  "绝密."
  shadow: Shadow @inaccessible @sharing(class: UNCONDITIONAL)
}
`;
const NICKNAME = '  "绰号, what the family says."\n  nickname: String @sharing(class: CONDITIONAL)\n';
const WITH_NICKNAME = SDL.replace('  "Their cars."', `${NICKNAME}  "Their cars."`);

const people: SubgraphDefinition = {
  name: 'people',
  owner: 'public-security',
  title: 'People',
  sdl: SDL,
  open: () => ({ loaders: () => ({}), resolvers: { Query: { people: () => [], shadow: () => null } } }),
};

const STRANGER: Claims = { department: 'tax-bureau', application: 'collection', purpose: 'low-income-check' };
const AUDITOR: Claims = { department: 'audit-office', application: 'supervision', roles: ['auditor'] };
const GRANT = {
  ...{ id: 'G-phone', owner: 'public-security', ...CONSUMER, purpose: 'low-income-check', basis: 'a law' },
  items: [{ coordinate: 'Person.phone', uses: ['OUTPUT'] as const }],
  ...{ divisions: ['532300'], validFrom: 0, validUntil: Date.parse('2099-01-01') },
};

let hub: PublishingHub;

beforeAll(async () => {
  hub = await publishingHub([people]);
  await storeGrant(hub.models, GRANT);
}, 60_000);
afterAll(() => hub.close());

async function answered(query: string, claims: Claims = CONSUMER): Promise<Record<string, unknown>> {
  const { data, errors } = await hub.ask(query, claims);
  expect(errors).toBeUndefined();
  return data ?? {};
}

interface List {
  readonly edges: readonly { readonly node: Record<string, unknown> }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
  readonly totalCount: number;
}

async function listed(field: 'items' | 'resources', args: string, claims: Claims = CONSUMER): Promise<string[]> {
  const name = field === 'items' ? 'coordinate' : 'type';
  const data = await answered(`{ ${field}(${args} first: 200) { totalCount edges { node { ${name} } } } }`, claims);
  const { edges, totalCount } = data[field] as List;
  expect(totalCount).toBe(edges.length);
  return edges.map(({ node }) => String(node[name]));
}

const access = async (coordinate: string, claims: Claims = CONSUMER) => {
  const fields = 'mayISee { access mask reason grants onlyCounted until howToApply }';
  const { item } = await answered(`{ item(coordinate: "${coordinate}") { ${fields} } }`, claims);
  return (item as { mayISee: Record<string, unknown> }).mayISee;
};

describe('the catalogue of a hub', { timeout: 60_000 }, () => {
  it('says of a resource what its schema says, with the release that first had it', async () => {
    const { resource } = await answered(`{ resource(code: "307003/000001") {
      type code title owner subgraph updateCycle description rowScoped divisionItem personal itemCount since
      classes { class items } } }`);
    expect(resource).toEqual({
      ...{ type: 'Person', code: '307003/000001', title: '人口基础信息', owner: 'public-security', subgraph: 'people' },
      ...{ updateCycle: 'DAILY', description: '人口基础信息, as the register has it.', since: 1, itemCount: 5 },
      ...{ rowScoped: false, divisionItem: null, personal: false },
      classes: [
        { class: 'UNCONDITIONAL', items: 2 },
        { class: 'CONDITIONAL', items: 2 },
        { class: 'WITHHELD', items: 1 },
      ],
    });
  });

  it('says of an item what can be asked for, and by which law it is withheld', async () => {
    const { item } = await answered(`{ item(coordinate: "Person.record") {
      coordinate type field owner class basis mask personal uses description graphqlType deprecated since } }`);
    expect(item).toEqual({
      ...{ coordinate: 'Person.record', type: 'Person', field: 'record', owner: 'public-security', class: 'WITHHELD' },
      ...{ basis: '监狱法', mask: null, personal: false, uses: ['OUTPUT'], description: '犯罪记录.' },
      ...{ graphqlType: 'String', deprecated: null, since: 1 },
    });
    expect(await answered('{ item(coordinate: "Person.name") { mask } }')).toEqual({ item: { mask: 'NAME' } });
  });

  it('gives the core metadata that schemas know, and null for what none says', async () => {
    const { resource } = await answered(`{ resource(type: "Person") { sinceAt coreMetadata {
      name abstract provider providerCode category { category item subject detail } identifier metadataIdentifier
      releasedAt keywords format sharingClass sharingConditions sharingMethod openToSociety openConditions updateCycle
      related } } }`);
    const { sinceAt, coreMetadata } = resource as { sinceAt: string; coreMetadata: Record<string, unknown> };
    expect(coreMetadata).toEqual({
      ...{ name: '人口基础信息', abstract: '人口基础信息, as the register has it.', provider: 'public-security' },
      ...{ identifier: '307003/000001', metadataIdentifier: 'Person', format: 'JSON', sharingMethod: 'GraphQL' },
      category: { category: '3', item: '07', subject: '003', detail: null },
      ...{ releasedAt: sinceAt, sharingClass: 'CONDITIONAL', updateCycle: 'DAILY', related: ['307012/000001'] },
      ...{ providerCode: null, keywords: null, sharingConditions: null, openToSociety: null, openConditions: null },
    });
    expect(sinceAt).toBe((await hub.models.releases.findById(1).lean())?.at.toISOString());
  });

  it('has its own resources in it, under codes of their own', async () => {
    expect(await listed('resources', 'owner: "data-bureau"')).toEqual(
      expect.arrayContaining(['CatalogueItem', 'CatalogueResource', 'Grant']),
    );
  });

  it('takes the type or the code of a resource, and not both', async () => {
    const { errors } = await hub.ask('{ resource { type } }', CONSUMER);
    expect(errors?.[0]?.message).toContain('give one of them');
    expect((await hub.ask('{ resource(type: "Car", code: "307012/000001") { type } }', CONSUMER)).errors).toHaveLength(
      1,
    );
    expect(await answered('{ resource(type: "Nothing") { type } }')).toEqual({ resource: null });
  });
});

describe('the search of the catalogue', { timeout: 60_000 }, () => {
  it('finds a part of a Chinese title or description, of a code and of a coordinate', async () => {
    expect(await listed('resources', 'search: "动车登记"')).toEqual(['Car']);
    expect(await listed('resources', 'search: "307012/0000"')).toEqual(['Car']);
    expect(await listed('items', 'search: "号码"')).toEqual(['Person.phone']);
    expect(await listed('items', 'search: "绰"')).toEqual([]);
    expect(await listed('items', 'search: "姓"')).toEqual(['Person.name']);
    expect(await listed('items', 'search: "rson.ph"')).toEqual(['Person.phone']);
  });

  it('takes no notice of width, case and spaces', async () => {
    expect(await listed('items', 'search: "ＰＥＲＳＯＮ．ｐｈｏｎｅ"')).toEqual(['Person.phone']);
    expect(await listed('items', 'search: " 手机 号码 "')).toEqual(['Person.phone']);
  });

  it('finds a phrase as it is, not its pairs apart, and not across two texts', async () => {
    expect(await listed('items', 'search: "码手机号"')).toEqual([]);
    expect(await listed('items', 'search: "personphone手机"')).toEqual([]);
  });

  it('narrows by type, class and owner', async () => {
    expect(await listed('items', 'resource: "Person", class: CONDITIONAL')).toEqual(['Person.name', 'Person.phone']);
    expect(await listed('items', 'resource: "Person", owner: "data-bureau"')).toEqual([]);
    expect(await listed('items', 'resource: "Person", search: "number"')).toEqual(['Person.id']);
  });

  it('is no pattern and no operator', async () => {
    for (const pattern of ['.*', '^', 'Car|Person', 'Pers.n', '(xq+)+$', 'p.{1}one', '{"$ne":1}', '$exists'])
      for (const field of ['items', 'resources'] as const) {
        const { data, errors } = await hub.ask(
          `query ($search: String) { ${field}(search: $search) { edges { cursor } } }`,
          CONSUMER,
          { search: pattern },
        );
        const found = (data?.[field] as List | null | undefined)?.edges ?? [];
        expect({ pattern, found }).toEqual({ pattern, found: [] });
        if (errors) expect(errors[0]?.message).toContain('cannot be searched for');
      }
    expect(await listed('items', 'owner: "$ne"')).toEqual([]);
    const operator = { owner: { $ne: '' } };
    const { data, errors } = await hub.ask(
      'query ($owner: String) { items(owner: $owner) { totalCount } }',
      CONSUMER,
      operator,
    );
    expect({ data: data ?? null, message: errors?.[0]?.message }).toMatchObject({
      data: null,
      message: expect.stringContaining('String cannot represent') as string,
    });
    const long = await hub.ask(`{ items(search: "${'长'.repeat(61)}") { totalCount } }`, CONSUMER);
    expect(long.errors?.[0]?.message).toContain('Give 1 to 60');
  });

  it('goes page by page, with cursors of its own', async () => {
    const page = (after?: string) =>
      answered(`{ items(resource: "Person" first: 2 ${after ? `after: "${after}"` : ''}) {
        edges { node { coordinate } } pageInfo { hasNextPage endCursor } } }`);
    const names: unknown[] = [];
    for (let after: string | undefined; ;) {
      const { edges, pageInfo } = (await page(after))['items'] as List;
      names.push(...edges.map(({ node }) => node['coordinate']));
      if (!pageInfo.hasNextPage) break;
      after = pageInfo.endCursor;
    }
    expect(names).toEqual(['cars', 'id', 'name', 'phone', 'record'].map((field) => `Person.${field}`));
    const { resources } = await answered('{ resources(first: 1) { pageInfo { endCursor } } }');
    const { endCursor } = (resources as List).pageInfo;
    const other = await hub.ask(`{ items(after: "${endCursor}") { totalCount edges { cursor } } }`, CONSUMER);
    expect(other.errors?.[0]?.extensions['code']).toBe('BAD_CURSOR');
  });
});

describe('what is inaccessible', { timeout: 60_000 }, () => {
  it('is found by no search, type, code or coordinate', async () => {
    for (const search of ['内部标识', 'secretRef', '绝密', 'Shadow', '307003/000099']) {
      expect(await listed('items', `search: "${search}"`)).toEqual([]);
      expect(await listed('resources', `search: "${search}"`)).toEqual([]);
    }
    expect(
      await answered(`{
        a: item(coordinate: "Person.secretRef") { coordinate } b: resource(type: "Shadow") { type }
        c: resource(code: "307003/000099") { type } d: item(coordinate: "Query.shadow") { coordinate } }`),
    ).toEqual({ a: null, b: null, c: null, d: null });
  });

  it('is in the policy all the same: it is left out, not unknown', async () => {
    const { policy } = (await hub.models.releases.findById(1).lean()) ?? {};
    expect(policy).toContain('Person.secretRef');
    expect(policy).toContain('307003/000099');
  });
});

describe('what a caller may see', { timeout: 60_000 }, () => {
  it('is free where it is shared without conditions, and to its owner', async () => {
    const free = { access: 'FREE', mask: null, reason: null, grants: [], until: null, howToApply: null };
    expect(await access('Person.id')).toMatchObject(free);
    expect(await access('Person.phone', PUBLISHER)).toMatchObject(free);
    expect(await access('Person.record', PUBLISHER)).toMatchObject(free);
  });

  it('is what its own grant covers, until it ends; another application and purpose have none of it', async () => {
    expect(await access('Person.phone')).toEqual({
      ...{ access: 'GRANTED', grants: ['G-phone'], until: '2099-01-01T00:00:00.000Z', onlyCounted: false },
      ...{ mask: null, reason: null, howToApply: null },
    });
    for (const other of [STRANGER, { ...CONSUMER, application: 'other' }, { ...CONSUMER, purpose: 'social-insurance' }])
      expect(await access('Person.phone', other)).toMatchObject({ access: 'REFUSED', reason: 'NO_GRANT', grants: [] });
    const { purpose: _none, ...aimless } = CONSUMER;
    expect(await access('Person.phone', aimless)).toMatchObject({ access: 'REFUSED', reason: 'NO_PURPOSE' });
  });

  it('is the masked value, or nothing, with a way to ask for more', async () => {
    expect(await access('Person.name')).toMatchObject({ access: 'MASKED', mask: 'NAME', reason: null });
    expect(String((await access('Person.name'))['howToApply'])).toContain('requestSharing(input:');
    expect(await access('Person.record')).toMatchObject({ access: 'REFUSED', reason: 'WITHHELD' });
    expect(String((await access('Person.record'))['howToApply'])).toContain('cannot be applied for');
  });

  it('is what the gateway decides', async () => {
    for (const field of ['id', 'name', 'phone', 'record'])
      for (const claims of [CONSUMER, STRANGER, PUBLISHER]) {
        const { errors } = await hub.ask(`{ people { ${field} } }`, claims);
        const { access: told, howToApply } = await access(`Person.${field}`, claims);
        expect([field, told === 'REFUSED']).toEqual([field, errors !== undefined]);
        if (errors) expect(errors[0]?.extensions['howToApply']).toBe(howToApply);
      }
  });

  it('counts the obligation of a grant', async () => {
    await storeGrant(hub.models, {
      ...{ ...GRANT, id: 'G-named', application: 'named', obligations: ['OFFICER_NAMED'] },
    });
    const named = { ...CONSUMER, application: 'named' };
    expect(await access('Person.phone', named)).toMatchObject({ access: 'REFUSED', reason: 'OFFICER_REQUIRED' });
    expect(await access('Person.phone', { ...named, officer: 'wu' })).toMatchObject({ access: 'GRANTED' });
  });
});

describe('the grants on an item', { timeout: 60_000 }, () => {
  const grants = async (claims: Claims, coordinate = 'Person.phone') => {
    const fields = 'grants { totalCount edges { node { id department } } }';
    const { item } = await answered(`{ item(coordinate: "${coordinate}") { ${fields} } }`, claims);
    const { edges, totalCount } = (item as { grants: List }).grants;
    expect(totalCount).toBe(edges.length);
    return edges.map(({ node }) => node['id']);
  };

  it('are shown to who holds them, to its owner, who sees their number, and to auditors; to nobody else', async () => {
    expect(await grants(CONSUMER)).toEqual(['G-named', 'G-phone']);
    expect(await grants(PUBLISHER)).toEqual(['G-named', 'G-phone']);
    expect(await grants(AUDITOR)).toEqual(['G-named', 'G-phone']);
    expect(await grants(STRANGER)).toEqual([]);
    expect(await grants(OPERATOR)).toEqual([]);
    expect(await grants(CONSUMER, 'Person.name')).toEqual([]);
  });

  it('are those that count: not the ended ones, not what another department claims to grant', async () => {
    await storeGrant(hub.models, { ...GRANT, id: 'G-ended', validUntil: Date.now() - 1_000 });
    await storeGrant(hub.models, { ...GRANT, id: 'G-false', owner: 'data-bureau' });
    expect(await grants(CONSUMER)).toEqual(['G-named', 'G-phone']);
    expect(await grants(AUDITOR)).toEqual(['G-named', 'G-phone']);
  });
});

describe('the catalogue over releases', { timeout: 120_000 }, () => {
  const since = async (coordinate: string) => {
    const { item } = await answered(`{ item(coordinate: "${coordinate}") { since } }`);
    return (item as { since: number } | null)?.since;
  };
  const published = async (sdl: string, breaking?: string) => {
    const { published: done } = await hub.publish(sdl, breaking === undefined ? {} : { breaking });
    expect(done.outcome).toBe('RELEASED');
    await expect.poll(() => hub.served(), { timeout: 5_000, interval: 20 }).toBe(done.release?.number);
  };

  it('keeps the release that first had an item, though it goes, comes back and is rolled back', async () => {
    await published(WITH_NICKNAME);
    expect(await since('Person.nickname')).toBe(2);
    expect(await listed('items', 'search: "绰号"')).toEqual(['Person.nickname']);

    await published(SDL, 'nobody needs it');
    expect(await since('Person.nickname')).toBeUndefined();
    expect(await listed('items', 'search: "绰号"')).toEqual([]);

    await published(WITH_NICKNAME);
    expect(await since('Person.nickname')).toBe(2);
    expect(await access('Person.nickname')).toMatchObject({ access: 'REFUSED', reason: 'NO_GRANT' });

    for (const [number, first] of [
      [3, undefined],
      [2, 2],
    ] as const) {
      const before = hub.served();
      const { errors } = await hub.ask(
        'mutation ($number: Int!) { rollBack(number: $number, message: "back") { outcome } }',
        OPERATOR,
        { number },
      );
      expect(errors).toBeUndefined();
      await expect.poll(() => hub.served(), { timeout: 5_000, interval: 20 }).toBe(before + 1);
      expect(await since('Person.nickname')).toBe(first);
      expect(await since('Person.phone')).toBe(1);
    }
  });

  it('follows what the release in force says of an item', async () => {
    expect(await access('Person.phone')).toMatchObject({ access: 'GRANTED' });
    const withheld = 'phone: String @sharing(class: WITHHELD, basis: "a law")';
    await published(WITH_NICKNAME.replace('phone: String @sharing(class: CONDITIONAL)', withheld), 'a new law');
    expect(await answered('{ item(coordinate: "Person.phone") { class basis since } }')).toEqual({
      item: { class: 'WITHHELD', basis: 'a law', since: 1 },
    });
    expect(await access('Person.phone')).toMatchObject({ access: 'REFUSED', reason: 'WITHHELD' });
  });
});

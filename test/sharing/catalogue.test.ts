import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { apiSchemaOf } from '../../schema/api-schema.ts';
import { catalogueOf } from '../../schema/catalogue.ts';
import { catalogueTexts } from '../../schema/catalogue-texts.ts';
import { compose } from '../../schema/compose.ts';
import { policyToJson } from '../../schema/policy-json.ts';
import { readPolicy } from '../../schema/read-policy.ts';
import { findItems, knownCoordinates, replaceCatalogue } from '../../sharing/store/catalogue.ts';
import { readEpoch } from '../../sharing/store/grant-store.ts';
import type { SharingModels } from '../../sharing/store/models.ts';
import { NO_TEXTS, writeCatalogue } from '../support/write-catalogue.ts';
import { openSharingStore, type SharingStore } from '../support/sharing-store.ts';

const people = (extra = '') => ({
  name: 'people',
  owner: 'public-security',
  sdl: `
    type Query {
      person(number: String @reads(items: ["Person.number"], use: LOOKUP)): Person @sharing(class: UNCONDITIONAL)
      persons(born: String @reads(items: ["Person.birthDate", "Person.number"])): [Person] @sharing(class: CONDITIONAL)
    }
    type Mutation { correct(id: ID!): Boolean @actor(roles: ["reviewer"]) }
    type Person @sharing(class: CONDITIONAL) {
      number: String
      birthDate: String
      dna: String @sharing(class: WITHHELD, basis: "a law")
      ${extra}
    }
    type Unclassified { value: String }`,
});
const table = readPolicy([people()]);

describe('the catalogue of a policy table', () => {
  it('has each classified item with its owner and the uses its arguments give it, and no mutation', () => {
    const own = { owner: 'public-security', subgraph: 'people', personal: false, graphqlType: 'String' };
    const conditional = { ...own, class: 'CONDITIONAL' };
    const person = (field: string) => ({ coordinate: `Person.${field}`, type: 'Person', field });
    const query = (field: string) => ({ coordinate: `Query.${field}`, type: 'Query', field });
    expect(catalogueOf(table, NO_TEXTS)).toEqual({
      items: [
        { ...person('birthDate'), ...conditional, uses: ['OUTPUT', 'FILTER'] },
        { ...person('dna'), ...own, class: 'WITHHELD', basis: 'a law', uses: ['OUTPUT'] },
        { ...person('number'), ...conditional, uses: ['OUTPUT', 'FILTER', 'LOOKUP'] },
        { ...query('person'), ...own, class: 'UNCONDITIONAL', uses: ['OUTPUT'] },
        { ...query('persons'), ...conditional, uses: ['OUTPUT'] },
      ],
      resources: [],
    });
  });

  it('leaves out what callers do not see: to ask for it must not say that it is there', () => {
    const item = (coordinate: string) => (coordinate === 'Person.dna' ? undefined : { graphqlType: 'String' });
    const seen = catalogueOf(table, { ...NO_TEXTS, item }).items.map(({ coordinate }) => coordinate);
    expect(seen).toEqual(['Person.birthDate', 'Person.number', 'Query.person', 'Query.persons']);
  });
});

describe('the catalogue of composed schemas', () => {
  const registry = {
    ...{ name: 'registry', owner: 'public-security', url: 'local:registry' },
    sdl: `
    "A person of the register."
    type Person @key(fields: "id") @resource(code: "307003/000001", title: "人口基础信息", updateCycle: DAILY)
      @sharing(class: CONDITIONAL) @scopedBy(division: "division") @personal {
      "Number in the register."
      id: ID @sharing(class: UNCONDITIONAL)
      ref: ID @inaccessible
      inScope: Boolean @inaccessible
      name: String @sharing(class: CONDITIONAL, mask: NAME)
      division: String
      nation: String @deprecated(reason: "use ethnicGroup")
      "Where they live."
      households(first: Int = 20, after: String): HouseholdConnection
      relatives: [Person]
    }
    "A household."
    type Household @key(fields: "id") @resource(code: "307003/000002", title: "户籍信息", updateCycle: MONTHLY)
      @sharing(class: UNCONDITIONAL) { id: ID! secret: String @inaccessible }
    type HouseholdConnection @sharing(class: UNCONDITIONAL) { edges: [HouseholdEdge!]! }
    type HouseholdEdge @sharing(class: UNCONDITIONAL) { node: Household }
    type Shadow @inaccessible @key(fields: "id") @resource(code: "307003/000009", title: "秘密", updateCycle: DAILY)
      @sharing(class: UNCONDITIONAL) { id: ID! }
    type Query { people: [Person] @sharing(class: UNCONDITIONAL) shadow: Shadow @inaccessible @sharing(class: UNCONDITIONAL) }`,
  };
  const other = (name: string) => ({
    ...{ name, owner: 'tax-bureau', url: `local:${name}` },
    sdl: `
    "Free for all, says somebody else."
    type Person @key(fields: "id") {
      "Anybody may have this."
      id: ID
      "Taxes of ${name}."
      ${name}: Int @sharing(class: CONDITIONAL)
      ${name}Paid: Period @sharing(class: UNCONDITIONAL)
    }
    "From when until when."
    type Period @shareable @sharing(class: UNCONDITIONAL) { from: String until: String }`,
  });
  const subgraphs = [registry, other('tax'), other('duty')];
  const { policy, supergraphSdl } = compose(subgraphs);
  const { items, resources } = catalogueOf(policy, catalogueTexts(apiSchemaOf(supergraphSdl), subgraphs));
  const item = (coordinate: string) => items.find((each) => each.coordinate === coordinate);

  it('says of each item its type, mask, end and whether it tells of a person', () => {
    expect(item('Person.name')).toMatchObject({ mask: 'NAME', personal: true, graphqlType: 'String' });
    expect(item('Person.nation')).toMatchObject({ deprecated: 'use ethnicGroup' });
    expect(item('Household.id')).toMatchObject({ personal: false, graphqlType: 'ID!', subgraph: 'registry' });
    expect(item('Person.tax')).toMatchObject({ owner: 'tax-bureau', description: 'Taxes of tax.' });
    expect(item('Person.tax')).not.toHaveProperty('mask');
  });

  it('knows what several subgraphs give alike, and that a key which several have is still one owner’s', () => {
    expect(item('Period.from')).toMatchObject({ shared: true });
    for (const own of ['Person.id', 'Person.tax', 'Person.taxPaid', 'Household.id'])
      expect(item(own), own).not.toHaveProperty('shared');
  });

  it('describes an item in the words of its owner, however many others describe it', () => {
    expect(supergraphSdl).toContain('Anybody may have this.');
    expect(item('Person.id')?.description).toBe('Number in the register.');
    expect(resources.find(({ type }) => type === 'Person')?.description).toBe('A person of the register.');
  });

  it('says of each resource its code, owner, rows, items by class, and what it leads to through pages too', () => {
    expect(resources).toEqual([
      {
        ...{ type: 'Household', code: '307003/000002', title: '户籍信息', owner: 'public-security' },
        ...{ subgraph: 'registry', updateCycle: 'MONTHLY', description: 'A household.' },
        ...{ rowScoped: false, personal: false, related: [] },
        classes: { UNCONDITIONAL: 1, CONDITIONAL: 0, WITHHELD: 0 },
      },
      {
        ...{ type: 'Person', code: '307003/000001', title: '人口基础信息', owner: 'public-security' },
        ...{ subgraph: 'registry', updateCycle: 'DAILY', description: 'A person of the register.' },
        ...{ rowScoped: true, divisionItem: 'Person.division', personal: true, related: ['307003/000002'] },
        classes: { UNCONDITIONAL: 3, CONDITIONAL: 7, WITHHELD: 0 },
      },
    ]);
  });

  it('has nothing of what is inaccessible', () => {
    expect(JSON.stringify({ items, resources })).not.toMatch(/Shadow|shadow|秘密|secret|\bref\b/);
    expect(policy.items.has('Household.secret')).toBe(true);
  });
});

describe('the stored catalogue', () => {
  let store: SharingStore;
  let models: SharingModels;

  beforeAll(async () => {
    store = await openSharingStore();
    ({ models } = store);
  });
  afterAll(() => store.close());

  const since = async (coordinate: string) => (await findItems(models, [coordinate])).get(coordinate)?.since;

  it('is replaced as a whole, and no gateway has to look at its grants again', async () => {
    const epoch = await readEpoch(models);
    await writeCatalogue(models, table);
    expect(await models.catalogue.countDocuments()).toBe(5);

    await writeCatalogue(models, readPolicy([people('phone: String')]), { since: 2 });
    expect((await findItems(models, ['Person.phone'])).get('Person.phone')).toMatchObject({ class: 'CONDITIONAL' });

    await writeCatalogue(models, table, { since: 3 });
    expect((await findItems(models, ['Person.phone', 'Person.number'])).size).toBe(1);
    expect(await knownCoordinates(models)).toEqual(
      expect.arrayContaining(['Person.number', 'Person.birthDate', 'Query.persons']),
    );
    expect(await knownCoordinates(models)).not.toContain('Person.dna');
    expect(await readEpoch(models)).toBe(epoch);
  });

  it('keeps the release that first had an item, while it is there and when it comes back', async () => {
    expect(await since('Person.number')).toBe(1);
    await writeCatalogue(models, readPolicy([people('phone: String email: String')]), { since: 4 });
    expect(await since('Person.phone')).toBe(2);
    expect(await since('Person.email')).toBe(4);
    expect((await models.catalogue.findById('Person.phone').lean())?.sinceAt).toEqual(new Date('2026-01-02'));
  });

  it('is the first of nothing where its release is not stored', async () => {
    const failing = models.catalogue.db.transaction(async (session) => {
      const release = { since: 5, sinceAt: new Date() };
      const fresh = catalogueOf(readPolicy([people('fax: String')]), NO_TEXTS);
      await replaceCatalogue(models, fresh, { release, session });
      throw new Error('not stored');
    });
    await expect(failing).rejects.toThrow('not stored');
    expect(await since('Person.fax')).toBeUndefined();
    await writeCatalogue(models, readPolicy([people('fax: String')]), { since: 6 });
    expect(await since('Person.fax')).toBe(6);
  });

  it('reads the releases of a store that is older than its memory', async () => {
    const release = (number: number, extra: string) => ({
      ...{ _id: number, supergraph: 's', retired: 'r', digest: 'd', subgraphs: [], kind: 'PUBLISHED' as const },
      ...{ department: 'd', officer: 'o', message: 'm', signature: 's', at: new Date(Date.UTC(2025, 0, number)) },
      policy: policyToJson(readPolicy([people(extra)])),
    });
    await models.releases.create([release(1, 'phone: String'), release(2, ''), release(3, 'email: String')]);
    await models.catalogueFirsts.deleteMany({});
    await writeCatalogue(models, readPolicy([people('phone: String email: String fax: String')]), { since: 4 });
    expect(await Promise.all(['number', 'phone', 'email', 'fax'].map((each) => since(`Person.${each}`)))).toEqual([
      1, 1, 3, 4,
    ]);
  });

  it('is written where it differs only: a release changes a few of hundreds of items', async () => {
    await writeCatalogue(models, readPolicy([people('phone: String')]), { since: 7 });
    const written = vi.spyOn(models.catalogue, 'insertMany');
    await writeCatalogue(models, readPolicy([people('phone: String')]), { since: 8 });
    expect(written).not.toHaveBeenCalled();
    const masked = people('phone: String @sharing(class: CONDITIONAL, mask: PHONE)');
    await writeCatalogue(models, readPolicy([masked]), { since: 9 });
    expect(written.mock.calls.map(([rows]) => rows)).toEqual([
      [expect.objectContaining({ _id: 'Person.phone', mask: 'PHONE' })],
    ]);
    written.mockRestore();
    await writeCatalogue(models, readPolicy([people()]), { since: 10 });
    expect(await models.catalogue.countDocuments()).toBe(5);
    expect((await models.catalogue.findById('Person.number').lean())?.since).toBe(1);
  });

  it('is found by pairs of characters and texts that hold no operator of the store', async () => {
    const { texts, pairs } = (await models.catalogue.findById('Person.number').lean()) ?? { texts: [], pairs: [] };
    expect(texts).toEqual(['personnumber']);
    expect(pairs.some((pair) => /[$.]/.test(pair))).toBe(false);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPolicy } from '../../schema/read-policy.ts';
import { catalogueOf, findItems, knownCoordinates } from '../../sharing/store/catalogue.ts';
import { readEpoch } from '../../sharing/store/grant-store.ts';
import type { SharingModels } from '../../sharing/store/models.ts';
import { writeCatalogue } from '../support/write-catalogue.ts';
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

let store: SharingStore;
let models: SharingModels;

beforeAll(async () => {
  store = await openSharingStore();
  ({ models } = store);
});
afterAll(() => store.close());

describe('the catalogue of a policy table', () => {
  it('has each classified item with its owner and the uses its arguments give it, and no mutation', () => {
    const conditional = { owner: 'public-security', class: 'CONDITIONAL' };
    expect(catalogueOf(table)).toEqual([
      { _id: 'Person.birthDate', ...conditional, uses: ['OUTPUT', 'FILTER'] },
      { _id: 'Person.dna', owner: 'public-security', class: 'WITHHELD', basis: 'a law', uses: ['OUTPUT'] },
      { _id: 'Person.number', ...conditional, uses: ['OUTPUT', 'FILTER', 'LOOKUP'] },
      { _id: 'Query.person', owner: 'public-security', class: 'UNCONDITIONAL', uses: ['OUTPUT'] },
      { _id: 'Query.persons', ...conditional, uses: ['OUTPUT'] },
    ]);
  });

  it('leaves out what callers do not see: to ask for it must not say that it is there', () => {
    const seen = catalogueOf(table, (coordinate) => coordinate !== 'Person.dna');
    expect(seen.map(({ _id }) => _id)).toEqual(['Person.birthDate', 'Person.number', 'Query.person', 'Query.persons']);
  });

  it('is replaced as a whole, and no gateway has to look at its grants again', async () => {
    const epoch = await readEpoch(models);
    await writeCatalogue(models, table);
    expect(await models.catalogue.countDocuments()).toBe(5);

    await writeCatalogue(models, readPolicy([people('phone: String')]));
    expect((await findItems(models, ['Person.phone'])).get('Person.phone')).toMatchObject({ class: 'CONDITIONAL' });

    await writeCatalogue(models, table);
    expect((await findItems(models, ['Person.phone', 'Person.number'])).size).toBe(1);
    expect(await knownCoordinates(models)).toEqual(
      expect.arrayContaining(['Person.number', 'Person.birthDate', 'Query.persons']),
    );
    expect(await knownCoordinates(models)).not.toContain('Person.dna');
    expect(await readEpoch(models)).toBe(epoch);
  });
});

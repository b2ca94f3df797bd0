import { parse, printType, stripIgnoredCharacters } from 'graphql';
import { afterAll, describe, expect, it } from 'vitest';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { compose } from '../../schema/compose.ts';
import { withHeader } from '../../schema/header.ts';
import { smallHub } from '../support/small-hub.ts';
import { askDirectly, sendTo } from './ask-directly.ts';
import { inventory } from './subgraphs/inventory.ts';
import { products } from './subgraphs/products.ts';
import { users } from './subgraphs/users.ts';

/*
 * The checks of Apollo's subgraph compatibility suite (federation-subgraph-compatibility-tests 1.2), one describe for each of
 * its columns, over our subgraph server and through our gateway. Where the suite reads `_service { sdl }` the published SDL is
 * read instead: our subgraphs answer nobody but the gateway, and it composes from what was published.
 */
const subgraphs = [products, users, inventory];
const hub = await smallHub({ subgraphs });
afterAll(() => hub.close());

const published = withHeader(products.sdl);
const sdl = stripIgnoredCharacters(published);
const { supergraphSdl } = compose(subgraphs.map((each) => ({ ...each, url: `http://${each.name}.example/graphql` })));

const ENTITIES = 'query ($representations: [_Any!]!) { _entities(representations: $representations)';
const entities = (on: string, ...representations: object[]) =>
  askDirectly(hub, products, { query: `${ENTITIES} { ... on ${on} } }`, variables: { representations } });

/** Asks the gateway, and gives the data and the subgraphs that were asked, in their order. */
async function throughGateway(query: string, id = 'apollo-federation') {
  hub.fetches.length = 0;
  const { data, errors } = await hub.ask(query, { variables: { id } });
  expect(errors).toBeUndefined();
  expect(hub.entries.at(-1)).toMatchObject({ outcome: 'ANSWERED' });
  return { data, asked: hub.fetches.map(({ subgraph }) => subgraph) };
}

describe('introspection', () => {
  it('publishes every type and field of the reference schema, as it is (in place of _service { sdl })', () => {
    const schema = buildSubgraphSchema({ typeDefs: parse(published) });
    const shown = (name: string): string => {
      const type = schema.getType(name);
      return type ? printType(type) : `${name} is missing`;
    };
    expect(shown('Product')).toContain('research: [ProductResearch!]!');
    expect(shown('DeprecatedProduct')).toContain(
      'sku: String!\n  package: String!\n  reason: String\n  createdBy: User',
    );
    expect(shown('ProductVariation')).toContain('id: ID!');
    expect(shown('ProductDimension')).toContain('size: String\n  weight: Float\n  unit: String');
    expect(shown('ProductResearch')).toContain('study: CaseStudy!\n  outcome: String');
    expect(shown('CaseStudy')).toContain('caseNumber: ID!\n  description: String');
    expect(shown('User')).toContain('averageProductsCreatedPerYear: Int\n  email: ID!\n  name: String');
    expect(shown('Query')).toContain('product(id: ID!): Product');
    expect(shown('Query')).toContain('deprecatedProduct(sku: String!, package: String!): DeprecatedProduct');
  });

  it('answers no _service, neither without a signed context nor with one', async () => {
    const query = '{ _service { sdl } }';
    expect((await sendTo(hub, products, { query })).errors?.[0]?.extensions?.['code']).toBe('CONTEXT_REQUIRED');
    const { data, errors } = await askDirectly(hub, products, { query });
    expect(data ?? null).toBeNull();
    expect(errors?.[0]?.extensions?.['code']).toBe('NOT_PERMITTED');
  });

  it('answers introspection of the whole at the gateway, without what is inaccessible', async () => {
    const { data } = await throughGateway('{ __type(name: "ProductDimension") { fields { name } } }');
    expect(data).toEqual({ __type: { fields: [{ name: 'size' }, { name: 'weight' }] } });
  });
});

describe('@key single', () => {
  it('applies a key of one field to User', () => {
    expect(sdl).toMatch(/type User.*?@key\(fields:"email"\)/);
  });

  it('resolves User by it', async () => {
    const { data, errors } = await entities('User { email name }', {
      __typename: 'User',
      email: 'support@apollographql.com',
    });
    expect(errors).toBeUndefined();
    expect(data).toEqual({ _entities: [{ email: 'support@apollographql.com', name: 'Jane Smith' }] });
  });
});

describe('@key multiple', () => {
  const reference = { __typename: 'DeprecatedProduct', sku: 'apollo-federation-v1', package: '@apollo/federation-v1' };

  it('applies a key of several fields to DeprecatedProduct', () => {
    expect(sdl).toMatch(/type DeprecatedProduct.*?@key\(fields:"sku package"\)/);
  });

  it('resolves DeprecatedProduct by it', async () => {
    const { data, errors } = await entities('DeprecatedProduct { sku package reason }', reference);
    expect(errors).toBeUndefined();
    const { sku, package: name } = reference;
    expect(data).toEqual({ _entities: [{ sku, package: name, reason: 'Migrate to Federation V2' }] });
  });
});

describe('@key composite', () => {
  it('applies a key of a nested object to ProductResearch', () => {
    expect(sdl).toMatch(/type ProductResearch.*?@key\(fields:"study { caseNumber }"\)/);
  });

  it('resolves ProductResearch by it', async () => {
    const { data, errors } = await entities('ProductResearch { study { caseNumber description } }', {
      __typename: 'ProductResearch',
      study: { caseNumber: '1234' },
    });
    expect(errors).toBeUndefined();
    expect(data).toEqual({ _entities: [{ study: { caseNumber: '1234', description: 'Federation Study' } }] });
  });
});

describe('repeatable @key', () => {
  it('applies three keys to Product', () => {
    const [product = ''] = /type Product@.*?\{id:ID!/.exec(sdl) ?? [];
    expect(product.match(/@key\(fields:"[^"]*"\)/g)).toEqual([
      '@key(fields:"id")',
      '@key(fields:"sku package")',
      '@key(fields:"sku variation { id }")',
    ]);
  });

  it('resolves Product by each of them, in the order asked', async () => {
    const { data, errors } = await entities(
      'Product { id sku }',
      { __typename: 'Product', id: 'apollo-federation' },
      { __typename: 'Product', sku: 'federation', package: '@apollo/federation' },
      { __typename: 'Product', sku: 'studio', variation: { id: 'platform' } },
      { __typename: 'Product', id: 'nothing' },
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      _entities: [
        { id: 'apollo-federation', sku: 'federation' },
        { id: 'apollo-federation', sku: 'federation' },
        { id: 'apollo-studio', sku: 'studio' },
        null,
      ],
    });
  });
});

describe('@requires', () => {
  it('computes from what another subgraph knows', async () => {
    const { data, asked } = await throughGateway(
      'query ($id: ID!) { product(id: $id) { createdBy { averageProductsCreatedPerYear email } } }',
    );
    // 1,337 products, as provided beside the user, in 10 years, as the users subgraph knows.
    expect(data).toEqual({
      product: { createdBy: { averageProductsCreatedPerYear: 134, email: 'support@apollographql.com' } },
    });
    expect(asked).toEqual(['products', 'users', 'products']);
  });

  it('computes from a nested object and an argument of the caller', async () => {
    const { data } = await throughGateway(
      'query ($id: ID!) { product(id: $id) { delivery(zip: "675000") { estimatedDelivery fastestDelivery } } }',
    );
    expect(data).toEqual({
      product: { delivery: { estimatedDelivery: 'small, 1, to 675000', fastestDelivery: 'tomorrow' } },
    });
  });
});

describe('@provides', () => {
  const query = 'query ($id: ID!) { product(id: $id) { createdBy { email totalProductsCreated } } }';

  it('answers a provided item from the subgraph that provides it', async () => {
    const { data, errors } = await askDirectly(hub, products, { query, variables: { id: 'apollo-federation' } });
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      product: { createdBy: { email: 'support@apollographql.com', totalProductsCreated: 1337 } },
    });
  });

  it('asks nobody else for it', async () => {
    const { data, asked } = await throughGateway(query);
    expect(data).toMatchObject({ product: { createdBy: { totalProductsCreated: 1337 } } });
    expect(asked).toEqual(['products']);
  });
});

describe('@external', () => {
  it('asks the owner where nothing provides the item', async () => {
    const { data, asked } = await throughGateway(
      'query ($id: ID!) { product(id: $id) { createdBy { yearsOfEmployment } } }',
    );
    expect(data).toEqual({ product: { createdBy: { yearsOfEmployment: 10 } } });
    expect(asked).toEqual(['products', 'users']);
  });
});

describe('ftv1', () => {
  it('is not served: requests are followed by W3C trace context, and no trace goes into an answer', async () => {
    const answer = await hub.ask('{ __typename }', { headers: { 'apollo-federation-include-trace': 'ftv1' } });
    expect(answer).toMatchObject({ status: 200, data: { __typename: 'Query' } });
    expect(JSON.stringify(answer)).not.toContain('ftv1');
  });
});

describe('@link', () => {
  it('links one federation version 2 (a later one than the suite knows) and imports only what it has', () => {
    const links = [...sdl.matchAll(/@link\(url:"([^"]+)" import:\[([^\]]*)\]/g)];
    const federation = links.filter(([, url]) => url?.startsWith('https://specs.apollo.dev/federation/'));
    expect(federation.map(([, url]) => url)).toEqual(['https://specs.apollo.dev/federation/v2.12']);
    const imported = federation[0]?.[2]?.match(/@\w+/g);
    expect(imported?.sort()).toEqual(
      [
        '@composeDirective',
        '@extends',
        '@external',
        '@inaccessible',
        '@interfaceObject',
        '@key',
        '@override',
        '@provides',
        '@requires',
        '@shareable',
        '@tag',
      ].sort(),
    );
  });
});

describe('@shareable', () => {
  it('is applied to ProductDimension', () => {
    expect(sdl).toMatch(/type ProductDimension.*?@shareable\{/);
  });

  it('lets ProductDimension be resolved where it is first met', async () => {
    const { data, asked } = await throughGateway(
      'query ($id: ID!) { product(id: $id) { dimensions { size weight } } }',
    );
    expect(data).toEqual({ product: { dimensions: { size: 'small', weight: 1 } } });
    expect(asked).toEqual(['products']);
  });
});

describe('@tag', () => {
  it('stays under its own name, in the published SDL and in the supergraph', () => {
    expect(sdl).not.toContain('@federation__tag');
    expect(sdl).toContain('@tag(name:"internal")');
    expect(stripIgnoredCharacters(supergraphSdl)).toContain('@tag(name:"internal")');
  });
});

describe('@override', () => {
  it('is applied', () => {
    expect(sdl).toContain('@override(from:"users")');
  });

  it('has the new owner answer, and the old one not asked', async () => {
    const { data, asked } = await throughGateway('query ($id: ID!) { product(id: $id) { createdBy { name } } }');
    expect(data).toEqual({ product: { createdBy: { name: 'Jane Smith' } } });
    expect(asked).not.toContain('users');
  });
});

describe('@inaccessible', () => {
  it('is applied under its own name', () => {
    expect(sdl).not.toContain('@federation__inaccessible');
    expect(sdl).toContain('unit:String@inaccessible');
  });

  it('leaves the item to the subgraph itself', async () => {
    const query = 'query ($id: ID!) { product(id: $id) { dimensions { unit } } }';
    const { data, errors } = await askDirectly(hub, products, { query, variables: { id: 'apollo-federation' } });
    expect(errors).toBeUndefined();
    expect(data).toEqual({ product: { dimensions: { unit: 'kg' } } });
  });

  it('takes it from callers of the gateway', async () => {
    const { status, errors } = await hub.ask('{ product(id: "apollo-federation") { dimensions { unit } } }');
    expect(status).toBe(400);
    expect(errors?.[0]?.message).toBe('Cannot query field "unit" on type "ProductDimension".');
  });
});

describe('@composeDirective', () => {
  it('is applied to the schema, links the directive and keeps it on Product', () => {
    expect(sdl).toContain('@link(url:"https://myspecs.dev/myCustomDirective/v1.0" import:["@custom"])');
    expect(sdl).toMatch(/schema.*@composeDirective\(name:"@custom"\)/);
    expect(sdl).toMatch(/directive@custom on OBJECT/);
    expect(sdl).toMatch(/type Product@custom/);
  });

  it('brings the directive into the supergraph', () => {
    expect(supergraphSdl).toMatch(/directive @custom on OBJECT/);
    expect(supergraphSdl).toMatch(/type Product\n( {2}@.*\n)* {2}@custom\n/);
  });
});

describe('@interfaceObject', () => {
  it('is applied to Inventory, with its key', () => {
    expect(sdl).toMatch(/type Inventory.*?@interfaceObject@key\(fields:"id"\)/);
  });

  it('adds items to every type of the interface', async () => {
    const { data, asked } = await throughGateway(
      'query ($id: ID!) { inventory(id: $id) { deprecatedProducts { sku reason } } }',
      'apollo-oss',
    );
    expect(data).toEqual({
      inventory: { deprecatedProducts: [{ sku: 'apollo-federation-v1', reason: 'Migrate to Federation V2' }] },
    });
    expect(asked).toEqual(['inventory', 'products']);
  });

  it('adds them where the implementing type is named, beside what it has itself', async () => {
    const { data } = await throughGateway(
      `query ($id: ID!) {
        inventory(id: $id) { __typename id ... on OpenSourceInventory { products { id sku } deprecatedProducts { sku } } }
      }`,
      'apollo-oss',
    );
    expect(data).toEqual({
      inventory: {
        __typename: 'OpenSourceInventory',
        id: 'apollo-oss',
        products: [
          { id: 'apollo-federation', sku: 'federation' },
          { id: 'apollo-studio', sku: 'studio' },
        ],
        deprecatedProducts: [{ sku: 'apollo-federation-v1' }],
      },
    });
  });

  it('brings the class of the item along: conditional on the interface, it is conditional on each type', async () => {
    const open = 'deprecatedProducts: [DeprecatedProduct!]! @sharing(class: UNCONDITIONAL)';
    const conditional = 'deprecatedProducts: [DeprecatedProduct!] @sharing(class: CONDITIONAL)';
    expect(products.sdl).toContain(open);
    const changed = { ...products, sdl: products.sdl.replace(open, conditional) };
    const closed = await smallHub({ subgraphs: [changed, users, inventory] });
    const query = '{ inventory(id: "apollo-oss") { id deprecatedProducts { sku } } }';
    const { data, errors } = await closed.ask(query);
    expect(data).toEqual({ inventory: { id: 'apollo-oss', deprecatedProducts: null } });
    expect(errors?.[0]?.extensions).toMatchObject({
      coordinate: 'OpenSourceInventory.deprecatedProducts',
      reason: 'NO_GRANT',
      owner: 'products-department',
    });
    expect(closed.fetches.map(({ subgraph }) => subgraph)).toEqual(['inventory']);
    closed.setGrants([{ items: [{ coordinate: 'OpenSourceInventory.deprecatedProducts', uses: ['OUTPUT'] }] }]);
    expect((await closed.ask(query)).data).toEqual({
      inventory: { id: 'apollo-oss', deprecatedProducts: [{ sku: 'apollo-federation-v1' }] },
    });
    await closed.close();
  });
});

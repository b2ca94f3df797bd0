import type { SmallSubgraph } from '../../support/small-hub.ts';

/** The subgraph under test of Apollo's subgraph compatibility suite: same types, fields and data, with sharing classes. */
export const products: SmallSubgraph = {
  name: 'products',
  owner: 'products-department',
  sdl: `
    extend schema
      @link(url: "https://myspecs.dev/myCustomDirective/v1.0", import: ["@custom"])
      @composeDirective(name: "@custom")

    directive @custom on OBJECT

    type Product
      @custom
      @sharing(class: UNCONDITIONAL)
      @key(fields: "id")
      @key(fields: "sku package")
      @key(fields: "sku variation { id }") {
      id: ID!
      sku: String
      package: String
      variation: ProductVariation
      dimensions: ProductDimension
      createdBy: User @provides(fields: "totalProductsCreated")
      notes: String @tag(name: "internal")
      research: [ProductResearch!]!
    }

    type DeprecatedProduct @sharing(class: UNCONDITIONAL) @key(fields: "sku package") {
      sku: String!
      package: String!
      reason: String
      createdBy: User
    }

    type ProductVariation @sharing(class: UNCONDITIONAL) {
      id: ID!
    }

    type ProductResearch @sharing(class: UNCONDITIONAL) @key(fields: "study { caseNumber }") {
      study: CaseStudy!
      outcome: String
    }

    type CaseStudy @sharing(class: UNCONDITIONAL) {
      caseNumber: ID!
      description: String
    }

    type ProductDimension @sharing(class: UNCONDITIONAL) @shareable {
      size: String
      weight: Float
      unit: String @inaccessible
    }

    extend type Query {
      product(id: ID!): Product @sharing(class: UNCONDITIONAL)
      deprecatedProduct(sku: String!, package: String!): DeprecatedProduct
        @sharing(class: UNCONDITIONAL)
        @deprecated(reason: "Use product query instead")
    }

    extend type User @sharing(class: UNCONDITIONAL) @key(fields: "email") {
      averageProductsCreatedPerYear: Int @requires(fields: "totalProductsCreated yearsOfEmployment")
      email: ID! @external
      name: String @override(from: "users")
      totalProductsCreated: Int @external
      yearsOfEmployment: Int! @external
    }

    type Inventory @interfaceObject @key(fields: "id") {
      id: ID!
      deprecatedProducts: [DeprecatedProduct!]! @sharing(class: UNCONDITIONAL)
    }`,
  resolvers: {
    Query: {
      product: (_: unknown, { id }: { id: string }) => PRODUCTS.find((product) => product.id === id) ?? null,
      deprecatedProduct: (_: unknown, asked: ProductReference) => deprecatedProduct(asked),
    },
    Product: { __resolveReference: (reference: ProductReference) => PRODUCTS.find((each) => isMeant(each, reference)) },
    DeprecatedProduct: { __resolveReference: deprecatedProduct },
    ProductResearch: {
      __resolveReference: ({ study }: { study: { caseNumber: string } }) =>
        RESEARCH.find((research) => research.study.caseNumber === study.caseNumber),
    },
    User: {
      __resolveReference: ({ email, ...required }: { email: string }) =>
        email === USER.email ? { ...USER, ...required } : null,
      averageProductsCreatedPerYear: (user: { totalProductsCreated: number; yearsOfEmployment: number }) =>
        Math.round(user.totalProductsCreated / user.yearsOfEmployment),
    },
    Inventory: {
      __resolveReference: ({ id }: { id: string }) => (id === 'apollo-oss' ? { id, deprecatedProducts: [OLD] } : null),
    },
  },
};

interface ProductReference {
  readonly id?: string;
  readonly sku?: string;
  readonly package?: string;
  readonly variation?: { readonly id: string };
}

const USER = { email: 'support@apollographql.com', name: 'Jane Smith', totalProductsCreated: 1337 };
const RESEARCH = [
  { study: { caseNumber: '1234', description: 'Federation Study' }, outcome: null },
  { study: { caseNumber: '1235', description: 'Studio Study' }, outcome: null },
];
const DIMENSIONS = { size: 'small', weight: 1, unit: 'kg' };
const PRODUCTS = [
  {
    id: 'apollo-federation',
    sku: 'federation',
    package: '@apollo/federation',
    variation: { id: 'OSS' },
    dimensions: DIMENSIONS,
    research: RESEARCH.slice(0, 1),
    createdBy: USER,
    notes: null,
  },
  {
    id: 'apollo-studio',
    sku: 'studio',
    package: '',
    variation: { id: 'platform' },
    dimensions: DIMENSIONS,
    research: RESEARCH.slice(1),
    createdBy: USER,
    notes: null,
  },
];
const OLD = {
  sku: 'apollo-federation-v1',
  package: '@apollo/federation-v1',
  reason: 'Migrate to Federation V2',
  createdBy: USER,
};

function deprecatedProduct(asked: ProductReference): typeof OLD | null {
  return asked.sku === OLD.sku && asked.package === OLD.package ? OLD : null;
}

/** By whichever of its three keys the reference carries. */
function isMeant(product: (typeof PRODUCTS)[number], { id, sku, package: name, variation }: ProductReference): boolean {
  if (id !== undefined) return product.id === id;
  return (
    product.sku === sku && (name === undefined ? product.variation.id === variation?.id : product.package === name)
  );
}

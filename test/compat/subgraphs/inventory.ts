import type { SmallSubgraph } from '../../support/small-hub.ts';

/** The subgraph that owns the interface, and computes a delivery from what products know. */
export const inventory: SmallSubgraph = {
  name: 'inventory',
  owner: 'inventory-department',
  sdl: `
    extend type Product @sharing(class: UNCONDITIONAL) @key(fields: "id") {
      id: ID! @external
      dimensions: ProductDimension @external
      delivery(zip: String): DeliveryEstimates @requires(fields: "dimensions { size weight }")
    }

    type ProductDimension @sharing(class: UNCONDITIONAL) @shareable {
      size: String
      weight: Float
    }

    type DeliveryEstimates @sharing(class: UNCONDITIONAL) {
      estimatedDelivery: String
      fastestDelivery: String
    }

    interface Inventory @key(fields: "id") {
      id: ID!
      products: [Product!]!
    }

    type OpenSourceInventory implements Inventory @sharing(class: UNCONDITIONAL) @key(fields: "id") {
      id: ID!
      products: [Product!]!
    }

    type Query {
      inventory(id: ID!): Inventory @sharing(class: UNCONDITIONAL)
    }`,
  resolvers: {
    Query: { inventory: (_: unknown, { id }: { id: string }) => stock(id) },
    Inventory: { __resolveReference: ({ id }: { id: string }) => stock(id) },
    OpenSourceInventory: { __resolveReference: ({ id }: { id: string }) => stock(id) },
    Product: {
      delivery: ({ dimensions }: { dimensions: { size: string; weight: number } }, { zip }: { zip?: string }) => ({
        estimatedDelivery: `${dimensions.size}, ${dimensions.weight}, to ${zip ?? 'anywhere'}`,
        fastestDelivery: 'tomorrow',
      }),
    },
  },
};

function stock(id: string): object | null {
  if (id !== 'apollo-oss') return null;
  return { __typename: 'OpenSourceInventory', id, products: [{ id: 'apollo-federation' }, { id: 'apollo-studio' }] };
}

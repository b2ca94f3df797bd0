import type { SmallSubgraph } from '../../support/small-hub.ts';

/** The subgraph whose `name` is overridden; its own values differ, so that a test can tell who answered. */
export const users: SmallSubgraph = {
  name: 'users',
  // The suite moves a field from here to products by @override, which is for one department alone to do.
  owner: 'products-department',
  sdl: `
    type User @sharing(class: UNCONDITIONAL) @key(fields: "email") {
      email: ID!
      name: String
      totalProductsCreated: Int @shareable
      yearsOfEmployment: Int!
    }`,
  resolvers: {
    User: {
      __resolveReference: ({ email }: { email: string }) => ({
        email,
        name: 'answered by users',
        totalProductsCreated: 4,
        yearsOfEmployment: 10,
      }),
    },
  },
};

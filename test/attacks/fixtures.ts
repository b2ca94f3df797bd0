import type { SmallSubgraph } from '../support/small-hub.ts';
import { always } from './support.ts';

/** The rows of the register under attack. Their values are what must not come out. */
export const ZHANG = {
  __typename: 'Person',
  ref: 'ref-zhang',
  id: 'p1',
  name: '张三',
  birthDate: '1949-12-31',
  phone: '13800000000',
  household: 'H-77',
};
export const FIRM = { __typename: 'Firm', id: 'f1', name: '彝人古镇公司', phone: '0878-3000000' };

/** A population register: ids are free, the rest is conditional, the fingerprint is withheld. */
export const people: SmallSubgraph = {
  name: 'people',
  owner: 'public-security',
  sdl: `
    type Query {
      person: Person @sharing(class: UNCONDITIONAL)
      byId(id: ID! @reads(items: ["Person.id"], use: LOOKUP)): Person @sharing(class: UNCONDITIONAL)
      byPhone(phone: String! @reads(items: ["Person.phone"], use: LOOKUP)): Person @sharing(class: UNCONDITIONAL)
      bornBefore(day: String! @reads(items: ["Person.birthDate"])): People @sharing(class: UNCONDITIONAL)
      node(id: ID!): Node @sharing(class: UNCONDITIONAL)
      named: [Named] @sharing(class: UNCONDITIONAL)
    }
    interface Node { id: ID! }
    interface Named { name: String phone: String }
    type People @sharing(class: UNCONDITIONAL) { nodes: [Person] count: Int }
    type Person implements Node & Named @key(fields: "ref") {
      ref: ID! @inaccessible @sharing(class: WITHHELD, basis: "test")
      id: ID! @sharing(class: UNCONDITIONAL)
      name: String @sharing(class: CONDITIONAL, mask: NAME)
      birthDate: String @sharing(class: CONDITIONAL)
      phone: String @sharing(class: CONDITIONAL)
      household: String @sharing(class: CONDITIONAL)
      fingerprint: String @sharing(class: WITHHELD, basis: "居民身份证法")
    }
    type Firm implements Node & Named @sharing(class: UNCONDITIONAL) { id: ID! name: String phone: String }`,
  resolvers: {
    Query: {
      person: always(ZHANG),
      byId: (_: unknown, { id }: { id: string }) => (id === ZHANG.id ? ZHANG : null),
      byPhone: (_: unknown, { phone }: { phone: string }) => (phone === ZHANG.phone ? ZHANG : null),
      bornBefore: (_: unknown, { day }: { day: string }) => {
        const nodes = ZHANG.birthDate < day ? [ZHANG] : [];
        return { nodes, count: nodes.length };
      },
      node: (_: unknown, { id }: { id: string }) => [ZHANG, FIRM].find((each) => each.id === id),
      named: always([ZHANG, FIRM]),
    },
    Node: { __resolveType: ({ __typename }: { __typename: string }) => __typename },
    Named: { __resolveType: ({ __typename }: { __typename: string }) => __typename },
    Person: {
      __resolveReference: ({ ref }: { ref: string }) => (ref === ZHANG.ref ? ZHANG : null),
      fingerprint: always('F-1'),
    },
  },
};

export const DENIED_PHONE = [['Person.phone', 'OUTPUT', 'NO_GRANT']];

import type { SubgraphDefinition } from '../../lib/subgraph-definition.ts';

/** The register of persons without nicknames. */
export const SDL = `"A person."
type Person @key(fields: "id") @sharing(class: UNCONDITIONAL) {
  "Number in the register."
  id: ID!
  "What they are called."
  name: String @sharing(class: CONDITIONAL, mask: NAME)
  "Where they can be called."
  phone: String @sharing(class: CONDITIONAL)
  "What they did."
  record: String @sharing(class: WITHHELD, basis: "a law")
  "Their highest degree."
  education: String
}

type Query {
  "Everybody."
  people: [Person] @sharing(class: UNCONDITIONAL)
}
`;

const ZHANG = { id: 'p1', name: '张三丰', phone: '13800001234', record: 'none', education: '本科', nickname: '阿三' };

/** The register as the hub starts with it, and as its subgraph answers whatever is published. */
export const WITH_NICKNAME = SDL.replace(
  'education: String\n',
  'education: String\n  "What the family says."\n  nickname: String @sharing(class: CONDITIONAL)\n',
);

/** It answers every item that any of its schemas has. */
export const people: SubgraphDefinition = {
  name: 'people',
  owner: 'public-security',
  title: 'People',
  sdl: WITH_NICKNAME,
  open: () => ({ loaders: () => ({}), resolvers: { Query: { people: () => [ZHANG] } } }),
};

/** The schema with one thing exchanged for another. @throws Error where it does not have the thing. */
export function changed(from: string, to: string, sdl = SDL): string {
  if (!sdl.includes(from)) throw new Error(`the schema has no ${from}`);
  return sdl.replace(from, to);
}

import type { Rule } from './rule.ts';

/** A directive under another name is not seen by whoever reads names (CVE-2025-64347). */
export const ownLinks: Rule = {
  name: 'own-links',
  asks: 'Directives have the names of the hub, or are linked so that they can be given them.',
  why: 'The hub publishes a schema under its own links. One that brings others is rewritten to the hub’s names, so that nothing hides under another name. What has no counterpart cannot be: specs that the hub does not offer, sharing directives that were renamed, and arguments filled from a context, which read items that nobody decides on.',
  good: `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: [{ name: "@key", as: "@identifiedBy" }])
type Query { person: Person }
type Person @identifiedBy(fields: "id") { id: ID! }`,
  bad: `extend schema @link(url: "https://specs.shuniu.dev/sharing/v1.0", import: [{ name: "@sharing", as: "@share" }])
type Query { person: String @share(class: WITHHELD, basis: "个人信息保护法") }`,
  check: ({ linkProblems }) =>
    linkProblems.map(({ name, ...found }) => ({ severity: 'ERROR', coordinate: name, ...found })),
};

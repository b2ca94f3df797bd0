import { readAsset } from '../lib/asset.ts';

/** The directives and enums of the sharing contract, as GraphQL. */
export const SHARING_SDL = readAsset(new URL('./sharing.graphql', import.meta.url));

const SHARING_SPEC = 'https://specs.shuniu.dev/sharing/v1.0';
const DIRECTIVES = ['@resource', '@sharing', '@scopedBy', '@personal', '@reads', '@actor'];
const FEDERATION = [
  '@key',
  '@requires',
  '@provides',
  '@external',
  '@shareable',
  '@inaccessible',
  '@override',
  '@tag',
  '@extends',
  '@interfaceObject',
  '@composeDirective',
];

/** `["@key", …]` as GraphQL writes it. */
const list = (names: readonly string[]): string => names.map((name) => JSON.stringify(name)).join(', ');

/**
 * A subgraph's own SDL with the links to federation and to the sharing contract in front.
 * The publisher adds them, so that no subgraph can import the directives under other names (CVE-2025-64347).
 */
export function withHeader(sdl: string): string {
  return `${HEADER}${sdl}`;
}

const HEADER = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.12", import: [${list(FEDERATION)}])
  @link(url: "${SHARING_SPEC}", import: [${list([...DIRECTIVES, 'SharingClass', 'Mask', 'UpdateCycle', 'ReadUse'])}])
${DIRECTIVES.map((name) => `  @composeDirective(name: "${name}")`).join('\n')}

${SHARING_SDL}
`;

/** Lines in front of the owner's own. */
export const HEADER_LINES = HEADER.split('\n').length - 1;

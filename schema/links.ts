import { type ConstDirectiveNode, type DocumentNode, Kind } from 'graphql';
import { type Arguments, argumentsOf } from './directives.ts';

/** A link of a schema to a spec, as in https://specs.apollo.dev/link/v1.0. */
export interface Link {
  readonly node: ConstDirectiveNode;
  readonly url: string;
  /** The spec without its version. */
  readonly identity: string;
  /** The last word of the identity. */
  readonly spec: string;
  readonly major: number;
  readonly minor: number;
  /** The prefix of what is not imported. */
  readonly namespace: string;
  /** Local names by the spec's own; those of directives begin with `@`. */
  readonly imports: ReadonlyMap<string, string>;
}

const LINK_URL = /^(?<identity>https?:\/\/\S+\/(?<spec>[^/?#]+))\/v(?<major>\d+)\.(?<minor>\d+)\/?$/;
const LINK_SPEC = /^https:\/\/specs\.apollo\.dev\/link\/v1\.\d+$/;

/**
 * The links of a schema, and under which name it links: the spec of links is itself linked, and may be under another name.
 * What is no link, such as one without a version, is left out.
 */
export function linksOf({ definitions }: DocumentNode): { readonly links: readonly Link[]; readonly linkName: string } {
  const directives = definitions.flatMap((node) =>
    node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION ? (node.directives ?? []) : [],
  );
  const bootstrap = directives.find((node) => {
    const { url, as } = argumentsOf(node);
    return typeof url === 'string' && LINK_SPEC.test(url) && node.name.value === (as ?? 'link');
  });
  const linkName = bootstrap?.name.value ?? 'link';
  const links = directives.filter(({ name }) => name.value === linkName).flatMap((node) => linkOf(node) ?? []);
  return { links, linkName };
}

/** The name that an element of a spec has in a schema that links it: imported, or by the prefix of the link. */
export function localName({ spec, namespace, imports }: Link, element: string): string {
  const imported = imports.get(element);
  if (imported !== undefined) return imported;
  if (!element.startsWith('@')) return `${namespace}__${element}`;
  // A directive that is called as its spec goes by the name of the link.
  return element === `@${spec}` ? `@${namespace}` : `@${namespace}__${element.slice(1)}`;
}

function linkOf(node: ConstDirectiveNode): Link | undefined {
  const given = argumentsOf(node);
  const url = typeof given['url'] === 'string' ? given['url'] : '';
  const found = LINK_URL.exec(url)?.groups;
  if (!found) return undefined;
  const { identity = '', spec = '', major, minor } = found;
  return {
    node,
    url,
    identity,
    spec,
    major: Number(major),
    minor: Number(minor),
    namespace: typeof given['as'] === 'string' ? given['as'] : spec,
    imports: importsOf(given),
  };
}

function importsOf({ import: given }: Arguments): ReadonlyMap<string, string> {
  const list: readonly unknown[] = Array.isArray(given) ? given : given == null ? [] : [given];
  return new Map(list.flatMap((each) => importOf(each) ?? []));
}

/** `"@key"`, or `{ name: "@key", as: "@k" }`. */
function importOf(given: unknown): [[string, string]] | undefined {
  if (typeof given === 'string') return [[given, given]];
  if (typeof given !== 'object' || given === null || !('name' in given) || typeof given.name !== 'string')
    return undefined;
  const { name } = given;
  return [[name, 'as' in given && typeof given.as === 'string' ? given.as : name]];
}

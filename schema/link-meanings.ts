import { parse } from 'graphql';
import { withHeader } from './header.ts';
import { type Link, linksOf, localName } from './links.ts';

export const FEDERATION = 'https://specs.apollo.dev/federation';
/** What the header's version of federation has beside what the header imports: it is kept, under the prefix of that version. */
const BESIDE = [
  '@authenticated',
  '@requiresScopes',
  '@policy',
  '@cost',
  '@listSize',
  '@cacheTag',
  'FieldSet',
  'Scope',
  'Policy',
];
/** An argument filled from elsewhere reads an item that nobody decides on (GHSA-m8jr-fxqx-8xx6). */
export const NOT_OFFERED = ['@context', '@fromContext', 'ContextFieldValue'];

/** The links of the hub's header, by the specs that they are to. */
export const HEADER: ReadonlyMap<string, Link> = new Map(
  linksOf(parse(withHeader(''))).links.map((link) => [link.identity, link]),
);

/** What a name of a schema stands for. */
export interface Meaning {
  /** The name it has under the header. */
  readonly canonical: string;
  /** The name it has in its spec. */
  readonly element: string;
  readonly identity: string;
}

/** A name that would stand for two things. */
interface Ambiguous {
  readonly link: Link;
  readonly local: string;
  readonly elements: readonly string[];
}

/** What a spec has, as far as the hub knows it. */
export function elementsOf({ identity, imports }: Link): readonly string[] {
  return identity === FEDERATION ? [...imports.keys(), ...BESIDE, ...NOT_OFFERED] : [...imports.keys()];
}

/** What stands for what in a schema with these links, by name, with the `@` of directives; specs it does not link are the header's. */
export function meaningsOf(own: ReadonlyMap<string, Link>): {
  readonly meanings: ReadonlyMap<string, Meaning>;
  readonly ambiguous: readonly Ambiguous[];
} {
  const meanings = new Map<string, Meaning>();
  const ambiguous: Ambiguous[] = [];
  for (const header of HEADER.values())
    for (const element of elementsOf(header)) {
      const local = localName(own.get(header.identity) ?? header, element);
      const other = meanings.get(local);
      const link = own.get(header.identity) ?? (other && own.get(other.identity));
      if (other && link) ambiguous.push({ link, local, elements: [other.element, element] });
      meanings.set(local, { canonical: localName(header, element), element, identity: header.identity });
    }
  return { meanings, ambiguous };
}

/** Names that the header gives a meaning, and the link by which it does. */
export const HEADED: ReadonlyMap<string, Link> = new Map(
  [...HEADER.values()].flatMap((header) => elementsOf(header).map((each) => [localName(header, each), header])),
);

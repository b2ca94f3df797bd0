import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  Kind,
  type Location,
  parse,
  type SchemaDefinitionNode,
  type SchemaExtensionNode,
  visit,
} from 'graphql';
import { HubError } from '../lib/errors.ts';
import { nearestName } from '../lib/nearest-name.ts';
import { argumentsOf } from './directives.ts';
import { elementsOf, FEDERATION, HEADED, HEADER, type Meaning, meaningsOf, NOT_OFFERED } from './link-meanings.ts';
import { MAX_TOKENS } from './documents.ts';
import { type Link, linksOf, localName } from './links.ts';

/** What a subgraph's own links say that cannot be taken over, at its place in the owner's SDL (from 1). */
export interface LinkProblem {
  readonly line: number;
  readonly column: number;
  /** The directive, type or spec it is about. */
  readonly name: string;
  readonly problem: string;
  readonly fix: string;
}

export interface CanonicalNames {
  /** The SDL with the names of the header and without links of its own, line by line as its owner wrote it. */
  readonly sdl: string;
  readonly problems: readonly LinkProblem[];
}

/** Whoever wrote more reads no more; the SDL may be made of nothing else, and each takes time. */
const MOST_PROBLEMS = 100;
const LINK_SPEC = 'https://specs.apollo.dev/link';

/**
 * The SDL of a subgraph that brings its own `extend schema @link(…)`, as it can be published under the hub's header: directives
 * that it imported under other names, or uses by the prefix of a link, have the names of the header; its links and its own
 * copies of what they define are gone. An SDL without links is returned as it is, and lines keep their numbers.
 * @throws GraphQLError where it cannot be read, HubError LINKS_REFUSED with one line per problem.
 */
export function canonicalSdl(sdl: string): string {
  const { sdl: canonical, problems } = canonicalNames(sdl);
  if (problems.length === 0) return canonical;
  const listed = problems.map(({ line, column, problem, fix }) => `- line ${line}:${column}: ${problem} ${fix}`);
  throw new HubError('LINKS_REFUSED', `The links of this SDL cannot be taken over:\n${listed.join('\n')}`, {
    problems,
  });
}

/**
 * The same with problems as values; what a problem is about is still named as well as can be.
 * @throws GraphQLError where the SDL cannot be read.
 */
export function canonicalNames(sdl: string): CanonicalNames {
  const reading = new Reading(parse(sdl, { maxTokens: MAX_TOKENS }));
  reading.links();
  reading.schema();
  reading.definitions();
  reading.uses();
  const problems = reading.problems.sort((one, other) => one.line - other.line || one.column - other.column);
  return { sdl: edited(sdl, reading.edits), problems };
}

interface Located {
  readonly loc?: Location | undefined;
}
interface Edit {
  readonly start: number;
  readonly end: number;
  /** What stands there instead; undefined to take it out. */
  readonly text: string | undefined;
}

class Reading {
  readonly problems: LinkProblem[] = [];
  readonly edits: Edit[] = [];
  readonly #document: DocumentNode;
  readonly #own: ReadonlyMap<string, Link>;
  readonly #links: readonly Link[];
  readonly #linkNodes: ReadonlySet<ConstDirectiveNode>;
  readonly #linkName: string;
  /** By the name that the SDL uses, with the `@` of directives. */
  readonly #meanings: ReadonlyMap<string, Meaning>;
  readonly #reported = new Set<string>();

  constructor(document: DocumentNode) {
    this.#document = document;
    const { links, linkName } = linksOf(document);
    this.#links = links;
    this.#linkNodes = new Set(links.map(({ node }) => node));
    this.#linkName = linkName;
    this.#own = new Map(links.map((link) => [link.identity, link]));
    const { meanings, ambiguous } = meaningsOf(this.#own);
    this.#meanings = meanings;
    for (const { link, local, elements } of ambiguous)
      this.#note(
        link.node,
        local,
        `${local} would stand for ${elements.join(' and for ')}.`,
        'Import one under another name.',
      );
  }

  /** Whether the links are to specs the hub has, in a version it has, and import what these have. */
  links(): void {
    for (const link of this.#links) {
      if (link.identity === LINK_SPEC) continue;
      const header = HEADER.get(link.identity);
      const twice = this.#own.get(link.identity) !== link;
      if (!header)
        this.#note(
          link.node,
          link.url,
          `${link.url} is no spec that the hub offers.`,
          'Take the link and what it imports out.',
        );
      else if (twice) this.#note(link.node, link.url, `${link.url} is linked twice.`, 'Link it once.');
      else if (link.major !== header.major || link.minor > header.minor)
        this.#note(
          link.node,
          link.url,
          `The hub offers ${header.url}, not ${link.url}.`,
          `Link ${header.url} or a lower minor version.`,
        );
      else this.#imports(link, header);
    }
  }

  #imports(link: Link, header: Link): void {
    const known = elementsOf(header);
    for (const [element, local] of link.imports) {
      if (this.problems.length >= MOST_PROBLEMS) return;
      if (NOT_OFFERED.includes(element) && link.identity === FEDERATION) this.#notOffered(link.node, element);
      else if (!known.includes(element))
        this.#note(link.node, element, `${link.url} has no ${element}.`, didYouMean(element, known));
      else if (link.identity !== FEDERATION && local !== element) this.#renamed(link.node, { local, element });
    }
  }

  /** Takes links and what composes the sharing directives off the schema; the header has its own. */
  schema(): void {
    for (const node of this.#document.definitions) {
      if (node.kind !== Kind.SCHEMA_DEFINITION && node.kind !== Kind.SCHEMA_EXTENSION) continue;
      const dropped = (node.directives ?? []).filter((directive) => this.#isDropped(directive));
      if (dropped.length === 0) continue;
      if (isNothingBut(node, dropped)) this.#replace(node, undefined);
      else for (const directive of dropped) this.#replace(directive, undefined);
    }
  }

  #isDropped(directive: ConstDirectiveNode): boolean {
    if (this.#linkNodes.has(directive)) return true;
    const { name, url, feature } = argumentsOf(directive);
    if (url !== undefined || feature !== undefined) {
      this.#note(
        directive,
        `@${directive.name.value}`,
        `@${directive.name.value} links no spec and version under the name of links, which is @${this.#linkName}.`,
        `Write @${this.#linkName}(url: "https://…/name/v1.0", …), or take it out.`,
      );
      return false;
    }
    if (this.#meanings.get(`@${directive.name.value}`)?.element !== '@composeDirective') return false;
    return this.#isComposed(directive, typeof name === 'string' ? name : 'no directive');
  }

  /** Notes what a `@composeDirective` cannot keep; those of the sharing directives are the header's. */
  #isComposed(directive: ConstDirectiveNode, name: string): true {
    const meaning = this.#meanings.get(name);
    if (meaning && meaning.identity !== FEDERATION && meaning.canonical === name) return true;
    if (meaning && meaning.identity !== FEDERATION)
      this.#renamed(directive, { local: name, element: meaning.canonical });
    else
      this.#note(
        directive,
        name,
        `@composeDirective keeps ${name} in the supergraph, and the hub knows no such directive.`,
        'Take it out.',
      );
    return true;
  }

  /** Takes out the SDL's own copies of what its links define. What it defines anew under a name of the header is refused. */
  definitions(): void {
    for (const node of this.#document.definitions) {
      const name = definedName(node);
      if (name === undefined) continue;
      const meaning = this.#meanings.get(name);
      if (meaning ? this.#own.has(meaning.identity) : this.#isOfLinkSpec(name)) this.#replace(node, undefined);
      else if (HEADED.has(name) && (meaning ? meaning.identity !== FEDERATION : this.#links.length > 0))
        this.#note(
          node,
          name,
          `It defines ${name} itself, and under the hub's header ${name} is that of ${HEADED.get(name)?.url ?? 'the hub'}.`,
          meaning ? 'Leave the definition out: the header has it.' : 'Give its own another name.',
        );
    }
  }

  #isOfLinkSpec(name: string): boolean {
    const link = this.#own.get(LINK_SPEC);
    const types = ['Import', 'Purpose'].map((type) => (link ? localName(link, type) : `${this.#linkName}__${type}`));
    return this.#links.length > 0 && [`@${this.#linkName}`, ...types].includes(name);
  }

  /** Gives every use of a directive or type of a spec the name that it has under the header. */
  uses(): void {
    visit(this.#document, {
      SchemaDefinition: () => false,
      SchemaExtension: () => false,
      Directive: ({ name }) => this.#use(name, `@${name.value}`),
      NamedType: ({ name }) => this.#use(name, name.value),
    });
  }

  #use(node: Located & { readonly value: string }, local: string): void {
    const meaning = this.#meanings.get(local);
    if (meaning) {
      const { canonical, element, identity } = meaning;
      if (NOT_OFFERED.includes(element)) this.#notOffered(node, element);
      else if (identity !== FEDERATION && local !== canonical) this.#renamed(node, { local, element });
      if (local !== canonical) this.#replace(node, canonical.replace('@', ''));
      return;
    }
    const prefix = [...HEADER.values()].find((header) =>
      local.startsWith(`@${(this.#own.get(header.identity) ?? header).namespace}__`),
    );
    if (prefix)
      this.#note(
        node,
        local,
        `${local} is nothing: ${prefix.url} has no such directive, or it is imported under another name.`,
        'Write the name under which it is imported.',
      );
  }

  #renamed(node: Located, { local, element }: { local: string; element: string }): void {
    this.#note(
      node,
      local,
      `${local} would stand for ${element}, and whoever reads the SDL for its policy would not see it.`,
      `Write ${element}.`,
    );
  }

  #notOffered(node: Located, element: string): void {
    this.#note(
      node,
      element,
      `The hub does not offer ${element}: it reads items that nobody decides on.`,
      'Use @requires, or an argument that its caller fills.',
    );
  }

  #note({ loc }: Located, name: string, problem: string, fix: string): void {
    if (this.#reported.has(name) || this.problems.length >= MOST_PROBLEMS) return;
    const { line, column } = loc?.startToken ?? { line: 1, column: 1 };
    this.#reported.add(name);
    this.problems.push({ line, column, name, problem, fix });
  }

  #replace({ loc }: Located, text: string | undefined): void {
    if (loc) this.edits.push({ start: loc.start, end: loc.end, text });
  }
}

function didYouMean(typed: string, known: readonly string[]): string {
  const meant = nearestName(typed, known);
  return meant === undefined ? 'Take it out of the import.' : `Did you mean ${meant}?`;
}

function isNothingBut(
  node: SchemaDefinitionNode | SchemaExtensionNode,
  dropped: readonly ConstDirectiveNode[],
): boolean {
  return dropped.length === node.directives?.length && (node.operationTypes ?? []).length === 0;
}

function definedName(node: DefinitionNode): string | undefined {
  if (node.kind === Kind.DIRECTIVE_DEFINITION) return `@${node.name.value}`;
  const isOfSpec = node.kind === Kind.SCALAR_TYPE_DEFINITION || node.kind === Kind.ENUM_TYPE_DEFINITION;
  return isOfSpec ? node.name.value : undefined;
}

/** The text with edits that do not overlap, or lie in one that takes all out; line breaks stay. */
function edited(text: string, edits: readonly Edit[]): string {
  const parts: string[] = [];
  let done = 0;
  for (const { start, end, text: instead } of [...edits].sort((a, b) => a.start - b.start)) {
    if (start < done) continue;
    parts.push(text.slice(done, start), instead ?? text.slice(start, end).replace(/[^\r\n]+/g, ''));
    done = end;
  }
  return [...parts, text.slice(done)].join('');
}

import { createHash } from 'node:crypto';
import type { RoutedSubgraph } from '../../schema/compose.ts';

/** One subgraph in a release. Its SDL is kept once for each version, by its hash. */
export interface ReleasedSubgraph {
  readonly name: string;
  /** Department code of the owner. */
  readonly owner: string;
  /** Where it answers; `local:<name>` where each gateway has it beside itself or is told by its settings. */
  readonly url: string;
  /** SHA-256 of its SDL, base64url. */
  readonly version: string;
}

/** What a gateway serves and decides by, both as text. */
export interface ReleaseContent {
  readonly supergraph: string;
  readonly policy: string;
}

export type ReleaseKind =
  /** What a hub was started with. */
  | 'STARTED'
  | 'PUBLISHED'
  | 'ROLLED_BACK'
  /** A subgraph has another owner. */
  | 'TRANSFERRED'
  /** A subgraph was taken out. */
  | 'WITHDRAWN';

/** 发布: a supergraph and its policy table, numbered and never changed. */
export interface Release extends ReleaseContent {
  /** 1, 2, 3 … without gaps; the highest is in force. */
  readonly number: number;
  /** Hash of the content. */
  readonly digest: string;
  /** Digest of the release before; absent on the first. */
  readonly previous?: string | undefined;
  readonly subgraphs: readonly ReleasedSubgraph[];
  /** The policy of items that earlier releases had and this one has not, as a policy table: nobody forgets how strict they were. */
  readonly retired: string;
  readonly at: Date;
  readonly kind: ReleaseKind;
  /** Who made it, and why. */
  readonly department: string;
  readonly officer: string;
  readonly message: string;
  /** The subgraph that is new in it. */
  readonly subgraph?: string | undefined;
  /** The release whose content it brings back. */
  readonly restores?: number | undefined;
  /** The hub's signature over all of it, a compact JWS. */
  readonly signature: string;
}

/** A release before it has a number. */
export type Unnumbered = Omit<Release, 'number' | 'digest' | 'previous' | 'at' | 'signature'>;

/** SHA-256 of supergraph and policy table, base64url. The length in front keeps two texts from passing for two others. */
export function contentDigest({ supergraph, policy }: ReleaseContent): string {
  return createHash('sha256').update(`${supergraph.length}:${supergraph}${policy}`).digest('base64url');
}

/** SHA-256 of everything a release says, its signature aside, base64url. */
export function recordDigest(release: Omit<Release, 'signature'>): string {
  const { number, digest, previous, subgraphs, retired, at, kind, department, officer, message, subgraph, restores } =
    release;
  const parts = subgraphs.map(({ name, owner, url, version }) => [name, owner, url, version]);
  const by = [kind, department, officer, message, subgraph ?? null, restores ?? null];
  return createHash('sha256')
    .update(JSON.stringify([number, digest, previous ?? null, parts, retired, at.toISOString(), by]))
    .digest('base64url');
}

/** SHA-256 of a subgraph's SDL, base64url. */
export function versionOf(sdl: string): string {
  return createHash('sha256').update(sdl).digest('base64url');
}

export function released({ name, owner, url, sdl }: RoutedSubgraph): ReleasedSubgraph {
  return { name, owner, url, version: versionOf(sdl) };
}

import type { Release } from '../gateway/server.ts';
import { buildSupergraphInTurns } from '../gateway/supergraph.ts';
import { HubError, messageOf } from '../lib/errors.ts';
import { httpTransport } from '../lib/http-transport.ts';
import { isOpenlySent, longestFetch, type Settings } from '../lib/settings.ts';
import type { SubgraphTransport } from '../lib/transport.ts';
import { policyFromJson } from '../schema/policy-json.ts';
import { EMPTY_POLICY } from '../schema/policy-table.ts';

export interface ReleaseTexts {
  readonly supergraph: string;
  /** Absent on an open gateway. */
  readonly policy?: string | undefined;
}

/** The connections in use, by subgraph: a release that changes no URL keeps them. */
export type Connections = ReadonlyMap<string, { readonly url: string; readonly transport: SubgraphTransport }>;

export interface ReadingOptions {
  readonly settings: Settings;
  /** URLs that come before those of the supergraph, by subgraph. */
  readonly subgraphUrls: Readonly<Record<string, string>>;
  readonly known: Connections;
  /** How an operator names the URL of a subgraph. */
  readonly naming: (name: string) => string;
  /** Subgraphs that run in this process; no URL is asked of them. */
  readonly local?: ReadonlyMap<string, SubgraphTransport> | undefined;
}

/**
 * Builds a release from a supergraph and its policy table; nothing of it is in force yet.
 * @throws HubError SUPERGRAPH_REFUSED or BAD_POLICY, saying what is wrong with which.
 */
export async function readRelease(
  texts: ReleaseTexts,
  options: ReadingOptions,
): Promise<{ readonly release: Release; readonly connections: Connections }> {
  const supergraph = await built(texts.supergraph);
  const table = texts.policy === undefined ? EMPTY_POLICY : policyFromJson(texts.policy);
  const { local = new Map<string, SubgraphTransport>() } = options;
  const urls = [...supergraph.subgraphs]
    .filter(([name]) => !local.has(name))
    .map(([name, url]) => [name, options.subgraphUrls[name] ?? url] as const);
  const problems = urls.flatMap(([name, url]) => problemWith(name, url, options) ?? []);
  if (problems.length > 0) throw refused(problems.join('\n'));
  const connections = new Map(urls.map(([name, url]) => [name, connected(name, url, options)]));
  const transports = new Map([
    ...local,
    ...[...connections].map(([name, { transport }]) => [name, transport] as const),
  ]);
  return { release: { supergraph, table, transports }, connections };
}

async function built(sdl: string): Promise<Release['supergraph']> {
  try {
    return await buildSupergraphInTurns(sdl);
  } catch (thrown) {
    throw refused(`The supergraph cannot be used: ${messageOf(thrown)}`);
  }
}

function problemWith(name: string, url: string, { settings, naming }: ReadingOptions): string | undefined {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url))
    return `${name}: the supergraph gives no HTTP URL for it. Name one: ${naming(name)}`;
  if (settings.production && isOpenlySent(url))
    return `${name}: in production its data would go unencrypted. Name an https URL, or one of this host: ${naming(name)}`;
  return undefined;
}

function connected(subgraph: string, url: string, { known, settings }: ReadingOptions) {
  const connection = known.get(subgraph);
  if (connection?.url === url) return connection;
  return { url, transport: httpTransport({ subgraph, url, timeoutMs: longestFetch(settings) }) };
}

function refused(problem: string): HubError {
  return new HubError('SUPERGRAPH_REFUSED', problem);
}

import { resolve } from 'node:path';
import { z } from 'zod';
import { CHECK_PATIENCE } from './check-patience.ts';
import { HubError } from './errors.ts';
import type { PrivateKeyJwk } from './keys/jwk.ts';
import type { StoreSettings } from './mongo/connect-store.ts';
import { nearestName } from './nearest-name.ts';
import { CONFIDENTIAL, mongodbUrl, subgraphUrl, variables } from './settings-variables.ts';

/** What an operator decides, parsed. Paths are absolute, times in milliseconds. */
export interface Settings {
  readonly production: boolean;
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  readonly keys: KeySettings;
  /** MongoDB URLs: `byDatabase` first, then `url`; the embedded store where there is neither (see `storeFor`). */
  readonly stores: { readonly url?: string | undefined; readonly byDatabase: Readonly<Record<string, string>> };
  /** Whose tokens are accepted. Without `jwks` it is the development issuer, whose keys are in the key folder. */
  readonly tokens: { readonly issuer: string; readonly audience: string; readonly jwks?: string | undefined };
  /** How people sign in to the pages; absent, the development issuer does it, and in production nobody can. */
  readonly signIn?: SignInSettings | undefined;
  /** Origin by which browsers know the hub, such as https://hub.example; absent, where it listens. */
  readonly origin?: string | undefined;
  /** 行政区划代码 of the division that the pages begin with. */
  readonly home: string;
  /** The token of whoever runs a command that asks the endpoint. */
  readonly token?: string | undefined;
  /** By which whoever publishes a schema signs it. */
  readonly publishingKey?: PrivateKeyJwk | undefined;
  /** File or URL of the gateway's public keys; absent, the key folder has them. */
  readonly gatewayJwks?: string | undefined;
  /** File or URL of the public keys that verify releases; absent, the key folder has them. */
  readonly releaseJwks?: string | undefined;
  /** Subgraphs that run elsewhere: the URL of their GraphQL endpoint by name. */
  readonly subgraphUrls: Readonly<Record<string, string>>;
  /** What `hub seed` generates. */
  readonly data: { readonly persons: number; readonly seed: string };
  readonly logLevel: z.infer<typeof variables>['HUB_LOG_LEVEL'];
  /** Milliseconds; a mutation has `action` in place of the first two. */
  readonly timeouts: {
    readonly request: number;
    readonly subgraph: number;
    readonly action: number;
    readonly check: number;
  };
  /** What one operation may ask for (`Limits` of the gateway). */
  readonly limits: {
    readonly maxDepth: number;
    readonly maxFields: number;
    readonly maxRootFields: number;
    readonly maxCost: number;
  };
  /** Requests of one application. */
  readonly rate: { readonly perSecond: number; readonly burst: number };
  /** Proxies whose X-Forwarded-For is believed: none, so many hops, or these addresses. */
  readonly trustProxy: false | number | readonly string[];
}

/** An OpenID provider, which gives access tokens for the endpoint. */
export interface SignInSettings {
  readonly issuer: string;
  readonly clientId: string;
  /** Absent for a public client. */
  readonly clientSecret?: string | undefined;
  /** OAuth scopes, separated by spaces. */
  readonly scope: string;
}

export interface KeySettings {
  readonly dir: string;
  readonly production: boolean;
  /** Given by the environment, these come before the files of the folder. */
  readonly gatewayKey?: PrivateKeyJwk | undefined;
  readonly secrets: Readonly<Partial<Record<'cursor' | 'session' | 'subjects', Buffer | undefined>>>;
}

export interface SettingsOptions {
  /** The subgraphs that exist: a variable named after another one is a mistake. */
  readonly subgraphs: readonly string[];
  /** What the process does. A `hub` accepts tokens, and therefore names their issuer in production. */
  readonly role?: 'hub' | 'subgraph' | 'tool' | undefined;
}

export type Variables = Readonly<Record<string, string | undefined>>;

export const DEVELOPMENT_ISSUER = 'urn:shuniu:development-issuer';
/** The name of the hub's own database, beside one for each subgraph. */
export const HUB_DATABASE = 'hub';

const OF_SUBGRAPH = /^(?:MONGODB_URL_(?<database>\w+)|HUB_SUBGRAPH_(?<endpoint>\w+)_URL)$/;
const OURS = /^(HUB_|MONGODB_URL)/;

/**
 * Reads settings from variables. An empty variable counts as absent, as compose files write them.
 * @throws HubError SETTINGS_REFUSED with a sentence for each variable that is unknown, malformed or missing.
 */
export function parseSettings(given: Variables, options: SettingsOptions): Settings {
  const present = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value !== ''));
  const named = readNamed(present as Record<string, string>, options.subgraphs);
  const parsed = variables.safeParse(present);
  const problems = [...named.problems, ...(parsed.error?.issues ?? []).map((issue) => malformed(issue, present))];
  if (!parsed.success) throw refused(problems);
  const settings = assemble(parsed.data, named);
  problems.push(...contradictions(settings, options.role ?? 'hub'), ...ofSignIn(parsed.data));
  if (problems.length > 0) throw refused(problems);
  return settings;
}

/** How to reach the database of a subgraph, or the hub's own. */
export function storeFor(settings: Settings, database: string): StoreSettings {
  return { url: settings.stores.byDatabase[database] ?? settings.stores.url, dataDir: settings.dataDir };
}

interface Named {
  readonly byDatabase: Record<string, string>;
  readonly subgraphUrls: Record<string, string>;
  readonly problems: string[];
}

/** Variables that carry the name of a subgraph, and those that are none of ours. */
function readNamed(present: Record<string, string>, subgraphs: readonly string[]): Named {
  const named: Named = { byDatabase: {}, subgraphUrls: {}, problems: [] };
  for (const [variable, value] of Object.entries(present)) {
    if (!OURS.test(variable) || variable in variables.shape) continue;
    const { database, endpoint } = OF_SUBGRAPH.exec(variable)?.groups ?? {};
    const name = (database ?? endpoint)?.toLowerCase().replaceAll('_', '-');
    const schema = database ? mongodbUrl : subgraphUrl;
    if (name === undefined || !(subgraphs.includes(name) || (database && name === HUB_DATABASE)))
      named.problems.push(unknown(variable, value, subgraphs));
    else if (!schema.safeParse(value).success)
      named.problems.push(`${variable}: the value cannot be used. Set ${schema.description ?? 'a URL'}.`);
    else (database ? named.byDatabase : named.subgraphUrls)[name] = value;
  }
  return named;
}

function unknown(variable: string, value: string, subgraphs: readonly string[]): string {
  if (/_(SERVICE|PORT)(_|$)/.test(variable) || value.startsWith('tcp://'))
    return `${variable}: not a setting; Kubernetes adds it for a service named hub. Set enableServiceLinks: false on the pod.`;
  const upper = subgraphs.map((name) => name.toUpperCase().replaceAll('-', '_'));
  const names = [
    ...Object.keys(variables.shape),
    ...upper.flatMap((name) => [`MONGODB_URL_${name}`, `HUB_SUBGRAPH_${name}_URL`]),
    'MONGODB_URL_HUB',
  ];
  const near = nearestName(variable, names);
  const advice = near ? `Set ${near} if that is meant, or unset it.` : `Unset it; subgraphs are ${upper.join(', ')}.`;
  return `${variable}: not a setting of the hub. ${advice}`;
}

function malformed(issue: z.core.$ZodIssue, present: Variables): string {
  const variable = String(issue.path[0]);
  const value = CONFIDENTIAL.test(variable) ? 'the value' : JSON.stringify(present[variable]);
  const schema = (variables.shape as Record<string, z.ZodType>)[variable];
  return `${variable}: ${value} cannot be used. Set ${(schema && expectation(schema)) ?? 'another value'}.`;
}

/** The description of a variable is kept by the schema inside its default. */
function expectation(schema: z.ZodType): string | undefined {
  if (schema.description !== undefined) return schema.description;
  const wrapped = schema instanceof z.ZodDefault || schema instanceof z.ZodOptional;
  return wrapped ? expectation(schema.unwrap() as z.ZodType) : undefined;
}

function assemble(read: z.infer<typeof variables>, named: Named): Settings {
  const production = read.NODE_ENV === 'production';
  const dataDir = resolve(read.DATA_DIR);
  return {
    production,
    host: read.HUB_HOST,
    port: read.HUB_PORT,
    dataDir,
    keys: {
      dir: read.KEY_DIR ? resolve(read.KEY_DIR) : resolve(dataDir, 'keys'),
      production,
      gatewayKey: read.HUB_GATEWAY_KEY,
      secrets: {
        cursor: read.HUB_CURSOR_SECRET,
        session: read.HUB_SESSION_SECRET,
        subjects: read.HUB_SUBJECTS_SECRET,
      },
    },
    stores: { url: read.MONGODB_URL, byDatabase: named.byDatabase },
    tokens: {
      issuer: read.HUB_ISSUER ?? (read.HUB_JWKS ? '' : DEVELOPMENT_ISSUER),
      audience: read.HUB_AUDIENCE,
      jwks: located(read.HUB_JWKS),
    },
    signIn: signInBy(read),
    origin: read.HUB_ORIGIN,
    home: read.HUB_DIVISION,
    token: read.HUB_TOKEN,
    publishingKey: read.HUB_PUBLISHING_KEY,
    gatewayJwks: located(read.HUB_GATEWAY_JWKS),
    releaseJwks: located(read.HUB_RELEASE_JWKS),
    subgraphUrls: named.subgraphUrls,
    data: { persons: read.HUB_PERSONS, seed: read.HUB_SEED },
    logLevel: read.HUB_LOG_LEVEL,
    timeouts: {
      request: read.HUB_REQUEST_TIMEOUT_MS,
      subgraph: read.HUB_SUBGRAPH_TIMEOUT_MS,
      action: read.HUB_ACTION_TIMEOUT_MS,
      check: read.HUB_CHECK_TIMEOUT_MS,
    },
    limits: {
      maxDepth: read.HUB_MAX_DEPTH,
      maxFields: read.HUB_MAX_FIELDS,
      maxRootFields: read.HUB_MAX_ROOT_FIELDS,
      maxCost: read.HUB_MAX_COST,
    },
    rate: { perSecond: read.HUB_RATE_PER_SECOND, burst: read.HUB_RATE_BURST },
    trustProxy: read.HUB_TRUST_PROXY,
  };
}

function signInBy(read: z.infer<typeof variables>): SignInSettings | undefined {
  const { HUB_OIDC_ISSUER: issuer, HUB_OIDC_CLIENT_ID: clientId } = read;
  if (issuer === undefined || clientId === undefined) return undefined;
  return { issuer, clientId, clientSecret: read.HUB_OIDC_CLIENT_SECRET, scope: read.HUB_OIDC_SCOPE };
}

function located(fileOrUrl: string | undefined): string | undefined {
  return fileOrUrl === undefined || fileOrUrl.includes('://') ? fileOrUrl : resolve(fileOrUrl);
}

/** Values that are right alone and wrong together. */
function contradictions({ production, tokens, ...settings }: Settings, role: 'hub' | 'subgraph' | 'tool'): string[] {
  const problems: string[] = [];
  if (tokens.jwks && !tokens.issuer)
    problems.push('HUB_ISSUER: missing beside HUB_JWKS. Set the `iss` of the tokens that these keys sign.');
  if (production && role === 'hub' && !tokens.jwks)
    problems.push(
      'HUB_JWKS: missing, and the development issuer is refused in production. Set the file or https URL of your token issuer’s public keys, and HUB_ISSUER and HUB_AUDIENCE.',
    );
  if (production && settings.keys.gatewayKey?.environment === 'development')
    problems.push('HUB_GATEWAY_KEY: made for development. Set a key made by NODE_ENV=production hub keys init.');
  const urls = {
    HUB_JWKS: tokens.jwks,
    HUB_GATEWAY_JWKS: settings.gatewayJwks,
    HUB_RELEASE_JWKS: settings.releaseJwks,
  };
  for (const [variable, url] of Object.entries(urls))
    if (production && url !== undefined && isOpenlySent(url))
      problems.push(
        `${variable}: whoever changes these keys on their way becomes their owner. Set an https URL or a file.`,
      );
  const { check, action } = settings.timeouts;
  if (CHECK_PATIENCE * check >= action)
    problems.push(
      `HUB_CHECK_TIMEOUT_MS: a check may take ${CHECK_PATIENCE} times ${check} ms by the clock, and whoever publishes would not hear of it any more after ${action} ms. Set less, or more for HUB_ACTION_TIMEOUT_MS.`,
    );
  for (const [name, url] of Object.entries(settings.subgraphUrls))
    if (production && isOpenlySent(url))
      problems.push(
        `HUB_SUBGRAPH_${name.toUpperCase().replaceAll('-', '_')}_URL: personal data would go unencrypted. Set an https URL, or one of this host.`,
      );
  return problems;
}

/** What people sign in by, where its parts do not fit together. */
function ofSignIn({ NODE_ENV, HUB_ORIGIN, ...read }: z.infer<typeof variables>): string[] {
  const { HUB_OIDC_ISSUER: issuer, HUB_OIDC_CLIENT_ID: client, HUB_OIDC_CLIENT_SECRET: clientSecret } = read;
  const problems: string[] = [];
  if (issuer !== undefined && client === undefined)
    problems.push('HUB_OIDC_CLIENT_ID: missing beside HUB_OIDC_ISSUER. Set the id by which this issuer knows the hub.');
  if (issuer === undefined && (client ?? clientSecret) !== undefined)
    problems.push('HUB_OIDC_ISSUER: missing. Set the URL of the OpenID provider by which people sign in.');
  if (NODE_ENV !== 'production') return problems;
  if (issuer !== undefined && HUB_ORIGIN === undefined)
    problems.push('HUB_ORIGIN: missing beside HUB_OIDC_ISSUER. Set the origin by which browsers know the hub.');
  if (HUB_ORIGIN !== undefined && isOpenlySent(HUB_ORIGIN))
    problems.push('HUB_ORIGIN: sessions would go unencrypted. Set an https origin, such as https://hub.example.');
  if (issuer !== undefined && isOpenlySent(issuer))
    problems.push('HUB_OIDC_ISSUER: tokens would go unencrypted. Set an https URL.');
  return problems;
}

/** Milliseconds of the longest fetch; where a shorter one must do, the request's own signal ends it. */
export function longestFetch({ timeouts }: Pick<Settings, 'timeouts'>): number {
  return Math.max(timeouts.subgraph, timeouts.action);
}

/** Milliseconds of the longest request: after so many nothing is under way that began before. */
export function longestRequest({ timeouts }: Pick<Settings, 'timeouts'>): number {
  return Math.max(timeouts.request, timeouts.action);
}

/** Whether what is sent to a URL can be read on its way: http, and not to this host. */
export function isOpenlySent(url: string): boolean {
  return url.startsWith('http://') && !/^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(url).hostname);
}

function refused(problems: readonly string[]): HubError {
  return new HubError('SETTINGS_REFUSED', [...new Set(problems)].join('\n'));
}

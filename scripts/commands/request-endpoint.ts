import { readFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { decodeJwt } from 'jose';
import { z } from 'zod';
import { HubError, messageOf } from '../../lib/errors.ts';
import { isCalendarDate } from '../../lib/scalars.ts';
import { isOpenlySent } from '../../lib/settings.ts';
import { printJson } from '../command-line.ts';
import { settingsOf } from '../read-settings.ts';

/** What the commands about requests and grants share: they are clients of the endpoint, and send their caller's token. */
export interface EndpointOptions {
  readonly url?: string;
  readonly tokenFile?: string;
  readonly json?: true;
}

export interface Endpoint {
  readonly url: string;
  /** The purpose that the token names. */
  readonly purpose: string | undefined;
  /** @throws HubError REFUSED with what the endpoint said, ENDPOINT_UNREACHABLE where it said nothing. */
  readonly ask: <Data>(query: string, variables: Record<string, unknown>, data: z.ZodType<Data>) => Promise<Data>;
}

/** Longer than an action may take: the hub says itself what was late. */
const WITHIN = 40_000;

export function withEndpointOptions(command: Command): Command {
  return command
    .option('--url <url>', 'the endpoint (http://127.0.0.1:4000/graphql, or what HUB_PORT says)')
    .option('--token-file <file>', 'file that holds the token; the variable HUB_TOKEN when absent')
    .option('--json', 'print the answer as JSON');
}

/** @throws HubError TOKEN_MISSING, URL_REFUSED, SETTINGS_REFUSED */
export async function endpoint({ url: given, tokenFile }: EndpointOptions): Promise<Endpoint> {
  const settings = settingsOf({}, 'tool');
  const url = given ?? `http://127.0.0.1:${settings.port === 0 ? 4000 : settings.port}/graphql`;
  if (!/^https?:\/\//.test(url) || !URL.canParse(url))
    throw new HubError('URL_REFUSED', '--url: not a URL. Give one such as https://hub.example/graphql.');
  if (isOpenlySent(url))
    throw new HubError('URL_REFUSED', '--url: the token would go unencrypted. Give an https URL, or one of this host.');
  const token = tokenFile === undefined ? settings.token : await tokenIn(tokenFile);
  if (token === undefined)
    throw new HubError(
      'TOKEN_MISSING',
      'No token: set HUB_TOKEN, or name a file by --token-file. In development: export HUB_TOKEN=$(hub token … --officer <id> --role sharing-officer).',
    );
  return {
    url,
    purpose: purposeOf(token),
    ask: async (query, variables, data) => read(await send(url, token, { query, variables }), data, url),
  };
}

async function tokenIn(file: string): Promise<string> {
  try {
    const text = (await readFile(file, 'utf8')).trim();
    if (/^[\w-]+\.[\w-]+\.[\w-]+$/.test(text)) return text;
  } catch (thrown) {
    throw new HubError('TOKEN_MISSING', `--token-file: cannot be read (${messageOf(thrown)}). Name another file.`);
  }
  throw new HubError('TOKEN_MISSING', '--token-file: holds no token. Write what `hub token` prints into it.');
}

/** As a default of what is asked for; the endpoint alone verifies the token. */
function purposeOf(token: string): string | undefined {
  try {
    const { purpose } = decodeJwt(token);
    return typeof purpose === 'string' ? purpose : undefined;
  } catch {
    // A token that cannot be read here is refused by the endpoint, which says why.
    return undefined;
  }
}

async function send(url: string, token: string, body: object): Promise<Response> {
  try {
    return await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
      // Another address must not be handed the token.
      redirect: 'error',
      signal: AbortSignal.timeout(WITHIN),
    });
  } catch (thrown) {
    const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown;
    throw new HubError(
      'ENDPOINT_UNREACHABLE',
      `${url}: no answer (${messageOf(cause) || 'connection refused'}). Start the hub there, or name its endpoint by --url.`,
    );
  }
}

const refusals = z.array(z.object({ message: z.string(), extensions: z.record(z.string(), z.unknown()).optional() }));
const reply = z.object({ data: z.unknown().optional(), errors: refusals.optional() });

async function read<Data>(response: Response, schema: z.ZodType<Data>, url: string): Promise<Data> {
  const parsed = reply.safeParse(await response.json().catch(() => undefined));
  if (!parsed.success)
    throw new HubError(
      'ENDPOINT_UNREACHABLE',
      `${url}: answered with status ${response.status}, not as a GraphQL endpoint does. Name the hub's endpoint by --url.`,
    );
  const { data, errors = [] } = parsed.data;
  if (errors.length > 0)
    throw new HubError(
      'REFUSED',
      errors
        .map(({ message, extensions }) =>
          extensions?.['reason'] === 'NOT_AN_ACTOR'
            ? 'roles: the token lacks the role for this. Use one with --officer <id> and --role sharing-officer to decide, schema-publisher to publish, hub-operator to run the hub.'
            : message,
        )
        .join('\n'),
    );
  const fit = schema.safeParse(data);
  if (fit.success) return fit.data;
  throw new HubError('REFUSED', `${url}: there is nothing of this id that your department may see. Check the id.`);
}

/** One page of a connection, asked for as `edges { node { … } } pageInfo { hasNextPage }`. */
export function pageOf<Node>(node: z.ZodType<Node>) {
  return z.object({ edges: z.array(z.object({ node })), pageInfo: z.object({ hasNextPage: z.boolean() }) });
}

/** Prints a page, and says where it is not all. */
export function printPage<Node>(
  { edges, pageInfo }: z.infer<ReturnType<typeof pageOf<Node>>>,
  { json }: EndpointOptions,
  table: (nodes: readonly Node[]) => void,
): void {
  const nodes = edges.map(({ node }) => node);
  if (json) printJson(nodes);
  else table(nodes);
  if (pageInfo.hasNextPage) process.stderr.write('There are more: ask for them by --first.\n');
}

export interface AskedItem {
  readonly coordinate: string;
  readonly uses: readonly string[];
}

/** `Type.field`, or `Type.field=LOOKUP,OUTPUT`. */
export function gatherItem(value: string, before: readonly AskedItem[] = []): AskedItem[] {
  const [coordinate = '', uses = 'OUTPUT'] = value.split('=');
  const named = uses.split(',');
  if (!named.every((use) => ['OUTPUT', 'LOOKUP', 'VERIFY', 'FILTER'].includes(use)))
    throw new InvalidArgumentError('Give Type.field=USE,USE of OUTPUT, LOOKUP, VERIFY and FILTER.');
  return [...before, { coordinate, uses: named }];
}

/** A moment, or a day, which begins at midnight in China. */
export function moment(value: string): string {
  const text = isCalendarDate(value) ? `${value}T00:00:00+08:00` : value;
  const date = new Date(text);
  if (!/^\d{4}-\d{2}-\d{2}T/.test(text) || Number.isNaN(date.getTime()))
    throw new InvalidArgumentError('Give a day such as 2027-06-30, or a moment such as 2027-06-30T08:00:00Z.');
  return date.toISOString();
}

export function count(value: string): number {
  const number = Number(value);
  if (!/^\d{1,6}$/.test(value) || number < 1) throw new InvalidArgumentError('Give a whole number from 1 on.');
  return number;
}

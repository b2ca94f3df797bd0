/**
 * What sharing costs a gateway: one operation over four subgraphs, answered by gateways that differ in sharing alone. They are
 * built from one supergraph, over the same subgraphs in this process, and asked through `Gateway.answer`.
 *
 * open: nothing is authenticated, decided, counted, signed or recorded. All others: token, decision, confirmed rows
 * (`inScope`), counted data subjects and signed contexts; "recorded" writes the audit entry into an embedded store as well.
 * No contender has the guard of the subgraphs, which bench/shield.ts measures, nor verifies contexts.
 */
import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { Option } from 'commander';
import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { pino } from 'pino';
import { authenticator } from '../gateway/authenticate.ts';
import { createGateway, type Gateway, type GatewayOptions } from '../gateway/server.ts';
import { buildSupergraph } from '../gateway/supergraph.ts';
import { HUB_DATABASE } from '../lib/settings.ts';
import { discoverSubgraphs } from '../scripts/subgraphs.ts';
import { compose } from '../schema/compose.ts';
import { EMPTY_POLICY, type PolicyTable } from '../schema/policy-table.ts';
import { type Grant, grantView, type Use } from '../sharing/policy/grant.ts';
import { type AuditLog, openAuditLog } from '../sharing/store/audit-log.ts';
import { createSharingIndexes, sharingModels } from '../sharing/store/models.ts';
import { quotaStore } from '../sharing/store/quota-store.ts';
import { QUERY, replayed, unguarded } from './four-subgraphs.ts';
import { type Contender, measure } from './measure.ts';
import { benchCommand, type BenchOptions, rowsOf, show, table } from './report.ts';
import { seededStores } from './seeded-stores.ts';

const PERSONS = 2_000;
/** Pages that are asked for in turn, so that no request is like the one before. */
const PAGES = 8;
/** The most that sharing may add where everything is allowed, as a share. */
const GOAL = 0.08;
const ISSUER = 'urn:bench:issuer';
const AUDIENCE = 'urn:bench:hub';
const CALLER = { department: 'civil-affairs', application: 'bench', purpose: 'bench' };
const USES: readonly Use[] = ['OUTPUT', 'LOOKUP', 'VERIFY', 'FILTER'];
/** A third of the items asked for that show a value: those that can be masked, and as many that cannot. */
const MASKED = ['Person.name', 'Person.birthDate', 'Person.address', 'Person.phone'];
const REFUSED = ['Person.sex', 'Person.status', 'Person.represents', 'Person.archiveItems'];

type Sharing = GatewayOptions['sharing'];

await benchCommand('sharing', 'what sharing costs a request over four subgraphs')
  .addOption(new Option('--over <subgraphs>', 'the subgraphs that answer').choices(['real', 'replayed']))
  .option('--only <contenders...>', 'measure these alone, say to profile one (node --cpu-prof)')
  .action(async ({ json, only, over, ...rounds }: BenchOptions & { only?: readonly string[]; over?: string }) => {
    const stores = await seededStores(PERSONS, [HUB_DATABASE]);
    const closing: (() => Promise<unknown>)[] = [() => stores.close()];
    try {
      const definitions = await discoverSubgraphs();
      const { supergraphSdl, policy } = compose(definitions.map((each) => ({ ...each, url: `local:${each.name}` })));
      const supergraph = buildSupergraph(supergraphSdl);
      const models = sharingModels(stores.connection(HUB_DATABASE));
      await createSharingIndexes(models);
      const audit = await openAuditLog(models);
      closing.unshift(() => audit.close());
      const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
      const kid = 'bench';
      const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), kid, alg: 'EdDSA' }] });
      const token = await new SignJWT({ ...CALLER, roles: [] })
        .setProtectedHeader({ alg: 'EdDSA', kid })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setExpirationTime('2h')
        .setJti(randomUUID())
        .sign(privateKey);
      const sharingWith = (log: AuditLog): Sharing => ({
        authenticate: authenticator({ keys, issuer: ISSUER, audience: AUDIENCE }),
        audit: log,
        quotas: quotaStore(models),
        contextKey: () => Promise.resolve({ kid, privateKey }),
      });
      const silent: AuditLog = { ...audit, append: () => Promise.resolve('none') };

      const real = new Map(definitions.map((definition) => [definition.name, unguarded(definition, stores)]));
      const replays = new Map([...real].map(([name, subgraph]) => [name, replayed(subgraph)]));
      const gatewayOver = (
        transports: typeof real,
        { sharing, without = [] }: { sharing: Sharing; without?: readonly string[] },
      ): Promise<Gateway> =>
        createGateway({
          release: { supergraph, table: sharing ? policy : EMPTY_POLICY, transports },
          grants: { view: () => grantView(1, grantsBut(policy, without)), stale: () => false },
          sharing,
          subjectKey: Buffer.alloc(32, 9),
          logger: pino({ level: 'silent' }),
          rate: { perSecond: 1e6, burst: 1e6 },
          requestTimeoutMs: 30_000,
          subgraphTimeoutMs: 20_000,
        });

      const result: Record<string, ReturnType<typeof rowsOf>> = {};
      for (const [kind, title, transports] of [
        ['real', 'real subgraphs, embedded stores', real],
        ['replayed', 'the gateway alone, answers of subgraphs replayed', replays],
      ] as const) {
        if (over !== undefined && over !== kind) continue;
        const gateways = {
          open: await gatewayOver(transports, { sharing: undefined }),
          'all allowed, recorded': await gatewayOver(transports, { sharing: sharingWith(audit) }),
          'all allowed, no entry': await gatewayOver(transports, { sharing: sharingWith(silent) }),
          'a third masked, recorded': await gatewayOver(transports, { sharing: sharingWith(audit), without: MASKED }),
          'a third refused, recorded': await gatewayOver(transports, { sharing: sharingWith(audit), without: REFUSED }),
        };
        closing.unshift(async () => Promise.all(Object.values(gateways).map((gateway) => gateway.stop())));
        const pages = await pagesOf(gateways.open, token);
        await compareAnswers(gateways, { token, pages });
        const contenders = Object.entries(gateways)
          .filter(([name]) => only === undefined || only.includes(name))
          .map(([name, gateway]): Contender => ({
            name,
            run: async (number) => {
              await answerOf(gateway, token, pages[number % pages.length] ?? null);
            },
          }));
        result[title] = rowsOf(await measure(contenders, rounds), 'open');
      }
      const within = Object.values(result).map((rows) => (rows[1]?.ratio?.high ?? Number.NaN) <= 1 + GOAL);
      show(json, { rows: 100, goal: GOAL, within, ...result }, () =>
        Object.entries(result)
          .map(([title, rows]) => table(`100 persons joined over four subgraphs; ${title}`, rows))
          .concat(
            `Goal: all allowed costs ${GOAL * 100} % more than open at most: ${within.map((kept) => (kept ? 'kept' : 'not kept')).join(', ')}.`,
          )
          .join('\n\n'),
      );
    } finally {
      for (const step of closing) await step();
    }
  })
  .parseAsync();

/** A grant of each owner for all its conditional items, but for some. */
function grantsBut({ items }: PolicyTable, without: readonly string[]): Grant[] {
  const owners = new Map<string, string[]>();
  for (const { coordinate, owner, class: sharing } of items.values())
    if (sharing === 'CONDITIONAL' && !without.includes(coordinate))
      owners.set(owner, [...(owners.get(owner) ?? []), coordinate]);
  return [...owners].map(([owner, coordinates]) => ({
    ...CALLER,
    id: `G-${owner}`,
    owner,
    basis: 'bench',
    items: coordinates.map((coordinate) => ({ coordinate, uses: USES })),
    divisions: ['532300'],
    validFrom: 0,
    validUntil: Number.MAX_SAFE_INTEGER,
  }));
}

interface Answered {
  readonly data: { persons: { edges: unknown[]; pageInfo: { endCursor: string } } };
  readonly errors?: readonly unknown[];
}

async function ask(gateway: Gateway, token: string, after: string | null): Promise<Answered> {
  return JSON.parse(await answerOf(gateway, token, after)) as Answered;
}

async function answerOf(gateway: Gateway, token: string, after: string | null): Promise<string> {
  const { status, body } = await gateway.answer({
    method: 'POST',
    search: '',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: { query: QUERY, variables: { after } },
    address: '192.0.2.1',
    requestId: randomUUID(),
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    signal: new AbortController().signal,
  });
  if (status !== 200) throw new Error(body);
  return body;
}

async function pagesOf(gateway: Gateway, token: string): Promise<(string | null)[]> {
  const pages: (string | null)[] = [null];
  while (pages.length < PAGES) {
    const { data } = await ask(gateway, token, pages.at(-1) ?? null);
    pages.push(data.persons.pageInfo.endCursor);
  }
  return pages;
}

/** A contender that answers something else than it should would be measured for nothing. */
async function compareAnswers(
  gateways: Readonly<Record<string, Gateway>>,
  { token, pages }: { token: string; pages: readonly (string | null)[] },
): Promise<void> {
  const [open, ...others] = Object.entries(gateways);
  for (const page of pages) {
    const expected = await ask(open?.[1] as Gateway, token, page);
    for (const [name, gateway] of others) {
      const { data, errors } = await ask(gateway, token, page);
      const same = isDeepStrictEqual(data, expected.data);
      if (same !== name.startsWith('all allowed') || (errors !== undefined) !== name.includes('refused'))
        throw new Error(`${name} does not answer as it should: ${JSON.stringify(errors ?? data).slice(0, 500)}`);
    }
  }
}

import { issueDevelopmentToken } from '../lib/dev-token.ts';
import { openKeyring } from '../lib/keys/keyring.ts';
import type { Settings } from '../lib/settings.ts';

/** A resident number of the generated data cannot be known here, so that the examples ask by division and code. */
const EXAMPLES: readonly {
  readonly who: string;
  readonly department: string;
  readonly application: string;
  readonly purpose: string;
  readonly roles: readonly string[];
  readonly query: string;
}[] = [
  {
    who: 'a department: which of its items are shared with 民政局 relief',
    department: 'civil-affairs',
    application: 'relief',
    purpose: 'low-income-check',
    roles: [],
    query: '{ grants { edges { node { owner purpose items { coordinate uses } } } } }',
  },
  {
    who: 'a leader: residents of the prefecture by sex',
    department: 'government-office',
    application: 'dashboard',
    purpose: 'leaders-statistics',
    roles: ['leader'],
    query: '{ division(code: \\"532300\\") { name population(by: [SEX]) { sex count suppressed } } }',
  },
  {
    who: 'an auditor: who asked what',
    department: 'audit-office',
    application: 'supervision',
    purpose: 'audit',
    roles: ['auditor'],
    query: '{ auditEntries(first: 5) { edges { node { at department purpose outcome operation } } } }',
  },
];

/** What a person sees when the hub is up: where it is, where its data are, and lines to paste. */
export async function banner(origin: string, settings: Settings): Promise<string> {
  const lines = [
    '',
    `  Shuniu 枢纽 is ready: ${origin}/   (GraphQL: ${origin}/graphql, GraphiQL: ${origin}/graphiql)`,
    `  data: ${settings.stores.url ? 'MongoDB (MONGODB_URL)' : settings.dataDir}   keys: ${settings.keys.dir}`,
  ];
  if (!settings.production && !settings.tokens.jwks) lines.push('', ...(await examples(origin, settings)));
  return [...lines, '', '  Ctrl-C stops it in order.', ''].join('\n');
}

async function examples(origin: string, settings: Settings): Promise<string[]> {
  const keyring = openKeyring(settings.keys);
  const lines = EXAMPLES.map(async ({ who, query, roles, ...holder }) => {
    const { token } = await issueDevelopmentToken({ ...holder, roles: [...roles] }, keyring, settings.tokens);
    return `  # ${who}\n  curl -s ${origin}/graphql -H 'content-type: application/json' -H 'authorization: Bearer ${token}' -d '{"query":"${query}"}'\n`;
  });
  return Promise.all(lines);
}

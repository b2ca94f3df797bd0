/** What the hub keeps keys for. `keepFor`: how long a retired one still counts, in milliseconds. */
export interface KeyKind {
  readonly kind: 'signing' | 'secret';
  readonly keepFor: number;
  readonly developmentOnly?: boolean;
  /** Its public half lies beside it, for processes that verify and must not sign. */
  readonly published?: boolean;
  readonly purpose: string;
  /** The variable that can bring it instead of a file. */
  readonly variable?: string;
}

const DAY = 24 * 3600 * 1000;

export const KEYS = {
  gateway: {
    kind: 'signing',
    keepFor: DAY,
    published: true,
    purpose: 'signs what a gateway tells the subgraphs',
    variable: 'HUB_GATEWAY_KEY',
  },
  'development-issuer': {
    kind: 'signing',
    keepFor: DAY,
    developmentOnly: true,
    purpose: 'signs tokens for development',
  },
  // A release stays in force until the next one, and earlier ones must stay verifiable.
  release: {
    kind: 'signing',
    keepFor: Infinity,
    published: true,
    purpose: 'signs the releases that gateways serve',
  },
  cursor: { kind: 'secret', keepFor: 0, purpose: 'encrypts the cursors of lists', variable: 'HUB_CURSOR_SECRET' },
  session: {
    kind: 'secret',
    keepFor: 0,
    purpose: 'seals the sessions of the pages; a new one signs everybody out',
    variable: 'HUB_SESSION_SECRET',
  },
  // An auditor must be able to find a person under the pseudonyms of old entries: never thrown away.
  subjects: {
    kind: 'secret',
    keepFor: Infinity,
    purpose: 'hashes data subjects in the audit trail',
    variable: 'HUB_SUBJECTS_SECRET',
  },
} as const satisfies Record<string, KeyKind>;

export type KeyName = keyof typeof KEYS;
export type SigningName = 'gateway' | 'development-issuer' | 'release';
/** Those whose public half lies beside them. */
export type PublishedName = 'gateway' | 'release';
export type SecretName = 'cursor' | 'session' | 'subjects';

export const KEY_NAMES = Object.keys(KEYS) as readonly KeyName[];

export function isPublished(name: KeyName): name is PublishedName {
  const kind: KeyKind = KEYS[name];
  return kind.published === true;
}

export function isKeyName(text: string): text is KeyName {
  return Object.hasOwn(KEYS, text);
}

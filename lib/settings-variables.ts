import { z } from 'zod';
import { privateKeyJwk } from './keys/jwk.ts';

/** A whole number in a range, in decimal digits. */
function whole(min: number, max: number, what: string) {
  return z
    .string()
    .regex(/^\d{1,12}$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max))
    .describe(`${what}, a whole number from ${min} to ${max}`);
}

/** 32 bytes or more, as hexadecimal or base64url. */
const secret = z
  .string()
  .regex(/^([0-9a-f]{64,}|[\w+/-]{43,}={0,2})$/i)
  .transform((text) => Buffer.from(text, /^[0-9a-f]+$/i.test(text) && text.length % 2 === 0 ? 'hex' : 'base64url'))
  .refine((bytes) => bytes.length >= 32)
  .describe('32 random bytes in hexadecimal or base64url, such as `openssl rand -hex 32` prints');

const location = z
  .string()
  .refine((text) => !text.includes('://') || (/^https?:\/\//.test(text) && URL.canParse(text)));

const privateKey = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      // The text is a private key: what the parser says about it may quote it.
      context.addIssue({ code: 'custom', message: 'not JSON' });
      return z.NEVER;
    }
  })
  .pipe(privateKeyJwk)
  .describe('an Ed25519 private key as JWK, {"kty":"OKP","crv":"Ed25519","x":"…","d":"…"}');

/** A MongoDB connection string; `{database}` in it stands for the name of a database. */
export const mongodbUrl = z
  .string()
  .regex(/^mongodb(\+srv)?:\/\/\S+$/)
  .describe('a MongoDB URL such as mongodb://host1,host2/?replicaSet=rs0 (`{database}` stands for the database)');

/** Where a subgraph answers, by HTTP. */
export const subgraphUrl = z
  .url({ protocol: /^https?$/ })
  .describe('the URL of its GraphQL endpoint, such as https://population.example:4101/graphql');

/** A program that is trusted to say whom it forwards for: never everybody, as then a client writes its own address. */
const trustedProxies = z
  .string()
  .regex(
    /^(false|[1-9]|(loopback|linklocal|uniquelocal|[\da-f.:]+(\/\d{1,3})?)(\s*,\s*(loopback|linklocal|uniquelocal|[\da-f.:]+(\/\d{1,3})?))*)$/i,
  )
  .transform((text) => (text === 'false' ? false : /^[1-9]$/.test(text) ? Number(text) : text.split(/\s*,\s*/)))
  .describe('false, the number of proxies in front (1 to 9), or their addresses, such as loopback,10.1.0.0/16');

/** Every variable of its own name; those named after a subgraph are read by `settings.ts`. */
export const variables = z.object({
  NODE_ENV: z
    .enum(['development', 'test', 'production'])
    .default('development')
    .describe('development, test or production'),
  HUB_HOST: z
    .string()
    .regex(/^[\w.:-]+$/)
    .default('127.0.0.1')
    .describe('the address to listen on, such as 127.0.0.1 or 0.0.0.0'),
  HUB_PORT: whole(0, 65_535, 'the port to listen on').default(4000),
  DATA_DIR: z.string().default('data').describe('a folder'),
  KEY_DIR: z.string().optional().describe('a folder'),
  MONGODB_URL: mongodbUrl.optional(),
  HUB_ISSUER: z
    .string()
    .regex(/^\S+$/)
    .optional()
    .describe('the `iss` of the tokens, such as https://identity.example'),
  HUB_AUDIENCE: z.string().regex(/^\S+$/).default('shuniu').describe('the `aud` of the tokens, such as shuniu'),
  HUB_JWKS: location.optional().describe('the file or the https URL of the token issuer’s public keys (JWK Set)'),
  HUB_GATEWAY_JWKS: location.optional().describe('the file or the https URL of the gateway’s public keys (JWK Set)'),
  HUB_RELEASE_JWKS: location
    .optional()
    .describe('the file or the https URL of the public keys that verify releases (JWK Set)'),
  HUB_GATEWAY_KEY: privateKey.optional(),
  HUB_CURSOR_SECRET: secret.optional(),
  HUB_SUBJECTS_SECRET: secret.optional(),
  HUB_SESSION_SECRET: secret.optional(),
  HUB_ORIGIN: z
    .url({ protocol: /^https?$/ })
    .transform((text, context) => {
      const { origin, pathname, search, hash } = new URL(text);
      if (pathname === '/' && search === '' && hash === '') return origin;
      context.addIssue({ code: 'custom', message: 'more than an origin' });
      return z.NEVER;
    })
    .optional()
    .describe('the origin by which browsers know the hub, such as https://hub.example, without a path'),
  HUB_OIDC_ISSUER: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('the URL of an OpenID provider, such as https://identity.example'),
  HUB_OIDC_CLIENT_ID: z
    .string()
    .regex(/^[\x21-\x7e]{1,256}$/)
    .optional()
    .describe('the id by which the OpenID provider knows the hub'),
  HUB_OIDC_CLIENT_SECRET: z.string().min(8).optional().describe('the secret of that id, 8 characters or more'),
  HUB_OIDC_SCOPE: z
    .string()
    .regex(/^openid( [\w:./-]+)*$/)
    .default('openid')
    .describe('openid and further scopes, separated by spaces'),
  HUB_PUBLISHING_KEY: privateKey.optional(),
  HUB_TOKEN: z
    .string()
    .regex(/^[\w-]+\.[\w-]+\.[\w-]+$/)
    .optional()
    .describe('a token (JWT), such as `hub token` prints'),
  HUB_DIVISION: z
    .string()
    .regex(/^\d{6}$/)
    .default('532300')
    .describe('行政区划代码 of six digits that the pages begin with, such as 532300'),
  HUB_PERSONS: whole(200, 2_500_000, 'the number of persons to generate').default(20_000),
  HUB_SEED: z
    .string()
    .regex(/^[\w.-]{1,64}$/)
    .default('shuniu')
    .describe('a word the generated data follow from, up to 64 letters and digits'),
  HUB_LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('fatal, error, warn, info, debug, trace or silent'),
  HUB_REQUEST_TIMEOUT_MS: whole(100, 300_000, 'milliseconds one request may take').default(10_000),
  HUB_SUBGRAPH_TIMEOUT_MS: whole(50, 300_000, 'milliseconds one fetch from a subgraph may take').default(8_000),
  HUB_ACTION_TIMEOUT_MS: whole(100, 300_000, 'milliseconds a mutation may take').default(30_000),
  HUB_CHECK_TIMEOUT_MS: whole(100, 300_000, 'milliseconds the check of a schema may compute').default(5_000),
  HUB_MAX_DEPTH: whole(1, 100, 'the deepest nesting of a query').default(12),
  HUB_MAX_FIELDS: whole(1, 100_000, 'the most fields of a query, its fragments expanded').default(1_000),
  HUB_MAX_ROOT_FIELDS: whole(1, 10_000, 'the most fields at the root of a query').default(30),
  HUB_MAX_COST: whole(1, 100_000_000, 'the highest estimated cost of a query').default(200_000),
  HUB_RATE_PER_SECOND: whole(1, 1_000_000, 'requests per second of one application').default(200),
  HUB_RATE_BURST: whole(1, 1_000_000, 'requests one application may send at once').default(400),
  HUB_TRUST_PROXY: trustedProxies.default(false),
});

/** Variables whose value must not be shown, not even when it is wrong: they hold keys or passwords. */
export const CONFIDENTIAL =
  /^(MONGODB_URL|HUB_GATEWAY_KEY$|HUB_PUBLISHING_KEY$|HUB_\w+_SECRET$|HUB_SUBGRAPH_\w+_URL$|HUB_JWKS$|HUB_GATEWAY_JWKS$|HUB_RELEASE_JWKS$|HUB_TOKEN$)/;

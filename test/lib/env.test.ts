import { afterEach, describe, expect, it, vi } from 'vitest';
import { readSettings } from '../../lib/env.ts';
import { parseSettings, type SettingsOptions, storeFor, type Variables } from '../../lib/settings.ts';

const options: SettingsOptions = { subgraphs: ['population', 'legal-persons'] };
const PRIVATE_KEY = {
  kty: 'OKP',
  crv: 'Ed25519',
  d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
  x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
};
const production = {
  NODE_ENV: 'production',
  HUB_JWKS: 'https://identity.example/jwks.json',
  HUB_ISSUER: 'https://identity.example',
};

function refusal(given: Variables, role?: SettingsOptions['role']): string {
  try {
    parseSettings(given, { ...options, role });
  } catch (thrown) {
    if (thrown instanceof Error) return thrown.message;
  }
  return 'accepted';
}

describe('settings', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('have a default for everything, for a hub that runs on one machine', () => {
    const settings = parseSettings({}, options);
    expect(settings).toMatchObject({
      production: false,
      host: '127.0.0.1',
      port: 4000,
      dataDir: `${process.cwd()}/data`,
      keys: { dir: `${process.cwd()}/data/keys`, production: false },
      tokens: { issuer: 'urn:shuniu:development-issuer', audience: 'shuniu' },
      timeouts: { request: 10_000, subgraph: 8_000, action: 30_000, check: 5_000 },
      limits: { maxDepth: 12, maxCost: 200_000 },
      data: { persons: 20_000 },
      trustProxy: false,
    });
    expect(storeFor(settings, 'population')).toEqual({ url: undefined, dataDir: settings.dataDir });
  });

  it('take the environment, then the command line', () => {
    vi.stubEnv('HUB_PORT', '4100');
    vi.stubEnv('HUB_HOST', '0.0.0.0');
    const settings = readSettings(options, { HUB_PORT: '4200', HUB_HOST: undefined });
    expect([settings.port, settings.host]).toEqual([4200, '0.0.0.0']);
  });

  it('count an empty variable as absent', () => {
    expect(parseSettings({ HUB_PORT: '', HUB_MAX_DEPHT: '' }, options).port).toBe(4000);
  });

  it('give each subgraph its own database where one is named', () => {
    const settings = parseSettings(
      {
        MONGODB_URL: 'mongodb://all.example/{database}',
        MONGODB_URL_LEGAL_PERSONS: 'mongodb://market.example',
        MONGODB_URL_HUB: 'mongodb://bureau.example',
        HUB_SUBGRAPH_POPULATION_URL: 'http://127.0.0.1:4101/graphql',
      },
      options,
    );
    expect(storeFor(settings, 'legal-persons').url).toBe('mongodb://market.example');
    expect(storeFor(settings, 'hub').url).toBe('mongodb://bureau.example');
    expect(storeFor(settings, 'population').url).toBe('mongodb://all.example/{database}');
    expect(settings.subgraphUrls).toEqual({ population: 'http://127.0.0.1:4101/graphql' });
  });

  it.each([
    [
      { HUB_PORT: '70000' },
      'HUB_PORT: "70000" cannot be used. Set the port to listen on, a whole number from 0 to 65535.',
    ],
    [{ HUB_PORT: '0x10' }, 'HUB_PORT: "0x10" cannot be used'],
    [{ NODE_ENV: 'prod' }, 'NODE_ENV: "prod" cannot be used. Set development, test or production.'],
    [{ HUB_PROT: '4000' }, 'HUB_PROT: not a setting of the hub. Set HUB_PORT if that is meant, or unset it.'],
    [{ HUB_UNHEARD_OF_THING: '1' }, 'subgraphs are POPULATION, LEGAL_PERSONS'],
    [{ MONGODB_URL_LEGAL_PERSON: 'mongodb://a' }, 'Set MONGODB_URL_LEGAL_PERSONS if that is meant'],
    [{ HUB_SUBGRAPH_WEATHER_URL: 'https://a' }, 'HUB_SUBGRAPH_WEATHER_URL: not a setting of the hub'],
    [{ HUB_SUBGRAPH_HUB_URL: 'https://a' }, 'HUB_SUBGRAPH_HUB_URL: not a setting of the hub'],
    [{ HUB_PORT: 'tcp://10.0.0.1:80', HUB_SERVICE_HOST: '10.0.0.1' }, 'HUB_SERVICE_HOST: not a setting; Kubernetes'],
    [{ HUB_TRUST_PROXY: 'true' }, 'HUB_TRUST_PROXY: "true" cannot be used. Set false, the number of proxies'],
    [{ HUB_CHECK_TIMEOUT_MS: '7500' }, 'HUB_CHECK_TIMEOUT_MS: a check may take 4 times 7500 ms by the clock'],
    [{ HUB_ACTION_TIMEOUT_MS: '20000' }, 'Set less, or more for HUB_ACTION_TIMEOUT_MS.'],
    [{ HUB_JWKS: '/etc/issuer.json' }, 'HUB_ISSUER: missing beside HUB_JWKS. Set the `iss`'],
    [{ HUB_JWKS: 'ftp://issuer.example' }, 'HUB_JWKS: the value cannot be used. Set the file or the https URL'],
    [{ HUB_CURSOR_SECRET: 'short' }, 'HUB_CURSOR_SECRET: the value cannot be used. Set 32 random bytes'],
    [{ HUB_SESSION_SECRET: 'short' }, 'HUB_SESSION_SECRET: the value cannot be used. Set 32 random bytes'],
    [
      { HUB_ORIGIN: 'https://hub.example/path' },
      'HUB_ORIGIN: "https://hub.example/path" cannot be used. Set the origin',
    ],
    [{ HUB_ORIGIN: 'hub.example' }, 'HUB_ORIGIN: "hub.example" cannot be used. Set the origin'],
    [{ HUB_OIDC_ISSUER: 'https://id.example' }, 'HUB_OIDC_CLIENT_ID: missing beside HUB_OIDC_ISSUER'],
    [{ HUB_OIDC_CLIENT_ID: 'hub' }, 'HUB_OIDC_ISSUER: missing. Set the URL of the OpenID provider'],
    [{ HUB_OIDC_CLIENT_SECRET: 'hunter2' }, 'HUB_OIDC_CLIENT_SECRET: the value cannot be used'],
    [{ HUB_OIDC_SCOPE: 'profile' }, 'HUB_OIDC_SCOPE: "profile" cannot be used. Set openid and further scopes'],
    [{ HUB_DIVISION: '5323' }, 'HUB_DIVISION: "5323" cannot be used'],
  ])('refuse %j and say what to set', (given, sentence) => {
    expect(refusal(given)).toContain(sentence);
  });

  it('name every mistake at once', () => {
    expect(refusal({ HUB_PORT: 'x', HUB_MAX_COST: '-1' }).split('\n')).toHaveLength(2);
  });

  it.each([
    [{ MONGODB_URL: 'http://user:hunter2@db' }, 'MONGODB_URL: the value cannot be used. Set a MongoDB URL'],
    [{ MONGODB_URL_POPULATION: 'user:hunter2@db' }, 'MONGODB_URL_POPULATION: the value cannot be used'],
    [{ HUB_GATEWAY_KEY: '{"d":"hunter2' }, 'HUB_GATEWAY_KEY: the value cannot be used. Set an Ed25519 private key'],
    [{ HUB_CURSOR_SECRET: 'hunter2' }, 'HUB_CURSOR_SECRET: the value cannot be used'],
  ])('never show a confidential value', (given, sentence) => {
    expect(refusal(given)).toContain(sentence);
    expect(refusal(given)).not.toContain('hunter2');
  });

  it('read secrets in hexadecimal and base64url alike', () => {
    const bytes = Buffer.alloc(32, 7);
    for (const encoding of ['hex', 'base64url', 'base64'] as const)
      expect(
        parseSettings({ HUB_CURSOR_SECRET: bytes.toString(encoding) }, options).keys.secrets.cursor?.equals(bytes),
      ).toBe(true);
  });

  it('read the proxies to trust', () => {
    const trust = (value: string) => parseSettings({ HUB_TRUST_PROXY: value }, options).trustProxy;
    expect([trust('2'), trust('false'), trust('loopback, 10.1.0.0/16')]).toEqual([
      2,
      false,
      ['loopback', '10.1.0.0/16'],
    ]);
  });
});

describe('settings in production', () => {
  it('let people sign in by a provider over https, at an origin that is known', () => {
    const signIn = { ...production, HUB_OIDC_ISSUER: 'https://identity.example', HUB_OIDC_CLIENT_ID: 'hub' };
    expect(refusal(signIn)).toContain('HUB_ORIGIN: missing beside HUB_OIDC_ISSUER');
    const settings = parseSettings({ ...signIn, HUB_ORIGIN: 'https://hub.example/' }, options);
    expect(settings.origin).toBe('https://hub.example');
    expect(settings.signIn).toEqual({ issuer: 'https://identity.example', clientId: 'hub', scope: 'openid' });
    expect(refusal({ ...signIn, HUB_ORIGIN: 'http://hub.example' })).toContain('HUB_ORIGIN: sessions would go');
    expect(
      refusal({ ...signIn, HUB_ORIGIN: 'https://hub.example', HUB_OIDC_ISSUER: 'http://identity.example' }),
    ).toContain('HUB_OIDC_ISSUER: tokens would go unencrypted');
  });

  it('refuse the development issuer, and accept a named one', () => {
    expect(refusal({ NODE_ENV: 'production' })).toContain('the development issuer is refused in production');
    expect(refusal(production)).toBe('accepted');
  });

  it('need no token issuer where no token is accepted', () => {
    expect(refusal({ NODE_ENV: 'production' }, 'subgraph')).toBe('accepted');
  });

  it('refuse a gateway key that was made for development', () => {
    const key = (environment?: string) => JSON.stringify({ ...PRIVATE_KEY, environment });
    expect(refusal({ ...production, HUB_GATEWAY_KEY: key('development') })).toContain('made for development');
    expect(refusal({ ...production, HUB_GATEWAY_KEY: key() })).toBe('accepted');
  });

  it.each(['HUB_JWKS', 'HUB_GATEWAY_JWKS', 'HUB_SUBGRAPH_POPULATION_URL'])('refuse an unencrypted %s', (variable) => {
    expect(refusal({ ...production, [variable]: 'http://elsewhere.example/x' })).toContain(`${variable}: `);
    expect(refusal({ ...production, [variable]: 'http://127.0.0.1:4101/x' })).toBe('accepted');
    expect(refusal({ [variable]: 'http://elsewhere.example/x', HUB_ISSUER: 'urn:x' })).toBe('accepted');
  });
});

import { EncryptJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { oneTimeCodes } from '../../scripts/dev-issuer/codes.ts';
import { PEOPLE } from '../../scripts/dev-issuer/people.ts';
import { type PagesHub, pagesHub } from './pages-hub.ts';
import { type Visitor, visitor } from './visitor.ts';

let hub: PagesHub;
let anna: Visitor;

beforeAll(async () => {
  hub = await pagesHub();
});
beforeEach(() => {
  anna = visitor(hub.origin);
});
afterAll(() => hub.close());

/** Goes to the provider and chooses somebody. @returns the address to come back to, which has the code. */
async function chosen(who: Visitor, to = '/access'): Promise<string> {
  const left = await who.get(`/sign-in?to=${encodeURIComponent(to)}`);
  const at = new URL(left.location);
  const { location } = await who.post(at.pathname, [...at.searchParams, ['person', 'civil-affairs']]);
  return location;
}

const problem = (text: string): string | undefined => /data-problem="(\w+)"/.exec(text)?.[1];

describe('signing in', () => {
  it('asks for a code with state, nonce and PKCE, and begins a session that no script can read', async () => {
    const { location } = await anna.get('/sign-in?to=/access');
    const asked = new URL(location).searchParams;
    expect(asked.get('code_challenge_method')).toBe('S256');
    for (const name of ['state', 'nonce', 'code_challenge']) expect(asked.get(name)?.length).toBeGreaterThan(40);
    expect(asked.get('redirect_uri')).toBe(`${hub.origin}/sign-in/callback`);

    const back = await anna.signIn('civil-affairs', '/access');
    expect([back.status, back.location]).toEqual([303, '/access']);
    const session = anna.set.find((line) => line.startsWith('shuniu='));
    expect(session).toMatch(/; Path=\/; HttpOnly; SameSite=Lax$/);
    const page = await anna.get('/access');
    expect(page.status).toBe(200);
    expect(page.text).toContain('李敏');
  });

  it('puts no token into an address, a page or the log', async () => {
    const back = await anna.signIn('civil-affairs', '/access');
    const page = await anna.get('/access');
    const seen = [back.location, page.text, ...hub.log];
    expect(seen.join('\n')).not.toMatch(/eyJ[\w-]{20,}/);
    expect(hub.log.join('\n')).not.toMatch(/code=|code_verifier|李敏/);
  });

  it('refuses a state that another browser was given, or none', async () => {
    const address = await chosen(anna);
    const other = visitor(hub.origin);
    await other.get('/sign-in');
    for (const who of [other, visitor(hub.origin)]) {
      const seen = await who.get(address);
      expect([seen.status, problem(seen.text)]).toEqual([400, 'SIGN_IN_FAILED']);
      expect([...who.cookies.keys()]).not.toContain('shuniu');
    }
    const forged = await anna.get(address.replace(/state=[\w-]+/, 'state=forged-forged-forged'));
    expect(problem(forged.text)).toBe('SIGN_IN_FAILED');
  });

  it('takes what the browser brings back once, even with a copy of its cookie', async () => {
    const address = await chosen(anna);
    const copy = new Map(anna.cookies);
    expect((await anna.get(address)).status).toBe(303);
    const thief = visitor(hub.origin);
    for (const [name, value] of copy) thief.cookies.set(name, value);
    expect(problem((await thief.get(address)).text)).toBe('SIGN_IN_FAILED');
  });

  it('refuses an answer of another issuer, an error of the provider and a code it never gave', async () => {
    const cases = [
      (address: string) => address.replace(/iss=[^&]+/, 'iss=https%3A%2F%2Fevil.example'),
      (address: string) => address.replace(/code=[\w-]+/, 'code=unknown'),
      (address: string) => address.replace(/code=[\w-]+/, 'error=access_denied'),
    ];
    for (const change of cases) {
      const who = visitor(hub.origin);
      const seen = await who.get(change(await chosen(who)));
      expect(problem(seen.text)).toBe('SIGN_IN_FAILED');
    }
  });

  it.each([
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example',
    '/\t/evil.example',
    'javascript:alert(1)',
    '/sign-in?to=/access',
    '/..//evil.example',
  ])('sends nobody to %j afterwards', async (to) => {
    const back = await anna.signIn('civil-affairs', to);
    expect(new URL(back.location, hub.origin).origin).toBe(hub.origin);
    expect(back.location).toBe('/');
  });

  it('says that a session is over, and offers to sign in again to the same page', async () => {
    await anna.signIn('civil-affairs');
    const { value } = { value: anna.cookies.get('shuniu') ?? '' };
    anna.cookies.set('shuniu', `${value.slice(0, -6)}AAAAAA`);
    const seen = await anna.get('/access?x=1');
    expect([seen.status, problem(seen.text)]).toEqual([401, 'EXPIRED']);
    expect(seen.text).toContain('href="/sign-in?to=%2Faccess%3Fx%3D1"');
  });

  it('believes no session that it did not seal', async () => {
    const forged = await new EncryptJWT({ token: 'a.b.c', csrf: 'x' })
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      .setExpirationTime('1h')
      .encrypt(new Uint8Array(32));
    for (const value of [`1~${forged}`, '1~x', '4~', '1~eyJhbGciOiJub25lIn0.e30.']) {
      anna.cookies.set('shuniu', value);
      expect((await anna.get('/access')).status).toBe(401);
    }
  });

  it('ends with the token', async () => {
    await anna.signIn('civil-affairs');
    vi.useFakeTimers({ now: Date.now() + 9 * 3_600_000, toFake: ['Date'] });
    try {
      expect(problem((await anna.get('/access')).text)).toBe('EXPIRED');
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('the codes of the development issuer', () => {
  const [person = PEOPLE[0]] = PEOPLE;
  // RFC 7636, appendix B.
  const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
  const authorisation = {
    person: person as (typeof PEOPLE)[number],
    redirect: 'http://127.0.0.1:4000/sign-in/callback',
    nonce: 'n',
    challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  };
  const { redirect } = authorisation;

  it('are taken once, within a minute, with their verifier and for their address', () => {
    let now = 0;
    const codes = oneTimeCodes(() => now);
    const code = codes.give(authorisation);
    expect(codes.take(code, { redirect, verifier })).toEqual(authorisation);
    expect(codes.take(code, { redirect, verifier })).toBeUndefined();
    const late = codes.give(authorisation);
    now = 60_000;
    expect(codes.take(late, { redirect, verifier })).toBeUndefined();
  });

  it('are gone after a wrong verifier or address', () => {
    for (const wrong of [
      { redirect, verifier: 'x'.repeat(43) },
      { redirect: 'http://evil.example/', verifier },
    ]) {
      const codes = oneTimeCodes(() => 0);
      const code = codes.give(authorisation);
      expect(codes.take(code, wrong)).toBeUndefined();
      expect(codes.take(code, { redirect, verifier })).toBeUndefined();
    }
  });

  it('are sent to the pages of this hub alone', async () => {
    const { location } = await anna.get('/sign-in');
    const evil = location.replace(/redirect_uri=[^&]+/, 'redirect_uri=https%3A%2F%2Fevil.example%2Fsign-in%2Fcallback');
    expect(problem((await anna.get(evil)).text)).toBe('SIGN_IN_FAILED');
    const sent = await anna.post(new URL(evil).pathname, [...new URL(evil).searchParams, ['person', 'leader']]);
    expect([sent.location, problem(sent.text)]).toEqual(['', 'SIGN_IN_FAILED']);
  });
});

describe('forms', () => {
  it.each([
    ['of another site', { origin: 'https://evil.example' }],
    ['of a page without an origin', { origin: 'null' }],
    ['that a browser says came from elsewhere', { origin: '', 'sec-fetch-site': 'cross-site' }],
  ])('%s do nothing', async (_whose, headers) => {
    await anna.signIn('civil-affairs');
    await anna.get('/access');
    const seen = await anna.post('/sign-out', {}, headers);
    expect([seen.status, problem(seen.text)]).toEqual([403, 'FORGED']);
    expect((await anna.get('/access')).status).toBe(200);
  });

  it('without the token of the session, or with that of another, do nothing', async () => {
    const other = visitor(hub.origin);
    await other.signIn('auditor');
    const stolen = /name="csrf" value="([^"]+)"/.exec((await other.get('/access')).text)?.[1] ?? '';
    await anna.signIn('civil-affairs');
    for (const csrf of ['', 'x', stolen]) {
      expect((await anna.post('/sign-out', { csrf })).status).toBe(403);
      expect((await anna.post('/catalogue/request', { csrf })).status).toBe(403);
    }
    expect((await anna.get('/access')).status).toBe(200);
  });

  it('sign out: the cookie goes, and the page says what is left to do', async () => {
    await anna.signIn('civil-affairs');
    await anna.get('/access');
    const { location } = await anna.post('/sign-out', {});
    expect(location).toBe('/signed-out');
    expect([...anna.cookies.keys()]).not.toContain('shuniu');
    expect((await anna.get('/access')).status).toBe(401);
    expect((await anna.get('/signed-out')).status).toBe(200);
  });

  it('keep a taste, and lead back to a page of this host only', async () => {
    expect((await anna.post('/preferences', { theme: 'dark', path: '/access' })).location).toBe('/access');
    expect((await anna.post('/preferences', { language: 'en', path: 'https://evil.example/' })).location).toBe('/');
    await anna.signIn('civil-affairs');
    expect((await anna.get('/access')).text).toMatch(/<html lang="en" data-theme="dark">/);
  });
});

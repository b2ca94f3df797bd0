import { randomBytes } from 'node:crypto';
import { decodeJwt, errors } from 'jose';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { LONGEST_AUTHORIZATION } from '../../lib/caller.ts';
import type { Cookies } from '../cookies.ts';
import type { SignedIn } from '../layout.ts';
import { PageProblem } from '../visit.ts';
import { sealed } from './sealed.ts';

/** What a browser is signed in with. */
export interface Session {
  /** The provider's access token: what the pages ask the endpoint with. */
  readonly token: string;
  /** For the head of the pages; nothing is allowed because of it. */
  readonly caller: SignedIn;
  /** What the forms of this session carry. */
  readonly csrf: string;
  /** Second (Unix) at which the token expires, and the session with it. */
  readonly expiresAt: number;
}

export interface Sessions {
  /** @returns undefined where there is none, or one that is over or cannot be opened. */
  read(cookies: Cookies): Promise<Session | undefined>;
  /** Whether the browser brought a session, be it over. */
  hadOne(cookies: Cookies): boolean;
  /** Begins a session with a token. @throws PageProblem SIGN_IN_FAILED for a token the endpoint could not read. */
  begin(cookies: Cookies, token: string): Promise<void>;
  /** Ends it in this browser and, at this gateway, for who has a copy of its cookie. */
  end(cookies: Cookies, session: Session | undefined): void;
}

const COOKIE = 'shuniu';
/** Seconds. */
const AFTERWARDS = 3_600;
/** Sessions signed out that are remembered: more than a prefecture's officers end in the life of a token. */
const MOST_ENDED = 50_000;

const code = z.string().max(128);
/** As `gateway/authenticate.ts` will read them; it alone decides whether they are true. */
const claims = z.object({
  exp: z.number(),
  department: code,
  application: code.optional(),
  officer: code.optional(),
  purpose: code.optional(),
  roles: z.array(code).max(32).default([]),
});

const session = z.object({ token: z.string(), csrf: z.string(), exp: z.number() });

/**
 * Sessions that live in a sealed cookie: no gateway keeps any, and each can read what another began. Those that were signed out
 * are remembered, by the gateway that was told, until they would have ended by themselves.
 */
export function sessions(secret: () => Promise<Buffer>): Sessions {
  const { seal, open } = sealed(secret, 'session');
  const ended = new LRUCache<string, true>({ max: MOST_ENDED });
  return {
    async read(cookies) {
      const text = cookies.read(COOKIE);
      if (text === undefined) return undefined;
      const read = session.safeParse(await open(text));
      if (!read.success || ended.has(read.data.csrf)) return undefined;
      const { token, csrf, exp } = read.data;
      return { token, csrf, expiresAt: exp, caller: callerOf(token) };
    },
    hadOne: (cookies) => cookies.read(COOKIE) !== undefined,
    async begin(cookies, token) {
      // The endpoint would refuse each question with it, and the pages would call the session expired.
      const most = LONGEST_AUTHORIZATION - 'Bearer '.length;
      if (token.length > most)
        throw new PageProblem(
          'SIGN_IN_FAILED',
          `The access token of the provider has ${token.length} characters; ${most} is the limit. Whoever runs the hub has the provider leave claims out, such as lists of roles.`,
        );
      const { exp } = claimsOf(token);
      const csrf = randomBytes(32).toString('base64url');
      const maxAge = exp - Math.floor(Date.now() / 1000);
      if (maxAge <= 0) throw new PageProblem('SIGN_IN_FAILED', 'The token of the provider has expired already.');
      // The browser keeps it a little longer than it counts: then the page can say that it is over.
      cookies.write(COOKIE, await seal({ token, csrf }, exp), maxAge + AFTERWARDS);
    },
    end(cookies, current) {
      if (current)
        ended.set(current.csrf, true, { ttl: Math.max(1, Math.ceil(current.expiresAt * 1_000 - Date.now())) });
      cookies.clear(COOKIE);
    },
  };
}

function callerOf(token: string): SignedIn {
  const { exp: _, ...caller } = claimsOf(token);
  return caller;
}

function claimsOf(token: string): z.infer<typeof claims> {
  try {
    return claims.parse(decodeJwt(token));
  } catch (thrown) {
    if (!(thrown instanceof errors.JOSEError || thrown instanceof z.ZodError)) throw thrown;
    throw new PageProblem(
      'SIGN_IN_FAILED',
      'The access token of the provider is no JWT with the claims exp and department. Whoever runs the hub sets these at the provider.',
    );
  }
}

import { createHash, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Person } from './people.ts';

/** What a code was given for; whoever brings it must have asked for it. */
export interface Authorisation {
  readonly person: Person;
  readonly redirect: string;
  readonly nonce: string | undefined;
  /** PKCE, S256. */
  readonly challenge: string;
}

export interface Codes {
  give(authorisation: Authorisation): string;
  /** @returns what it was given for, once; undefined for an unknown, expired or used code, or a verifier that is not its. */
  take(code: string, given: { readonly redirect: string; readonly verifier: string }): Authorisation | undefined;
}

/** Milliseconds for which a code may be brought. */
export const CODE_LIFE = 60_000;

export function oneTimeCodes(now: () => number = Date.now): Codes {
  const codes = new LRUCache<string, { readonly authorisation: Authorisation; readonly until: number }>({ max: 1_000 });
  return {
    give(authorisation) {
      const code = randomBytes(32).toString('base64url');
      codes.set(code, { authorisation, until: now() + CODE_LIFE });
      return code;
    },
    take(code, { redirect, verifier }) {
      const found = codes.get(code);
      // Gone whether it fits or not: nobody tries a second verifier.
      codes.delete(code);
      if (!found || found.until <= now()) return undefined;
      const { authorisation } = found;
      const challenge = createHash('sha256').update(verifier).digest('base64url');
      return authorisation.challenge === challenge && authorisation.redirect === redirect ? authorisation : undefined;
    },
  };
}

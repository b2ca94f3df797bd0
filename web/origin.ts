import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';

/** Names by which a machine means itself: nobody else can be reached by them. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/;

/**
 * The origin by which a browser knows the hub. Where none is set, it is where the hub listens, by whichever name of this
 * machine it was asked; the header Host could be anybody's and is not believed beyond that.
 */
export function originOf({ host }: Pick<FastifyRequest, 'host'>, set: string | undefined, listens: string): string {
  if (set !== undefined) return set;
  const asked = `http://${host}`;
  // A port or a number may be too large for a URL.
  if (!LOOPBACK.test(host) || !URL.canParse(asked)) return listens;
  return new URL(listens).port === new URL(asked).port ? asked : listens;
}

/** Whether a form was sent by a page of this origin; browsers say so, and a form of another site cannot say otherwise. */
export function isOurs({ headers }: Pick<FastifyRequest, 'headers'>, origin: string): boolean {
  if (headers.origin !== undefined) return headers.origin === origin;
  return headers['sec-fetch-site'] === 'same-origin';
}

/** Compares the token of a form with that of the session, in a time that tells nothing of either. */
export function isSame(given: string | null, expected: string | undefined): boolean {
  if (given === null || expected === undefined) return false;
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

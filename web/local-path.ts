/** No path of a page is so long. */
const LONGEST = 2_000;

/**
 * Where somebody wants to be after signing in, as they wrote it into a link or a form: a page of this host, or `/`. Coming
 * back to a step of signing in or out would go round in a circle.
 */
export function localPath(given: string | null | undefined): string {
  const path = localAddress(given);
  return /^\/(sign-in|sign-out|signed-out)(\/|\?|$)/.test(path) ? '/' : path;
}

/** The query of a path as a browser sent it. Unlike `new URL` it takes any path: what begins with `//` need be no URL. */
export function queryOf(path: string): URLSearchParams {
  const at = path.indexOf('?');
  return new URLSearchParams(at === -1 ? '' : path.slice(at + 1));
}

/**
 * A path of this host, or `/` for anything that leads elsewhere: who follows a link of the hub must not end at another host
 * (open redirect).
 */
export function localAddress(given: string | null | undefined): string {
  if (given === null || given === undefined || given.length > LONGEST || !given.startsWith('/')) return '/';
  // Browsers read `/\host` as `//host` and leave out tabs and line ends.
  if (/[\\\p{Cc}]/u.test(given)) return '/';
  const here = 'http://here.invalid';
  const read = URL.canParse(given, here) ? new URL(given, here) : undefined;
  if (read?.origin !== here || read.pathname.startsWith('//')) return '/';
  return `${read.pathname}${read.search}`;
}

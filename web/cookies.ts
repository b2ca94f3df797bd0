import type { FastifyReply, FastifyRequest } from 'fastify';

/** The cookies of one request and its answer. */
export interface Cookies {
  read(name: string): string | undefined;
  /** A cookie that no script can read. @param maxAge seconds. */
  write(name: string, value: string, maxAge: number): void;
  clear(name: string): void;
}

/** Browsers keep 4096 bytes of a cookie with its name and attributes; tokens of providers may be longer. */
const PART = 3_600;
const MOST_PARTS = 4;

/**
 * Cookies of this host alone. Over https their names begin with `__Host-`: no other host of the domain and no http page can
 * set them. Long values are kept in several parts.
 */
export function cookiesOf(request: FastifyRequest, reply: FastifyReply, secure: boolean): Cookies {
  const attributes = { path: '/', httpOnly: true, sameSite: 'lax', secure } as const;
  const named = (name: string, part: number): string =>
    `${secure ? '__Host-' : ''}${name}${part === 0 ? '' : `.${part}`}`;
  const clearFrom = (name: string, first: number): void => {
    for (let part = first; part < MOST_PARTS; part += 1)
      if (request.cookies[named(name, part)] !== undefined) reply.clearCookie(named(name, part), attributes);
  };
  return {
    read(name) {
      const { count, first } =
        /^(?<count>[1-4])~(?<first>.*)$/.exec(request.cookies[named(name, 0)] ?? '')?.groups ?? {};
      if (first === undefined) return undefined;
      const further = Array.from(
        { length: Number(count) - 1 },
        (_, index) => request.cookies[named(name, index + 1)] ?? '',
      );
      return [first, ...further].join('');
    },
    write(name, value, maxAge) {
      const parts = value.match(new RegExp(`.{1,${PART}}`, 'g')) ?? [''];
      if (parts.length > MOST_PARTS) throw new RangeError(`${name}: too long for ${MOST_PARTS} cookies`);
      for (const [index, part] of parts.entries())
        reply.setCookie(named(name, index), index === 0 ? `${parts.length}~${part}` : part, { ...attributes, maxAge });
      clearFrom(name, parts.length);
    },
    clear: (name) => clearFrom(name, 0),
  };
}

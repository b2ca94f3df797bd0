/** What a browser does of HTTP: it keeps cookies, sends its origin with forms, and follows nothing unless it is told to. */
export interface Visitor {
  readonly cookies: Map<string, string>;
  /** Every Set-Cookie header, as it came. */
  readonly set: string[];
  get(path: string, headers?: Record<string, string>): Promise<Seen>;
  /** Sends a form; `csrf` of the last page is filled in unless it is given. */
  post(path: string, form: Record<string, string> | string[][], headers?: Record<string, string>): Promise<Seen>;
  /** Signs in by the development issuer. @param person as `scripts/dev-issuer/people.ts` names them. */
  signIn(person: string, to?: string): Promise<Seen>;
}

export interface Seen {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Where it redirects to; empty where it does not. */
  readonly location: string;
}

interface Sent {
  readonly method?: string;
  readonly body?: URLSearchParams;
  readonly headers: Record<string, string>;
}

export function visitor(origin: string): Visitor {
  const cookies = new Map<string, string>();
  const set: string[] = [];
  let csrf = '';
  const ask = async (path: string, init: Sent): Promise<Seen> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(new URL(path, origin), {
      redirect: 'manual',
      ...init,
      headers: { accept: 'text/html', ...(cookie && { cookie }), ...init.headers },
    });
    for (const line of response.headers.getSetCookie()) {
      set.push(line);
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/; Max-Age=0|Expires=Thu, 01 Jan 1970/i.test(line)) cookies.delete(name);
      else cookies.set(name, decodeURIComponent(value));
    }
    const text = await response.text();
    csrf = /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? csrf;
    return {
      status: response.status,
      headers: response.headers,
      text,
      location: response.headers.get('location') ?? '',
    };
  };
  const self: Visitor = {
    cookies,
    set,
    get: (path, headers = {}) => ask(path, { headers }),
    post(path, form, headers = {}) {
      const fields = new URLSearchParams(form);
      if (!fields.has('csrf')) fields.set('csrf', csrf);
      return ask(path, { method: 'POST', body: fields, headers: { origin, ...headers } });
    },
    async signIn(person, to = '/catalogue') {
      const left = await self.get(`/sign-in?to=${encodeURIComponent(to)}`);
      const chosen = await self.post(new URL(left.location).pathname, [
        ...new URL(left.location).searchParams,
        ['person', person],
      ]);
      return self.get(chosen.location);
    },
  };
  return self;
}

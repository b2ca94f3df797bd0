import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { HubError } from '../../lib/errors.ts';
import { addHealthRoutes } from '../../lib/health-routes.ts';
import { createHttpServer, type HttpServer, type HttpServerOptions } from '../../lib/http-server.ts';
import { createLogger } from '../../lib/logger.ts';
import { createMetrics } from '../../lib/metrics.ts';

const NUMBER = '11010519491231002X';
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

let server: HttpServer | undefined;
let lines: string[] = [];
afterEach(async () => {
  await server?.close(0);
  lines = [];
});

async function serving(options: Partial<HttpServerOptions> = {}, ready = () => Promise.resolve(true)): Promise<string> {
  const destination = { write: (line: string) => lines.push(line) };
  const logger = createLogger({ level: 'info', production: true, service: 'test', destination });
  server = createHttpServer({ logger, production: false, ...options });
  addHealthRoutes(server, { ready, metrics: createMetrics(logger) });
  server.app.post('/echo', (request) => ({ body: request.body, ip: request.ip }));
  server.app.get('/persons/:number', () => ({ found: true }));
  server.app.get('/slow', async () => {
    await new Promise((resolve) => setTimeout(resolve, 300));
    return { done: true };
  });
  server.app.get('/hub-error', () => {
    throw new HubError('AUDIT_UNAVAILABLE', 'Not recorded.', { http: { status: 503 }, hint: 'wait' });
  });
  server.app.get('/error', () => {
    throw Object.assign(new Error(`no row for ${NUMBER}`), { statusCode: 502, row: { number: NUMBER } });
  });
  return server.listen('127.0.0.1', 0);
}

interface Refusal {
  readonly errors: readonly { readonly message: string; readonly extensions: Record<string, unknown> }[];
}
const refusal = async (response: Response) => ((await response.json()) as Refusal).errors[0];

/** Sends bytes as they are and collects what comes back until the connection is closed. */
function raw(origin: string, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(origin);
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let received = '';
    socket.on('data', (chunk) => (received += chunk.toString()));
    socket.on('close', () => resolve(received));
    socket.on('error', reject);
  });
}

describe('the HTTP server', () => {
  it('takes bodies up to 1 MB and refuses larger ones', async () => {
    const origin = await serving();
    const post = (size: number) =>
      fetch(`${origin}/echo`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify('x'.repeat(size - 2)),
      });
    expect((await post(1_048_576)).status).toBe(200);
    const response = await post(1_048_577);
    expect(response.status).toBe(413);
    expect(await refusal(response)).toMatchObject({
      message: 'The request body is larger than 1 MB. Ask for less at a time.',
      extensions: { code: 'REQUEST_TOO_LARGE' },
    });
  });

  it('refuses headers over 16 KB', async () => {
    const origin = await serving();
    const answer = await raw(origin, `GET /health HTTP/1.1\r\nhost: a\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
  });

  it('gives up a request that does not arrive', async () => {
    const origin = await serving({ receiveWithinMs: 200 });
    const half = 'POST /echo HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{"a"';
    expect(await raw(origin, half)).toMatch(/^HTTP\/1\.1 408 /);
    expect(await raw(origin, 'GET /health HTTP/1.1\r\nhost: ')).toMatch(/^HTTP\/1\.1 408 /);
  });

  it.each([
    ['{"a":', 'application/json', 400, 'BAD_REQUEST'],
    ['', 'application/json', 400, 'BAD_REQUEST'],
    ['{"__proto__":{"admin":true}}', 'application/json', 400, 'BAD_REQUEST'],
    ['{"a":1}', 'text/plain', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a=1', 'application/x-www-form-urlencoded', 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ])('refuses %j as %s', async (body, type, status, code) => {
    const origin = await serving();
    const response = await fetch(`${origin}/echo`, { method: 'POST', headers: { 'content-type': type }, body });
    expect(response.status).toBe(status);
    expect(await refusal(response)).toMatchObject({ extensions: { code } });
  });

  it.each(['/absent', '/persons/%zz', '/absent?x=%zz'])('does not repeat the URL %s', async (path) => {
    const origin = await serving();
    const response = await fetch(`${origin}${path}`);
    expect([400, 404]).toContain(response.status);
    const text = await response.text();
    expect(text).not.toMatch(/absent|zz/);
    expect(text).toContain('"requestId"');
  });

  it('lets an error of the hub through, with its code and status', async () => {
    const origin = await serving();
    const response = await fetch(`${origin}/hub-error`);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({
      errors: [
        {
          message: 'Not recorded.',
          extensions: { code: 'AUDIT_UNAVAILABLE', hint: 'wait', requestId: response.headers.get('x-request-id') },
        },
      ],
    });
  });

  it('answers any other error with nothing but the request id, and logs it without values', async () => {
    const origin = await serving();
    const response = await fetch(`${origin}/error`);
    const id = response.headers.get('x-request-id') ?? '';
    expect(response.status).toBe(500);
    expect(await refusal(response)).toEqual({
      message: `Unexpected error. Quote the request id ${id} to the data bureau.`,
      extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: id },
    });
    const logged = lines.find((line) => line.includes('a request failed')) ?? '';
    expect(logged).toContain(id);
    expect(logged).toContain('no row for …');
    expect(lines.join('')).not.toContain(NUMBER);
  });

  it('keeps a request id that is a UUID, and no other', async () => {
    const origin = await serving();
    const idFor = async (given: string) =>
      (await fetch(`${origin}/health`, { headers: { 'x-request-id': given } })).headers.get('x-request-id');
    const uuid = '0B6E9C1E-8d5a-4b3c-9e0f-1234567890ab';
    expect(await idFor(uuid)).toBe(uuid.toLowerCase());
    for (const other of [NUMBER, 'abc', `${uuid}x`]) expect(await idFor(other)).toMatch(UUID);
    expect(await idFor(NUMBER)).not.toContain(NUMBER);
  });

  it('logs the route and the status, nothing the caller wrote', async () => {
    const origin = await serving();
    const headers = { authorization: `Bearer ${NUMBER}`, 'x-request-id': NUMBER, 'user-agent': NUMBER };
    await fetch(`${origin}/persons/${NUMBER}?name=${NUMBER}`, { headers });
    await fetch(`${origin}/health`);
    const answered = () => lines.filter((line) => line.includes('"msg":"answered"'));
    await expect.poll(() => answered().length).toBe(1);
    expect(JSON.parse(answered()[0] ?? '')).toMatchObject({
      method: 'GET',
      route: '/persons/:number',
      status: 200,
      requestId: expect.stringMatching(UUID) as string,
    });
    expect(lines.join('')).not.toContain(NUMBER);
  });

  it('tells browsers to load, frame and keep nothing', async () => {
    const origin = await serving({ production: true });
    const { headers } = await fetch(`${origin}/health`);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('strict-transport-security')).toContain('max-age=');
  });

  it.each([
    [false, '127.0.0.1'],
    [1, '203.0.113.9'],
    [['127.0.0.1'], '203.0.113.9'],
    [['10.0.0.0/8'], '127.0.0.1'],
  ] as const)('with trusted proxies %j takes %s for the caller', async (trustProxy, ip) => {
    const origin = await serving({ trustProxy });
    const headers = { 'content-type': 'application/json', 'x-forwarded-for': '198.51.100.7, 203.0.113.9' };
    const response = await fetch(`${origin}/echo`, { method: 'POST', headers, body: '{}' });
    expect(await response.json()).toMatchObject({ ip });
  });
});

describe('readiness', () => {
  it('follows what is asked, within two seconds', async () => {
    const origin = await serving({}, () => Promise.resolve(false));
    expect((await fetch(`${origin}/ready`)).status).toBe(503);
    await server?.close();
    const stuck = await serving({}, () => new Promise(() => undefined));
    expect(await (await fetch(`${stuck}/ready`)).json()).toEqual({ status: 'not ready' });
  });
});

describe('closing', () => {
  it('says so first, while requests are still answered', async () => {
    const origin = await serving();
    expect((await fetch(`${origin}/ready`)).status).toBe(200);
    server?.beginClosing();
    const ready = await fetch(`${origin}/ready`);
    expect([ready.status, await ready.json(), ready.headers.get('connection')]).toEqual([
      503,
      { status: 'closing' },
      'close',
    ]);
    expect((await fetch(`${origin}/health`)).status).toBe(200);
  });

  it('finishes requests in flight and accepts no more', async () => {
    const origin = await serving();
    const slow = fetch(`${origin}/slow`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const started = Date.now();
    const closed = server?.close();
    expect(await (await slow).json()).toEqual({ done: true });
    await closed;
    expect(Date.now() - started).toBeLessThan(2_000);
    await expect(fetch(`${origin}/health`)).rejects.toThrow('fetch failed');
  });

  it('cuts what does not end in time', async () => {
    const origin = await serving();
    const slow = fetch(`${origin}/slow`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const started = Date.now();
    const outcome = expect(slow).rejects.toThrow('fetch failed');
    await server?.close(50);
    await outcome;
    expect(Date.now() - started).toBeLessThan(200);
  });
});

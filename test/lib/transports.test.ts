import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { httpTransport } from '../../lib/http-transport.ts';
import { localTransport } from '../../lib/local-transport.ts';
import { createMetrics } from '../../lib/metrics.ts';
import { serveSubgraph, type ServedSubgraph } from '../../lib/subgraph-http.ts';
import type { SubgraphTransport } from '../../lib/transport.ts';
import { type Atlas, atlas, ROW } from './atlas.ts';

const logger = pino({ level: 'silent' });
let subgraph: Atlas;
let served: ServedSubgraph;

beforeAll(async () => {
  subgraph = await atlas();
  const metrics = createMetrics(logger);
  const options = { host: '127.0.0.1', port: 0, logger, metrics, production: false, timeoutMs: 5_000 };
  served = await serveSubgraph(subgraph.server, options);
});
afterAll(async () => {
  await served.close();
  await subgraph.server.stop();
});

describe.each(['in this process', 'over HTTP'])('a subgraph %s', (place) => {
  let transport: SubgraphTransport;
  beforeAll(() => {
    transport =
      place === 'over HTTP'
        ? httpTransport({ subgraph: 'atlas', url: served.url, timeoutMs: 5_000 })
        : localTransport(subgraph.server);
  });
  afterAll(() => transport.close());

  it('answers in plain JSON values', async () => {
    const query = '{ place { code surveyedAt outline corner } places { code } whoAsks }';
    const answer = await transport.send(await subgraph.request(query));
    expect(JSON.parse(JSON.stringify(answer))).toEqual(answer);
    expect(answer).toEqual({
      data: {
        place: {
          code: '532301',
          surveyedAt: '2024-02-29T08:00:00.000Z',
          outline: { type: 'Point', coordinates: [101.5, 25] },
          corner: [101.5, 25],
        },
        places: [{ code: '532301' }, null, { code: '532301' }],
        whoAsks: ['natural-resources'],
      },
    });
  });

  it('hands out nothing of its store: the receiver may change the answer', async () => {
    const before = JSON.stringify(ROW);
    const { data } = await transport.send(await subgraph.request('{ place { outline corner } }'));
    const place = data?.['place'] as { outline: typeof ROW.outline; corner: number[] };
    place.outline.type = 'Polygon';
    place.outline.coordinates.push(1);
    place.corner.push(2);
    expect(JSON.stringify(ROW)).toBe(before);
  });

  it('leaves the variables of the gateway as they are, and keeps none of them', async () => {
    const variables = { shape: [1, 2], search: { codes: ['b', 'a'] } };
    const query = 'query($shape: Geometry!, $search: Search!) { closed(shape: $shape) find(search: $search) }';
    const { data } = await transport.send(await subgraph.request(query, { variables }));
    expect(data).toEqual({ closed: [1, 2, 1], find: ['a', 'b'] });
    expect(variables).toEqual({ shape: [1, 2], search: { codes: ['b', 'a'] } });
  });

  it('answers a failure of a field beside the rest, without its message', async () => {
    const answer = await transport.send(await subgraph.request('{ fails place { code } }'));
    expect(answer).toEqual({
      data: { fails: null, place: { code: '532301' } },
      errors: [{ message: 'Unexpected error', path: ['fails'], extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
    });
  });

  it('gives each receiver errors of its own', async () => {
    const send = async () => transport.send(await subgraph.request('{ refused }'));
    const [first, second] = [await send(), await send()];
    Object.assign(first.errors?.[0]?.extensions ?? {}, { hint: 'changed' });
    expect(second.errors).toMatchObject([
      {
        message: 'There is no such place.',
        path: ['refused'],
        extensions: { code: 'NOT_FOUND', hint: 'ask for another' },
      },
    ]);
  });

  it('answers nothing without a context', async () => {
    const { context: _, ...request } = await subgraph.request('{ place { code } }');
    const answer = await transport.send(request);
    expect(answer).toMatchObject({ errors: [{ extensions: { code: 'CONTEXT_REQUIRED' } }] });
    expect(answer.data).toBeUndefined();
  });

  it('refuses a text that the context was not signed for', async () => {
    const request = await subgraph.request('{ place { code } }');
    const answer = await transport.send({ ...request, query: '{ place { outline } }' });
    expect(answer.data).toBeUndefined();
    expect(answer.errors).toMatchObject([{ extensions: { code: 'NOT_PERMITTED' } }]);
  });

  it('is left when the caller has gone, and stops working', async () => {
    const controller = new AbortController();
    const sent = transport.send(await subgraph.request('{ slow }', { signal: controller.signal }));
    await expect.poll(() => subgraph.slow.length).toBe(1);
    controller.abort();
    await expect(sent).rejects.toMatchObject({ name: 'TransportError', kind: 'aborted', subgraph: 'atlas' });
    const [working] = subgraph.slow.splice(0);
    await expect.poll(() => working?.aborted).toBe(true);
  });

  it('is left when the deadline of the request has passed', async () => {
    const signal = AbortSignal.timeout(50);
    const sent = transport.send(await subgraph.request('{ slow }', { signal }));
    await expect(sent).rejects.toMatchObject({ kind: 'timeout', message: 'atlas: did not answer in time' });
    subgraph.slow.splice(0);
  });

  it('is not asked for a caller who has gone before', async () => {
    const sent = transport.send(await subgraph.request('{ slow }', { signal: AbortSignal.abort() }));
    await expect(sent).rejects.toMatchObject({ kind: 'aborted' });
    expect(subgraph.slow).toEqual([]);
  });
});

describe('the HTTP transport', () => {
  let server: Server | undefined;
  const transports: SubgraphTransport[] = [];
  afterEach(async () => {
    await Promise.all(transports.splice(0).map((transport) => transport.close()));
    server?.closeAllConnections();
    server?.close();
  });

  async function towards(listener: RequestListener, options: { timeoutMs?: number; maxBytes?: number } = {}) {
    server = createServer(listener);
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return transportTo(`http://127.0.0.1:${port}/graphql`, options);
  }
  function transportTo(url: string, options: { timeoutMs?: number; maxBytes?: number } = {}): SubgraphTransport {
    const transport = httpTransport({ subgraph: 'atlas', url, timeoutMs: 20_000, ...options });
    transports.push(transport);
    return transport;
  }
  const ask = async (transport: SubgraphTransport) => transport.send(await subgraph.request('{ place { code } }'));
  const answering =
    (body: string, type = 'application/json', status = 200): RequestListener =>
    (_, response) => {
      response.writeHead(status, { 'content-type': type }).end(body);
    };

  it('sends the context, the request id and the trace', async () => {
    let received: Record<string, unknown> = {};
    const transport = await towards((request, response) => {
      received = request.headers;
      answering('{"data":{}}')(request, response);
    });
    const request = await subgraph.request('{ place { code } }', { operationName: undefined });
    await transport.send(request);
    expect(received).toMatchObject({
      'shuniu-context': request.context,
      'x-request-id': request.requestId,
      traceparent: request.traceparent,
      'content-type': 'application/json',
    });
  });

  it.each([
    ['a page', answering('<html>', 'text/html'), 'bad-answer'],
    ['JSON that is no GraphQL', answering('{"status":"ok"}'), 'bad-answer'],
    ['a list', answering('[]'), 'bad-answer'],
    ['data that are no object', answering('{"data":[1]}'), 'bad-answer'],
    ['errors without a message', answering('{"errors":[{}]}'), 'bad-answer'],
    ['half an answer', answering('{"data":{"place"'), 'bad-answer'],
    ['nothing', answering(''), 'bad-answer'],
    ['an error of a proxy', answering('upstream', 'text/plain', 502), 'unreachable'],
    ['no HTTP', (_, response) => void response.socket?.end('hello'), 'bad-answer'],
    ['a broken connection', (_, response) => response.socket?.destroy(), 'unreachable'],
  ])('refuses %s', async (_, listener, kind) => {
    await expect(ask(await towards(listener))).rejects.toMatchObject({ name: 'TransportError', kind });
  });

  it('takes an answer of any status that is GraphQL', async () => {
    const refused = '{"errors":[{"message":"no","extensions":{"code":"CONTEXT_REFUSED"}}]}';
    const transport = await towards(answering(refused, 'application/graphql-response+json; charset=utf-8', 401));
    expect((await ask(transport)).errors).toMatchObject([{ extensions: { code: 'CONTEXT_REFUSED' } }]);
  });

  it('refuses an answer that is too large before it is whole', async () => {
    let closed = false;
    const transport = await towards(
      (_, response) => {
        response.on('close', () => (closed = true));
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write(`{"data":{"x":"${'x'.repeat(200_000)}`);
      },
      { maxBytes: 100_000 },
    );
    await expect(ask(transport)).rejects.toMatchObject({ kind: 'bad-answer', message: /more than 100000 bytes/ });
    await expect.poll(() => closed).toBe(true);
  });

  it('gives up a subgraph that does not answer, and one that stops in the middle', async () => {
    const silent = await towards(() => undefined, { timeoutMs: 300 });
    await expect(ask(silent)).rejects.toMatchObject({ kind: 'timeout' });
    server?.closeAllConnections();
    server?.close();
    const stuck = await towards(
      (_, response) => void response.writeHead(200, { 'content-type': 'application/json' }).write('{"data":'),
      { timeoutMs: 300 },
    );
    await expect(ask(stuck)).rejects.toMatchObject({ kind: 'timeout' });
  });

  it('says that nobody listens', async () => {
    const transport = await towards(answering('{}'));
    server?.close();
    await expect(ask(transport)).rejects.toMatchObject({ kind: 'unreachable', message: 'atlas: cannot be reached' });
    expect(await transport.ready()).toBe(false);
  });

  it('answers many fetches at once, each with its own', async () => {
    const transport = transportTo(served.url);
    const codes = Array.from({ length: 200 }, (_, index) => String(index));
    const query = 'query($search: Search!) { find(search: $search) }';
    const answers = await Promise.all(
      codes.map(async (code) =>
        transport.send(await subgraph.request(query, { variables: { search: { codes: [code] } } })),
      ),
    );
    expect(answers.map(({ data }) => data?.['find'])).toEqual(codes.map((code) => [code]));
  });

  it('receives a large answer whole', async () => {
    const { data } = await transportTo(served.url).send(await subgraph.request('{ large(kilobytes: 3000) }'));
    expect(data?.['large']).toHaveLength(3_000 * 1024);
  });
});

describe('a subgraph served over HTTP', () => {
  const post = (body: string, headers: Record<string, string> = {}) =>
    fetch(served.url, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });

  it.each([
    ['{"query":""}', 'query: not of a GraphQL request'],
    ['{"query":"{ a }","variables":[]}', 'variables: not of a GraphQL request'],
    ['[]', 'the body: not of a GraphQL request'],
    ['{"query"', 'The request is not well formed'],
  ])('refuses the body %s', async (body, sentence) => {
    const response = await post(body);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain(sentence);
  });

  it('answers nothing without a signed context, and does not tell its schema', async () => {
    for (const query of ['{ place { code } }', '{ __schema { types { name } } }', '{ _service { sdl } }']) {
      const response = await post(JSON.stringify({ query }));
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'CONTEXT_REQUIRED' } }] });
    }
  });

  it('says how it is', async () => {
    const origin = new URL(served.url).origin;
    expect(await (await fetch(`${origin}/health`)).json()).toEqual({ status: 'ok' });
    const metrics = await (await fetch(`${origin}/metrics`)).text();
    expect(metrics).toContain('shuniu_request_duration_seconds_count{outcome="ok"}');
  });
});

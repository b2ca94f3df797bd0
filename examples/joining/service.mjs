import { createServer } from 'node:http';
import process from 'node:process';
import { json } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { GraphQLError } from 'graphql';
import { gatewayKeys } from './gateway-keys.mjs';
import { answer, readQuery } from './graphql.mjs';
import { Refused } from './refused.mjs';
import { permit, verifyContext } from './signed-context.mjs';

/** The name under which the service is published: contexts for another one are not for it. */
const AUDIENCE = 'housing-fund';

const { values } = parseArgs({
  options: { jwks: { type: 'string' }, port: { type: 'string', default: '4107' } },
});
if (values.jwks === undefined) {
  process.stderr.write('--jwks: missing. Give the URL of the gateway’s public keys, …/.well-known/jwks.json.\n');
  process.exit(2);
}
const keyOf = gatewayKeys(values.jwks);

/**
 * In this order: who sends it, whether this text and its items are permitted, and only then what it asks.
 * @param {import('node:http').IncomingMessage} request
 */
async function fetched(request) {
  const header = request.headers['shuniu-context'];
  const context = await verifyContext(typeof header === 'string' ? header : undefined, { audience: AUDIENCE, keyOf });
  const body = /** @type {{ query?: unknown, variables?: Record<string, unknown> | null } | null} */ (
    await json(request)
  );
  const query = body?.query;
  if (typeof query !== 'string')
    throw new Refused('BAD_REQUEST', 'query: missing. Send {"query":"…","variables":{…}}.');
  const { document, errors, touched } = readQuery(query);
  permit(context, query, touched);
  return errors.length > 0 ? { errors } : answer(document, body?.variables ?? {}, context);
}

const STATUS = { CONTEXT_REQUIRED: 401, CONTEXT_REFUSED: 401, NOT_PERMITTED: 403 };

/**
 * @param {unknown} thrown
 * @returns {{ status: number, body: object }}
 */
function failure(thrown) {
  if (thrown instanceof Refused) {
    const { code, message } = thrown;
    const status = code in STATUS ? STATUS[/** @type {keyof typeof STATUS} */ (code)] : 400;
    return { status, body: { errors: [{ message, extensions: { code } }] } };
  }
  if (thrown instanceof GraphQLError || thrown instanceof SyntaxError)
    return { status: 400, body: { errors: [{ message: 'The body is no GraphQL request.' }] } };
  process.stderr.write(`a fetch failed: ${thrown instanceof Error ? String(thrown.stack) : String(thrown)}\n`);
  return { status: 500, body: { errors: [{ message: 'Unexpected error' }] } };
}

const server = createServer((request, response) => {
  if (request.method === 'GET' && (request.url === '/health' || request.url === '/ready')) {
    response.end('ok\n');
    return;
  }
  if (request.method !== 'POST' || request.url !== '/graphql') {
    response.writeHead(404).end();
    return;
  }
  void fetched(request)
    .then((body) => ({ status: 200, body }), failure)
    .then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/graphql-response+json; charset=utf-8' });
      response.end(JSON.stringify(body));
    });
});

server.listen(Number(values.port), '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : values.port;
  process.stdout.write(`${AUDIENCE} answers at http://127.0.0.1:${String(port)}/graphql\n`);
});
process.once('SIGTERM', () => {
  server.close();
  server.closeIdleConnections();
});

import { existsSync } from 'node:fs';
import { buildSchema, graphql } from 'graphql';
import { pino } from 'pino';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerGraphiql } from '../../gateway/graphiql.ts';
import { createHttpServer, type HttpServer } from '../../lib/http-server.ts';

const BROWSER = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

const EXAMPLES = [
  { comment: 'who asks first\nhub token --department first', query: 'query First { greeting }' },
  { comment: 'who asks second', query: 'query Second { greeting }' },
];

let server: HttpServer;
let origin: string;
const asked: { readonly authorization: string | undefined; readonly operationName?: string }[] = [];

beforeAll(async () => {
  server = createHttpServer({ logger: pino({ level: 'silent' }), production: true });
  registerGraphiql(server.app, { examples: EXAMPLES, endpoint: '/graphql' });
  const schema = buildSchema('type Query { "says hello" greeting: String }');
  server.app.post('/graphql', async (request) => {
    const { query, operationName } = request.body as { query: string; operationName?: string };
    asked.push({ authorization: request.headers.authorization, ...(operationName && { operationName }) });
    return graphql({ schema, source: query, rootValue: { greeting: '你好' }, operationName });
  });
  origin = await server.listen('127.0.0.1', 0);
});
afterAll(() => server.close(0));

describe('the GraphiQL page', () => {
  it('loads nothing from elsewhere', async () => {
    const response = await fetch(`${origin}/graphiql`);
    const html = await response.text();
    expect(html).not.toMatch(/<(script|link|img|iframe)[^>]+(src|href)=["']?(https?:)?\/\//i);
    expect(html).not.toMatch(/@import|url\(["']?(https?:)?\/\//i);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/https?:|\*|script-src[^;]*'unsafe/);
  });

  it('holds no token', async () => {
    expect(await (await fetch(`${origin}/graphiql`)).text()).not.toMatch(/eyJhbGci/);
  });
});

describe.skipIf(BROWSER === undefined)('the GraphiQL page in a browser without a network', { timeout: 90_000 }, () => {
  let browser: Browser;
  let page: Page;
  const requests: string[] = [];
  const complaints: string[] = [];
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: BROWSER ?? '',
      args: ['--no-sandbox', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
    });
    page = await browser.newPage();
    page.on('request', (request) => requests.push(request.url()));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${origin}/graphiql`);
    await page.getByRole('button', { name: /execute/i }).waitFor({ timeout: 60_000 });
  }, 90_000);
  afterAll(() => browser.close());

  it('shows each example in a tab and sends a query with the headers that are typed in', async () => {
    for (const name of ['First', 'Second']) await page.getByRole('tab', { name }).waitFor();
    await page.getByRole('tab', { name: 'Second' }).click();
    await page.getByRole('button', { name: /execute/i }).click();
    await page.getByText('你好').first().waitFor();
    expect(asked.at(-1)).toEqual({ authorization: undefined, operationName: 'Second' });
  });

  it('opens with the query of its address', async () => {
    const fresh = await browser.newPage();
    await fresh.goto(`${origin}/graphiql?query=${encodeURIComponent('query Linked { greeting }')}`);
    await fresh.getByRole('tab', { name: 'Linked' }).waitFor({ timeout: 60_000 });
    await fresh.close();
  });

  it('asks nobody but this server', () => {
    const foreign = requests.filter((url) => !url.startsWith(origin) && !/^(data|blob):/.test(url));
    expect(foreign).toEqual([]);
    expect(complaints).toEqual([]);
  });
});

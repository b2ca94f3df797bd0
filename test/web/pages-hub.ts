import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { type Logger, pino } from 'pino';
import { type Browser, chromium, type Page } from 'playwright-core';
import { registerGraphql } from '../../gateway/routes.ts';
import { readSettings } from '../../lib/env.ts';
import { createHttpServer } from '../../lib/http-server.ts';
import type { Settings, Variables } from '../../lib/settings.ts';
import { storeDevelopmentGrants } from '../../scripts/development-grants.ts';
import { openHub, type OpenHub } from '../../scripts/open-hub.ts';
import { servePages } from '../../scripts/serve-pages.ts';
import { discoverSubgraphs } from '../../scripts/subgraphs.ts';
import { copyOfKept } from '../support/copy-of-kept.ts';

/** The browser of the system; without one the tests that need it are skipped. */
export const BROWSER = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

export interface PagesHub {
  readonly origin: string;
  /** Lines of the log, as JSON. */
  readonly log: readonly string[];
  close(): Promise<void>;
}

export interface PagesHubOptions {
  readonly variables?: Variables;
  readonly port?: number;
}

/**
 * The whole hub with its pages over empty stores, with the development grants, listening on a port. Its first start, with the
 * making of a release, is that of one hub for all.
 */
export async function pagesHub({ variables = {}, port = 0 }: PagesHubOptions = {}): Promise<PagesHub> {
  const dataDir = await copyOfKept('started', async (folder) => {
    await (await openOver(folder)).hub.close();
  });
  const { hub, settings, log, logger } = await openOver(dataDir, variables);
  const http = createHttpServer({ logger, production: settings.production });
  registerGraphql(http.app, hub.gateway);
  const pages = await servePages(http.app, { settings, gateway: hub.gateway });
  const origin = await http.listen('127.0.0.1', port);
  pages.listening(origin);
  return {
    ...{ origin, log },
    async close() {
      await http.close(0);
      await hub.close();
      await rm(dataDir, { recursive: true });
    },
  };
}

interface Opened {
  readonly hub: OpenHub;
  readonly settings: Settings;
  readonly log: string[];
  readonly logger: Logger;
}

async function openOver(dataDir: string, variables: Variables = {}): Promise<Opened> {
  const definitions = await discoverSubgraphs();
  const settings = readSettings(
    { subgraphs: definitions.map(({ name }) => name), role: 'hub' },
    { DATA_DIR: dataDir, NODE_ENV: 'test', HUB_RATE_PER_SECOND: '1000', HUB_RATE_BURST: '1000', ...variables },
  );
  const log: string[] = [];
  const logger = pino({ level: 'debug' }, { write: (line: string) => void log.push(line) });
  const hub = await openHub({
    settings,
    definitions,
    logger,
    welcome: (models, table) => storeDevelopmentGrants(models, table, Date.now()),
  });
  return { hub, settings, log, logger };
}

export interface Watched {
  readonly page: Page;
  /** Errors and violations of the policy that the browser reported. */
  readonly complaints: readonly string[];
  /** Addresses of every request. */
  readonly requests: readonly string[];
}

export async function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: BROWSER ?? '',
    args: ['--no-sandbox', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
  });
}

/** A page of a browser of its own, with a record of what it complains about and asks for. */
export async function watchedPage(
  browser: Browser,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<Watched> {
  const context = await browser.newContext({ locale: 'zh-CN', ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return { page, complaints, requests };
}

/** Signs in through the page of the development issuer. @param person a part of the name on the button. */
export async function signInAs(page: Page, origin: string, person: string, to = '/catalogue'): Promise<void> {
  await page.goto(`${origin}/sign-in?to=${encodeURIComponent(to)}`);
  await page.getByRole('button', { name: person }).click();
  await page.waitForURL((url) => url.pathname === new URL(to, origin).pathname);
}

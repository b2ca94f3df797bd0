import { pino } from 'pino';
import { createHttpServer } from '../../lib/http-server.ts';
import type { Answer } from '../../web/dashboard/answer.ts';
import { dashboardPages } from '../../web/dashboard/page.ts';
import { registerPages } from '../../web/pages.ts';
import { sampleAnswer } from './dashboard-answers.ts';
import { NOW } from './dashboard-visit.ts';

export interface DashboardServer {
  readonly origin: string;
  /** Variables of the questions that the pages asked, the first first. */
  readonly asked: Readonly<Record<string, unknown>>[];
  /** From here on every answer is changed by this; by nothing when absent. */
  spoil(change?: (answer: Answer) => void): void;
  close(): Promise<void>;
}

/** The dashboard behind the hub's own HTTP server and its headers, over answers made for the test, for whoever comes. */
export async function dashboardServer(): Promise<DashboardServer> {
  const server = createHttpServer({ logger: pino({ level: 'silent' }), production: false });
  const asked: Readonly<Record<string, unknown>>[] = [];
  let change: ((answer: Answer) => void) | undefined;
  let origin = '';
  registerPages(server.app, {
    ask: ({ body }) => {
      const { variables } = body as { variables: Readonly<Record<string, string>> };
      asked.push(variables);
      const { code: division = '', beside, against } = variables;
      const answer = structuredClone(
        sampleAnswer({ division, ...(beside && { beside }), ...(against && { against }) }),
      );
      change?.(answer);
      return Promise.resolve({ status: 200, headers: {}, body: JSON.stringify(answer) });
    },
    pages: dashboardPages({ home: '532300', now: () => NOW }).map((page) => ({ ...page, open: true })),
    provider: undefined,
    secret: () => Promise.resolve(Buffer.alloc(32, 1)),
    origin: undefined,
    listens: () => origin,
  });
  origin = await server.listen('127.0.0.1', 0);
  return { origin, asked, spoil: (next) => (change = next), close: () => server.close(0) };
}

import type { HttpServer } from './http-server.ts';
import type { Metrics } from './metrics.ts';

export interface Health {
  /** Whether a request would be answered now; it may look at a store, and is given two seconds. */
  readonly ready: () => Promise<boolean>;
  readonly metrics: Metrics;
}

const READY_WITHIN = 2_000;

/** /health: the process lives. /ready: it can answer and is not closing. /metrics: what it counted, for Prometheus. */
export function addHealthRoutes(server: HttpServer, { ready, metrics }: Health): void {
  server.app.get('/health', () => ({ status: 'ok' }));
  server.app.get('/ready', async (_request, reply) => {
    const status = server.closing() ? 'closing' : (await within(ready(), READY_WITHIN)) ? 'ready' : 'not ready';
    return reply.code(status === 'ready' ? 200 : 503).send({ status });
  });
  server.app.get('/metrics', async (_request, reply) => {
    const { contentType, text } = await metrics.render();
    return reply.type(contentType).send(text);
  });
}

async function within(answer: Promise<boolean>, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

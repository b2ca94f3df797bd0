import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { HubError } from '../../lib/errors.ts';
import { hubArguments } from '../hub-process.ts';

export interface GatewayProcess {
  readonly origin: string;
  /** The status of /ready. */
  ready(): Promise<number>;
  stop(): Promise<void>;
}

const READY_WITHIN = 120_000;
const LOOK_MS = 100;

/**
 * Starts `hub start` in a process of its own, with these variables and no others, and waits until it is ready.
 * @throws HubError BENCH_FAILED with the last of what the process said.
 */
export async function startGateway(variables: Readonly<Record<string, string>>): Promise<GatewayProcess> {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [...hubArguments(), 'start'], {
    env: { HUB_PORT: String(port), HUB_LOG_LEVEL: 'warn', ...variables },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2_000)));
  const ended = once(child, 'exit');
  const ready = async (): Promise<number> => (await fetch(`${origin}/ready`)).status;
  try {
    await becomesReady(child, ready);
  } catch (thrown) {
    child.kill('SIGKILL');
    await ended;
    throw new HubError('BENCH_FAILED', `A gateway did not become ready. The last it said:\n${said}`, {
      cause: String(thrown),
    });
  }
  return {
    origin,
    ready,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function becomesReady(child: ChildProcess, ready: () => Promise<number>): Promise<void> {
  const giveUp = Date.now() + READY_WITHIN;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
    if (Date.now() > giveUp) throw new Error('it took too long');
    // Nobody listens there yet.
    const status = await ready().catch(() => 0);
    if (status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}

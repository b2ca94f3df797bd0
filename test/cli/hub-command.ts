import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import { run } from '../../scripts/run-command.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface Finished {
  readonly code: number | null;
  /** The signal that ended it, where one did. */
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Variables = Readonly<Record<string, string>>;
type Ending = [code: number | null, signal: NodeJS.Signals | null];

/** Runs the command line as a user does, in a process of its own that has no variables but these. */
export async function hub(args: readonly string[], variables: Variables = {}): Promise<Finished> {
  const { child, output } = start(args, variables);
  const [code, signal] = (await once(child, 'close')) as Ending;
  return { code, signal, ...output };
}

/** Runs it in this process, which costs no start of Node, for what needs no process of its own. */
export async function hubHere(args: readonly string[], variables: Variables = {}): Promise<Finished> {
  const output = { stdout: '', stderr: '' };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  for (const stream of ['stdout', 'stderr'] as const)
    vi.spyOn(process[stream], 'write').mockImplementation((chunk) => {
      output[stream] += String(chunk);
      return true;
    });
  // A command that found a fault sets it for its process, which here goes on to the next command.
  const before = process.exitCode;
  process.exitCode = undefined;
  try {
    const code = await run(args);
    return { code, signal: null, ...output };
  } finally {
    process.exitCode = before;
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  }
}

export interface RunningCommand {
  /** The first line of its standard output. */
  readonly line: string;
  readonly output: { readonly stdout: string; readonly stderr: string };
  /** Asks it to end, as a service manager does. */
  stop(signal?: NodeJS.Signals): Promise<Finished>;
}

/** Starts a command that stays, and waits for its first line. */
export async function hubStays(args: readonly string[], variables: Variables = {}): Promise<RunningCommand> {
  const { child, output } = start(args, variables);
  const closed = once(child, 'close') as Promise<Ending>;
  const line = await Promise.race([
    firstLine(child, output),
    closed.then(([code]) => {
      throw new Error(`ended with ${String(code)}: ${output.stderr}`);
    }),
  ]);
  return {
    line,
    output,
    async stop(asked = 'SIGTERM') {
      child.kill(asked);
      const [code, signal] = await closed;
      return { code, signal, ...output };
    },
  };
}

function start(args: readonly string[], variables: Variables) {
  const output = { stdout: '', stderr: '' };
  const child = spawn(process.execPath, ['scripts/build/run.js', ...args], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  return { child, output };
}

function firstLine(child: ChildProcess, output: { readonly stdout: string }): Promise<string> {
  return new Promise((resolve) => {
    child.stdout?.on('data', () => {
      const [line, rest] = output.stdout.split('\n');
      if (rest !== undefined) resolve(line ?? '');
    });
  });
}

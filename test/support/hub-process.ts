import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const HUB = fileURLToPath(new URL('../../scripts/hub.ts', import.meta.url));

export interface HubProcess {
  /** Everything it wrote, both streams. */
  output(): string;
  /** Resolves with what the pattern matched once it is written; rejects when the process ends before. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  /** Sends a signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  exited(): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** Runs the command line as a process of its own, as an operator does. */
export function hubProcess(args: readonly string[], variables: Record<string, string> = {}): HubProcess {
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', HUB, ...args], {
    env: { ...process.env, NODE_ENV: '', VITEST: '', ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      child.emit('said');
    });
  const ended = once(child, 'close').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
  }));
  return {
    output: () => output,
    exited: () => ended,
    async says(pattern) {
      for (;;) {
        const match = pattern.exec(output);
        if (match) return match;
        const event = await Promise.race([once(child, 'said').then(() => 'said'), ended.then(() => 'ended')]);
        const last = pattern.exec(output);
        if (last) return last;
        if (event === 'ended') throw new Error(`the process ended without saying ${String(pattern)}:\n${output}`);
      }
    },
    end(signal) {
      child.kill(signal);
      return ended;
    },
  };
}

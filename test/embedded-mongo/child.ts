/** Runs one of the scripts beside this file as a process of its own, that can be killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';

export type Child = {
  readonly process: ChildProcess;
  /** What it has printed, line by line. */
  readonly lines: readonly string[];
  /** Resolves to the first line that begins so. Rejects when the process ends without one. */
  line(start: string): Promise<string>;
  /** Resolves when it has printed so many lines. */
  count(lines: number): Promise<void>;
  kill(): Promise<void>;
};

const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/** `limit` is the most kilobytes a file of the process may have, as on a disk that is full. */
export function run(script: string, args: readonly string[], options: { limit?: number } = {}): Child {
  const command = [process.execPath, '--import', tsx, fileURLToPath(new URL(script, import.meta.url)), ...args];
  const limited =
    options.limit === undefined
      ? command
      : ['bash', '-c', `trap '' XFSZ; ulimit -S -f ${options.limit}; exec "$@"`, 'bash', ...command];
  const [program = '', ...rest] = limited;
  const child = spawn(program, rest, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines: string[] = [];
  const watching = new Set<() => void>();
  const input = createInterface({ input: child.stdout });
  input.on('line', (line) => {
    lines.push(line);
    for (const look of watching) look();
  });
  const closed = once(input, 'close');
  // Its output ends before it does: while it is dying, it still holds what it held.
  const ended = once(child, 'exit');
  const until = <T>(find: () => T | undefined, wanted: string): Promise<T> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = find();
        if (found === undefined) return;
        watching.delete(look);
        resolve(found);
      };
      watching.add(look);
      look();
      void closed.then(() => reject(new Error(`the process ended without ${wanted}: ${lines.join(' | ')}`)));
    });
  return {
    process: child,
    lines,
    line: (start) => until(() => lines.find((line) => line.startsWith(start)), `'${start}'`),
    count: async (wanted) => {
      await until(() => (lines.length >= wanted ? true : undefined), `${wanted} lines`);
    },
    kill: async () => {
      child.kill('SIGKILL');
      await Promise.all([closed, ended]);
    },
  };
}

import type { Command } from 'commander';

/** What the commands share: how they write, and how they fail. */

export function print(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

/** Rows in columns of equal width, under their names; an absent cell is a dash. */
export function printTable(
  columns: readonly string[],
  rows: readonly (readonly (string | number | undefined)[])[],
): void {
  const cells = [
    columns.map((name) => name.toUpperCase()),
    ...rows.map((row) => row.map((cell) => String(cell ?? '-'))),
  ];
  const widths = columns.map((_, index) => Math.max(...cells.map((row) => (row[index] ?? '').length)));
  for (const row of cells)
    print(
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}

/** Examples under the help of a command. */
export function withExamples(command: Command, ...lines: readonly string[]): Command {
  return command.addHelpText('after', `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`);
}

/** Makes wrong usage an exception, for a command and all below it; `run-command.ts` turns it into the exit code. */
export function strict(command: Command): void {
  command.exitOverride().showHelpAfterError('Run with --help to see the options.');
  command.commands.forEach(strict);
}

/** An error as a sentence on standard error. Expected ones say all there is to say; others show where they arose if asked. */
export function complain(thrown: unknown, { stack }: { readonly stack: boolean }): void {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const expected = error.name === 'HubError' || error.name === 'EmbeddedMongoError';
  const text = expected ? error.message : `Unexpected error: ${error.message}`;
  process.stderr.write(text.replace(/^/gm, 'hub: ').concat('\n'));
  if (stack && !expected && error.stack) process.stderr.write(`${error.stack}\n`);
}

/** Option that can be repeated. */
export function gather(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

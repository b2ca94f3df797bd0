import { Command } from 'commander';
import { print, printJson, withExamples } from '../command-line.ts';

interface Options {
  readonly owner: string;
  readonly title: string;
  readonly type?: string;
  readonly into: string;
  readonly json?: true;
}

/** `hub new-subgraph <name>`: the subgraph of a further department, ready to run. */
export function newSubgraphCommand(): Command {
  const command = new Command('new-subgraph')
    .description('make the subgraph of a further department: it runs, composes and has tests at once')
    .argument('<name>', 'its name, such as traffic-police')
    .requiredOption('--owner <department>', 'code of the department that owns it')
    .requiredOption('--title <text>', 'what people call it')
    .option('--type <Name>', 'GraphQL type of its rows, in the singular (the name, with Case behind)')
    .option('--into <folder>', 'the sources of the hub', '.')
    .option('--json', 'say as JSON what was made and what to do next')
    .action(make);
  return withExamples(
    command,
    'hub new-subgraph traffic-police --owner public-security-traffic --title 交通警察',
    'hub new-subgraph hotline --owner government-hotline --title 政务服务便民热线 --type Complaint --json',
  );
}

async function make(name: string, { into, json, ...asked }: Options): Promise<void> {
  const { makeSubgraph } = await import('../new-subgraph/make.ts');
  const made = await makeSubgraph({ name, ...asked }, into);
  if (json) printJson(made);
  else print([`Made ${name} of ${made.owner}:`, ...indented(made.files), 'Next:', ...indented(made.next)].join('\n'));
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

import { Command } from 'commander';
import { print, printJson, printTable, withExamples } from '../command-line.ts';

interface Options {
  readonly explain?: string;
  readonly subgraph?: string;
  readonly json?: true;
}

/** `hub lint`: what is wrong with the schemas of the subgraphs. */
export function lintCommand(): Command {
  const command = new Command('lint')
    .description('check the schemas of the subgraphs against the rules of sharing; exit status 1 where one is broken')
    .option('--subgraph <name>', 'only what is found in this one')
    .option('--explain <rule>', 'say what a rule asks, with SDL that keeps it and SDL that breaks it')
    .option('--json', 'print the findings as JSON')
    .action(lintSubgraphs);
  return withExamples(
    command,
    'hub lint',
    'hub lint --subgraph population --json',
    'hub lint --explain undeclared-filter',
  );
}

async function lintSubgraphs({ explain, subgraph, json }: Options): Promise<void> {
  const [{ lint, RULES }, { HubError }, { discoverSubgraphs }] = await Promise.all([
    import('../../schema/lint/lint.ts'),
    import('../../lib/errors.ts'),
    import('../subgraphs.ts'),
  ]);
  if (explain !== undefined) {
    const rule = RULES.find(({ name }) => name === explain);
    if (!rule)
      throw new HubError(
        'NO_SUCH_RULE',
        `--explain: no such rule. There are ${RULES.map(({ name }) => name).join(', ')}.`,
      );
    if (json) printJson(rule);
    else print([rule.why, '', 'Right:', '', rule.good, '', 'Wrong:', '', rule.bad].join('\n'));
    return;
  }
  const definitions = await discoverSubgraphs();
  if (subgraph !== undefined && !definitions.some(({ name }) => name === subgraph))
    throw new HubError(
      'NO_SUCH_SUBGRAPH',
      `--subgraph: no such subgraph. There are ${definitions.map(({ name }) => name).join(', ')}.`,
    );
  const findings = lint(definitions).filter((each) => subgraph === undefined || each.subgraph === subgraph);
  if (json) printJson(findings);
  else if (findings.length === 0) print('Nothing was found.');
  else
    printTable(
      ['severity', 'rule', 'subgraph', 'at', 'what', 'fix'],
      findings.map((each) => [each.severity, each.rule, each.subgraph, each.coordinate, each.problem, each.fix]),
    );
  if (findings.some(({ severity }) => severity === 'ERROR')) process.exitCode = 1;
}

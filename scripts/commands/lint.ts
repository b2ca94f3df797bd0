import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, resolve } from 'node:path';
import { Command } from 'commander';
import { HubError, messageOf } from '../../lib/errors.ts';
import type { LintSource } from '../../schema/lint/contract.ts';
import type { Finding, Rule } from '../../schema/lint/rule.ts';
import { print, printJson, printTable, withExamples } from '../command-line.ts';

interface Options {
  readonly explain?: string;
  readonly rules?: true;
  readonly subgraph?: string;
  readonly owner?: string;
  readonly foreign?: true;
  readonly strict?: true;
  readonly json?: true;
}

/** `hub lint`: what is wrong with the schemas of the subgraphs. */
export function lintCommand(): Command {
  const command = new Command('lint')
    .description('check the schemas of the subgraphs against the rules of sharing; exit status 1 where one is broken')
    .argument('[files...]', 'schemas to check in place of those that are here, or beside them')
    .option(
      '--subgraph <name>',
      'only what is found in this one; with a file, which one it is (the name of its folder)',
    )
    .option('--owner <department>', 'whose a file is (the owner of the one it stands in for)')
    .option('--foreign', 'the types of a file cannot be changed: what asks for others is a warning')
    .option('--strict', 'warnings make the exit status 1, too')
    .option('--rules', 'list the rules')
    .option('--explain <rule>', 'say what a rule asks, with SDL that keeps it and SDL that breaks it')
    .option('--json', 'print the findings as JSON')
    .action(run);
  return withExamples(
    command,
    'hub lint',
    'hub lint --subgraph population --json',
    'hub lint traffic-police/schema.graphql --owner public-security-traffic --strict',
    'hub lint --explain undeclared-filter',
  );
}

async function run(files: readonly string[], options: Options, command: Command): Promise<void> {
  const { explain, rules, json } = options;
  if (rules === undefined && explain === undefined) {
    await lintSchemas(files, options, command);
    return;
  }
  const { RULES } = await import('../../schema/lint/lint.ts');
  if (explain === undefined) showRules(RULES, json === true);
  else showRule(RULES, explain, json === true);
}

async function lintSchemas(files: readonly string[], options: Options, command: Command): Promise<void> {
  const { subgraph, owner, foreign, strict, json } = options;
  if (files.length === 0 && (owner !== undefined || foreign))
    command.error(`error: option '--${foreign ? 'foreign' : 'owner'}' is about a file: name one`);
  if (files.length > 1 && subgraph !== undefined)
    command.error("error: option '--subgraph' names one file's subgraph: give one file, or leave it out");
  const { discoverSubgraphs } = await import('../subgraphs.ts');
  const here = await discoverSubgraphs();
  const findings = files.length > 0 ? await inFiles(files, options, here) : await inThose(here, subgraph);
  if (json) printJson(findings);
  else show(findings);
  if (findings.some(({ severity }) => severity === 'ERROR' || (strict && severity === 'WARNING'))) process.exitCode = 1;
}

async function inThose(here: readonly LintSource[], subgraph: string | undefined): Promise<readonly Finding[]> {
  const { lint } = await import('../../schema/lint/lint.ts');
  if (subgraph !== undefined && !here.some(({ name }) => name === subgraph))
    throw new HubError(
      'NO_SUCH_SUBGRAPH',
      `--subgraph: no such subgraph. There are ${here.map(({ name }) => name).join(', ')}.`,
    );
  return lint(here).filter((each) => subgraph === undefined || each.subgraph === subgraph);
}

async function inFiles(
  files: readonly string[],
  options: Options,
  here: readonly LintSource[],
): Promise<readonly Finding[]> {
  const { lintChange } = await import('../../schema/lint/lint-change.ts');
  const given = await Promise.all(files.map((file) => sourceOf(file, options, here)));
  const changed = given.map(({ name }) => name);
  const twice = changed.find((name, index) => changed.indexOf(name) < index);
  if (twice !== undefined)
    throw new HubError(
      'SUBGRAPH_TWICE',
      `Two of the files are ${twice}: a subgraph is one file. Put them together, or name one after another subgraph.`,
    );
  return lintChange([...here.filter(({ name }) => !changed.includes(name)), ...given], { changed, before: here });
}

/** A file as the subgraph it is: by the option, or `traffic-police/schema.graphql` and `traffic-police.graphql` by their names. */
async function sourceOf(file: string, options: Options, shipped: readonly LintSource[]): Promise<LintSource> {
  const stem = basename(file, extname(file));
  const name = options.subgraph ?? (stem === 'schema' ? basename(dirname(resolve(file))) : stem);
  const owner = options.owner ?? shipped.find((each) => each.name === name)?.owner ?? name;
  return { name, owner, sdl: await textOf(file), foreign: options.foreign === true };
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (thrown) {
    throw new HubError('FILE_UNREADABLE', `${file}: cannot be read (${messageOf(thrown)}). Name a file of SDL.`);
  }
}

function showRules(rules: readonly Rule[], json: boolean): void {
  if (json) printJson(rules);
  else
    printTable(
      ['rule', 'asks'],
      rules.map(({ name, asks }) => [name, asks]),
    );
}

function showRule(rules: readonly Rule[], name: string, json: boolean): void {
  const rule = rules.find((each) => each.name === name);
  if (!rule)
    throw new HubError(
      'NO_SUCH_RULE',
      `--explain: no such rule. There are ${rules.map((each) => each.name).join(', ')}.`,
    );
  const beside = rule.beside === undefined ? [] : ['', 'Beside what another department published:', '', rule.beside];
  if (json) printJson(rule);
  else print([rule.asks, '', rule.why, ...beside, '', 'Right:', '', rule.good, '', 'Wrong:', '', rule.bad].join('\n'));
}

function show(findings: readonly Finding[]): void {
  if (findings.length === 0) {
    print('Nothing was found.');
    return;
  }
  for (const { severity, rule, subgraph, coordinate, line, column, problem, fix } of findings) {
    const place = `${subgraph}:${line}${column === undefined ? '' : `:${column}`}`;
    print([severity, place, coordinate, `[${rule}]`].filter(Boolean).join('  '));
    print(`  ${problem}\n  ${fix}\n\n`);
  }
  const counted = (of: Finding['severity'], word: string): string => {
    const count = findings.filter(({ severity }) => severity === of).length;
    return `${count} ${word}${count === 1 ? '' : 's'}`;
  };
  print(`${counted('ERROR', 'error')}, ${counted('WARNING', 'warning')}, ${counted('NOTE', 'note')}`);
}

import { Command } from 'commander';
import { print, printJson, printTable, withExamples } from '../command-line.ts';
import { allResources, type Resource } from './catalogue-read.ts';
import { endpoint, type EndpointOptions, withEndpointOptions } from './request-endpoint.ts';

interface FreshnessOptions extends EndpointOptions {
  readonly overdue?: true;
}

/** `hub freshness`: when each resource was last brought up to date, and which are overdue. */
export function freshnessCommand(): Command {
  const command = withEndpointOptions(new Command('freshness'))
    .description(
      'when each resource was last brought up to date, and which should have been since; exits with 1 where one is overdue',
    )
    .option('--overdue', 'only those that are overdue')
    .action(showFreshness);
  return withExamples(command, 'hub freshness', 'hub freshness --overdue --json');
}

async function showFreshness({ overdue, ...options }: FreshnessOptions): Promise<void> {
  const { ask } = await endpoint(options);
  const resources = await allResources(ask);
  const shown = overdue ? resources.filter((resource) => resource.overdue) : resources;
  if (options.json) printJson(shown.map(stated));
  else if (shown.length === 0) print('No resource is overdue.');
  else printTable(['resource', 'title', 'owner', 'cycle', 'updated', 'due', 'state'], shown.map(inWords));
  if (resources.some((resource) => resource.overdue)) process.exitCode = 1;
}

function stated({ type, title, owner, updateCycle, updatedAt, due, overdue }: Resource) {
  return { type, title, owner, updateCycle, updatedAt, due, overdue };
}

function inWords({ type, title, owner, updateCycle, updatedAt, due, overdue }: Resource) {
  const state = updatedAt === null ? 'not known' : overdue === true ? 'OVERDUE' : 'up to date';
  return [type, title, owner, updateCycle, updatedAt ?? undefined, due ?? undefined, state];
}

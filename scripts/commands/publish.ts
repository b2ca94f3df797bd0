import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { Command } from 'commander';
import { GraphQLError } from 'graphql';
import { z } from 'zod';
import { HubError, messageOf } from '../../lib/errors.ts';
import { print, printJson, withExamples } from '../command-line.ts';
import { check, CHECK_FIELDS, printCheck, printPublication, publication, PUBLICATION_FIELDS } from './publication.ts';
import { endpoint } from './request-endpoint.ts';

interface CheckOptions {
  readonly url?: string;
  readonly classification?: string;
  readonly endpoint?: string;
  readonly tokenFile?: string;
  readonly json?: true;
}

interface PublishOptions extends CheckOptions {
  readonly message: string;
  readonly key?: string;
  readonly allowBreaking?: string;
  readonly after?: number;
}

function withSchemaOptions(command: Command): Command {
  return command
    .argument('<subgraph>', 'its name, as registered')
    .argument('<schema>', 'file of its schema; - for standard input')
    .option('--url <url>', 'where it answers; as in force when absent')
    .option('--classification <file>', 'sidecar file that classifies the items of a schema that does not do it itself')
    .option('--endpoint <url>', 'endpoint of the hub (http://127.0.0.1:4000/graphql, or what HUB_PORT says)')
    .option('--token-file <file>', 'file that holds the token; the variable HUB_TOKEN when absent')
    .option('--json', 'print the answer as JSON');
}

/** `hub check`: what publishing a schema would change, and for whom. */
export function checkCommand(): Command {
  const command = withSchemaOptions(new Command('check'))
    .description(
      'say what publishing a schema would break and for whom, and who would see more; exit status 1 where it could not be published as it is',
    )
    .action(checkSchema);
  return withExamples(command, 'hub check population schema.graphql', 'hub check population - --json < schema.graphql');
}

/** `hub publish`. */
export function publishCommand(): Command {
  const command = withSchemaOptions(new Command('publish'))
    .description('publish the schema of a subgraph: gateways serve it within two seconds')
    .requiredOption('--message <text>', 'why it is published')
    .option(
      '--key <file>',
      'publishing key of the department, as hub publishing-key create makes it (HUB_PUBLISHING_KEY)',
    )
    .option(
      '--allow-breaking <reason>',
      'publish although somebody uses what it changes; they are told, with the reason',
    )
    .option('--after <number>', 'the release it was made against; the one in force when absent', Number)
    .action(publishSchema);
  return withExamples(
    command,
    `hub publish population schema.graphql --key publishing.key.json --message 'education by GB/T 4658'`,
    `hub publish traffic-police schema.graphql --url https://traffic.example/graphql --key … --message 'first release'`,
  );
}

async function checkSchema(subgraph: string, schema: string, options: CheckOptions): Promise<void> {
  const input = { subgraph, ...(await schemaOf(schema, options)) };
  const { ask } = await hubOf(options);
  const { checked } = await ask(
    `mutation ($input: SubgraphInput!) { checked: checkSubgraph(input: $input) { ${CHECK_FIELDS} } }`,
    { input },
    z.object({ checked: check }),
  );
  if (options.json) printJson(checked);
  else {
    printCheck(checked, schema);
    print(VERDICTS[checked.outcome] ?? checked.outcome);
  }
  if (checked.outcome !== 'OK') process.exitCode = 1;
}

const VERDICTS: Readonly<Record<string, string>> = {
  OK: 'It can be published.',
  NEEDS_APPROVAL: 'It can be published once another officer of the owner approves.',
  BREAKING: 'Somebody uses what it changes: it can be published with a reason, and they are told.',
  REFUSED: 'It cannot be published: mend the errors above.',
};

async function publishSchema(subgraph: string, schema: string, options: PublishOptions): Promise<void> {
  const { message, allowBreaking } = options;
  const [{ sdl, url }, { ask }, key, { signPublishing }] = await Promise.all([
    schemaOf(schema, options),
    hubOf(options),
    import('./publishing-key.ts').then(({ readPublishingKey }) => readPublishingKey(options.key)),
    import('../../sharing/publishing/proof.ts'),
  ]);
  const after = options.after ?? (await numberInForce(ask));
  const proof = await signPublishing({ subgraph, sdl, url: url ?? '', after, message, breaking: allowBreaking }, key);
  const { done } = await ask(
    `mutation ($input: SubgraphInput!, $after: Int!, $proof: String!, $message: String!, $breaking: String) {
      done: publishSubgraph(input: $input, after: $after, proof: $proof, message: $message, breaking: $breaking) {
        ${PUBLICATION_FIELDS} } }`,
    { input: { subgraph, sdl, ...(url !== undefined && { url }) }, after, proof, message, breaking: allowBreaking },
    z.object({ done: publication }),
  );
  if (options.json) {
    printJson(done);
    if (done.outcome === 'BREAKING' || done.outcome === 'REFUSED') process.exitCode = 1;
  } else printPublication(done, schema);
}

type Ask = Awaited<ReturnType<typeof endpoint>>['ask'];

function hubOf({ endpoint: url, tokenFile }: CheckOptions) {
  return endpoint({ ...(url !== undefined && { url }), ...(tokenFile !== undefined && { tokenFile }) });
}

async function numberInForce(ask: Ask): Promise<number> {
  const { releases } = await ask(
    '{ releases(first: 1) { edges { node { number } } } }',
    {},
    z.object({ releases: z.object({ edges: z.array(z.object({ node: z.object({ number: z.number() }) })) }) }),
  );
  return releases.edges[0]?.node.number ?? 0;
}

async function schemaOf(
  file: string,
  { url, classification }: CheckOptions,
): Promise<{ readonly sdl: string; readonly url?: string }> {
  const [{ canonicalSdl }, sdl] = await Promise.all([import('../../schema/link-names.ts'), textOf(file, 'schema')]);
  const own = readable(file, () => canonicalSdl(sdl));
  const classified =
    classification === undefined
      ? own
      : (await import('../../schema/sidecar.ts')).applySidecar(own, await textOf(classification, '--classification'));
  return { sdl: classified, ...(url !== undefined && { url }) };
}

/** What cannot be read as a schema is said as compilers say it. */
function readable<Read>(file: string, read: () => Read): Read {
  try {
    return read();
  } catch (thrown) {
    if (!(thrown instanceof GraphQLError) || thrown instanceof HubError) throw thrown;
    const [place] = thrown.locations ?? [];
    throw new HubError('SCHEMA_UNREADABLE', `${file}:${place?.line ?? 1}:${place?.column ?? 1}: ${thrown.message}`);
  }
}

async function textOf(file: string, named: string): Promise<string> {
  try {
    return file === '-' ? await text(process.stdin) : await readFile(file, 'utf8');
  } catch (thrown) {
    throw new HubError(
      'FILE_UNREADABLE',
      `${named}: ${file} cannot be read (${messageOf(thrown)}). Name another file.`,
    );
  }
}

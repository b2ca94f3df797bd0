import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HubError } from '../../lib/errors.ts';
import { type AskedSubgraph, type Names, namesInSupergraph, namesOf } from './names.ts';
import { type MadeFile, render } from './render.ts';
import { provisionalCode, readTree, type Tree } from './tree.ts';

export interface MadeSubgraph {
  readonly name: string;
  readonly owner: string;
  /** GraphQL type of its rows. */
  readonly type: string;
  /** Paths from the root of the sources. */
  readonly files: readonly string[];
  /** What is left to do, a sentence or a command each. */
  readonly next: readonly string[];
}

/**
 * Makes the subgraph of a further department in the sources of a hub. Nothing that is there is changed, and nothing is written
 * where anything is in the way.
 * @param root the folder that holds subgraphs, lib and scripts.
 * @throws HubError BAD_USER_INPUT for a name that cannot be used, NAME_TAKEN or FILE_EXISTS for one that is in use.
 */
export async function makeSubgraph(asked: AskedSubgraph, root: string): Promise<MadeSubgraph> {
  const tree = readTree(root);
  const names = namesOf(asked, provisionalCode(tree));
  refuseTaken(names, tree);
  const files = await render(names, root);
  for (const { path } of files)
    if (existsSync(join(root, path)))
      throw new HubError(
        'FILE_EXISTS',
        `${path}: is there already, and nothing is overwritten. Choose another name or --type.`,
      );
  await writeAll(files, root);
  return {
    name: names.name,
    owner: names.owner,
    type: names.Type,
    files: files.map(({ path }) => path),
    next: nextSteps(names),
  };
}

function refuseTaken(names: Names, { subgraphs, holders }: Tree): void {
  if (subgraphs.includes(names.name))
    throw new HubError('NAME_TAKEN', `name: subgraphs/${names.name} is there already. Choose another name.`);
  for (const name of namesInSupergraph(names)) {
    const holder = holders.get(name);
    if (holder !== undefined)
      throw new HubError(
        'NAME_TAKEN',
        `--type: ${name} is in ${holder} already, and a supergraph has one of each. Choose another type.`,
      );
  }
}

/** Each file is created, never replaced; where one cannot be, those before it are taken away again. */
async function writeAll(files: readonly MadeFile[], root: string): Promise<void> {
  const written: string[] = [];
  try {
    for (const { path, text } of files) {
      const full = join(root, path);
      await mkdir(dirname(full), { recursive: true });
      await writeFile(full, text, { flag: 'wx' });
      written.push(full);
    }
  } catch (thrown) {
    for (const full of written) await rm(full);
    throw thrown;
  }
}

function nextSteps({ name, owner, types, code, 'types-file': file }: Names): string[] {
  return [
    `run it: hub start takes it up by itself; alone it runs by hub subgraph ${name} --port 4100`,
    `check it: hub lint --subgraph ${name}`,
    `test it: npx vitest run test/subgraphs/${name}.test.ts`,
    `describe it: subgraphs/${name}/schema.graphql, with what its rows really have and the catalogue’s own code for ${code}`,
    `fill it: name ${types} of ./${file}.ts in scripts/seed/fillings.ts, and for real files in scripts/import/resources.ts and scripts/commands/import.ts`,
    `count it: say in subgraphs/${name}/cubes.ts what is published of it; hub cubes build releases it`,
    'complete it: arguments for its root fields in test/support/sample-arguments.ts, what leaders may see of it in test/hub/aggregate-audience.test.ts, its process in docker-compose.yml and its names in deploy/',
    `publish it: hub registry register ${name} --owner ${owner}, then hub publish ${name} subgraphs/${name}/schema.graphql --url https://… --message 'first release'`,
  ];
}

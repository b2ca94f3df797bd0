import { join } from 'node:path';
import { readAsset } from '../../lib/asset.ts';
import { messageOf } from '../../lib/errors.ts';
import type { Names } from './names.ts';

/** A file of the new subgraph. */
export interface MadeFile {
  /** Path from the root of the sources. */
  readonly path: string;
  readonly text: string;
}

/** Templates, with the paths of what is made of them. */
const TEMPLATES: readonly (readonly [template: string, path: string])[] = [
  ['schema.graphql', 'subgraphs/{{name}}/schema.graphql'],
  ['subgraph.ts', 'subgraphs/{{name}}/subgraph.ts'],
  ['models.ts', 'subgraphs/{{name}}/models.ts'],
  ['loaders.ts', 'subgraphs/{{name}}/loaders.ts'],
  ['queries.ts', 'subgraphs/{{name}}/queries.ts'],
  ['resource.ts', 'subgraphs/{{name}}/{{type-file}}.ts'],
  ['owner.ts', 'subgraphs/{{name}}/owner.ts'],
  ['cubes.ts', 'subgraphs/{{name}}/cubes.ts'],
  ['count.ts', 'subgraphs/{{name}}/count-{{types-file}}.ts'],
  ['import.ts', 'scripts/import/{{types-file}}.ts'],
  ['seed.ts', 'scripts/seed/{{types-file}}.ts'],
  ['test.ts', 'test/subgraphs/{{name}}.test.ts'],
];

/** The files of a new subgraph, formatted as the sources around them. */
export async function render(names: Names, root: string): Promise<readonly MadeFile[]> {
  const format = await formatter(root);
  return Promise.all(
    TEMPLATES.map(async ([template, target]) => {
      const path = filled(target, names);
      const text = filled(readAsset(new URL(`./templates/${template}.tmpl`, import.meta.url)), names);
      return { path, text: await format(path, text) };
    }),
  );
}

function filled(template: string, names: Names): string {
  return template.replace(/\{\{([\w-]+)\}\}/g, (_, word: string) => {
    if (!isName(word, names)) throw new RangeError(`a template names ${word}, which no subgraph has`);
    return names[word];
  });
}

function isName(word: string, names: Names): word is keyof Names {
  return Object.hasOwn(names, word);
}

type Format = (path: string, text: string) => Promise<string>;

/** Where a line breaks depends on how long the names are. Prettier is there for who works on the sources; a hub that only runs has none. */
async function formatter(root: string): Promise<Format> {
  let prettier: typeof import('prettier');
  try {
    prettier = await import('prettier');
  } catch (thrown) {
    if (messageOf(thrown).includes('prettier')) return (_, text) => Promise.resolve(text);
    throw thrown;
  }
  return async (path, text) => {
    const filepath = join(root, path);
    return prettier.format(text, { ...(await prettier.resolveConfig(filepath)), filepath });
  };
}

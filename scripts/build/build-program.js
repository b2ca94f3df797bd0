import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const folders = ['gateway', 'subgraphs', 'sharing', 'schema', 'lib', 'embedded-mongo', 'scripts', 'web'];
const dist = join(root, 'dist');
/** What the last build was made from: one line for each source with its size and time. */
const record = join(dist, '.sources');
/** What a build that runs beside this one is writing. */
const UNFINISHED = /\.\d+$/;

/**
 * Makes `dist` what the sources say: every module without its types, everything else but texts for people (.graphql, data, pages) beside it, so
 * that a URL relative to `import.meta.url` holds in both. Types are checked by `npm run check:types`, not here. Files that
 * are as they should be are not touched, and those no source stands for are removed: a program that runs from `dist` goes on.
 * @returns {Promise<{ files: number, changed: number } | undefined>} undefined where nothing has changed since the last build.
 */
export async function buildProgram() {
  const sources = folders.flatMap(filesOf).filter((path) => !path.startsWith(join('scripts', 'build')));
  const state = sources.map(stateOf).join('\n');
  if (existsSync(record) && readFileSync(record, 'utf8') === state) return undefined;
  const modules = sources.filter((path) => path.endsWith('.ts'));
  const outputs = new Map(await transpiled(modules));
  for (const path of sources) if (!path.endsWith('.ts')) outputs.set(join(dist, path), readFileSync(join(root, path)));
  let changed = 0;
  for (const [path, contents] of outputs) if (put(path, contents)) changed += 1;
  for (const path of filesUnder(dist, (name) => !UNFINISHED.test(name)))
    if (!outputs.has(path) && path !== record) rmSync(path);
  put(record, Buffer.from(state));
  return { files: outputs.size, changed };
}

/** @returns {Promise<[path: string, contents: Uint8Array][]>} */
async function transpiled(modules) {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: modules,
    outbase: root,
    outdir: dist,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: 'linked',
    write: false,
    logLevel: 'error',
    // Each module stays a module of its own: nothing is bundled, only the ending of what it imports changes.
    bundle: true,
    packages: 'external',
    plugins: [{ name: 'modules', setup: keepModules }],
  });
  return outputFiles.map(({ path, contents }) => [path, contents]);
}

function keepModules(build) {
  build.onResolve({ filter: /^\.{1,2}\// }, ({ path, kind }) =>
    kind === 'entry-point' ? undefined : { path: path.replace(/\.ts$/, '.js'), external: true },
  );
}

function filesOf(folder) {
  return filesUnder(join(root, folder), (name) => !name.startsWith('.') && !name.endsWith('.md'))
    .map((path) => path.slice(root.length + 1))
    .sort();
}

function filesUnder(folder, wanted) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && wanted(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

function stateOf(path) {
  const { size, mtimeMs } = statSync(join(root, path));
  return `${path} ${size} ${mtimeMs}`;
}

/** Replaces a file at once, never half, and only where its contents differ. */
function put(path, contents) {
  if (existsSync(path) && readFileSync(path).equals(contents)) return false;
  mkdirSync(dirname(path), { recursive: true });
  const written = `${path}.${process.pid}`;
  writeFileSync(written, contents);
  renameSync(written, path);
  return true;
}

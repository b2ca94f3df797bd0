import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker, type WorkerOptions } from 'node:worker_threads';

/**
 * Starts a module of this program in a thread of its own, from its source or as built, whichever the caller is.
 * @param module relative to `base`, with the ending `.ts`.
 */
export function startWorker(module: string, base: string, options: WorkerOptions): Worker {
  const isSource = base.endsWith('.ts');
  const file = new URL(isSource ? module : module.replace(/\.ts$/, '.js'), base);
  return new Worker(file, { ...options, execArgv: isSource ? typeScriptLoader() : [] });
}

/** Node 20 does not run TypeScript by itself, and `--import tsx` has no effect in a worker: tsx is registered by its interface. */
function typeScriptLoader(): string[] {
  const commonJs = pathToFileURL(createRequire(import.meta.url).resolve('tsx/esm/api'));
  const tsx = new URL('./index.mjs', commonJs).href;
  return ['--import', `data:text/javascript,${encodeURIComponent(`import { register } from '${tsx}'; register();`)}`];
}

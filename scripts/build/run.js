/** Runs the command line from the sources as they are now: builds what has changed since the last time, then runs it. */
import { buildProgram } from './build-program.js';

await buildProgram();
await import(new URL('../../dist/scripts/hub.js', import.meta.url).href);

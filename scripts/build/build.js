import { buildProgram } from './build-program.js';

const built = await buildProgram();
process.stdout.write(built ? `${built.files} files in dist, ${built.changed} of them new\n` : 'dist is up to date\n');

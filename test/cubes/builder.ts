/* Builds a release of the farms in a folder, in a process of its own; it can be killed at any time. Argument: the folder of the store. */
import { connectStore } from '../../lib/mongo/connect-store.ts';
import { buildCubes } from '../../scripts/cubes/build.ts';
import { FARMS } from './rows.ts';

const store = await connectStore('farms', { dataDir: process.argv[2] ?? '' });
const result = await buildCubes([{ name: 'farms', cubes: [FARMS], connection: store.connection }], {
  period: '2026-11',
  asOf: '2026-11-22',
  onProgress: ({ phase, done }) => process.stdout.write(`${phase} ${done}\n`),
});
process.stdout.write(`${result.kind} ${result.rows}\n`);
await store.close();

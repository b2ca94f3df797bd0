/** Holds a store open until it is killed: node holder.ts <dir> <database> */
import { startEmbeddedMongo } from '../../embedded-mongo/index.ts';

const [, , dir = '', database = ''] = process.argv;
try {
  const { url } = await startEmbeddedMongo({ dir, database });
  console.log(`ready ${url}`);
} catch (error) {
  console.log(`refused ${error instanceof Error ? error.message : String(error)}`);
}

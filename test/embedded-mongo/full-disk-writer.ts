/** Fills its disk and goes on: node full-disk-writer.ts <dir> */
import { mongo } from 'mongoose';

import { startEmbeddedMongo } from '../../embedded-mongo/index.ts';

const [, , dir = ''] = process.argv;
const store = await startEmbeddedMongo({ dir, database: 'full' });
const client = await new mongo.MongoClient(store.url).connect();
const things = client.db().collection<{ _id: number; text: string }>('things');
await things.createIndex({ text: 1 }, undefined, undefined);
let stored = 0;
try {
  for (;;) {
    await things.insertMany(
      Array.from({ length: 100 }, (_, i) => ({ _id: stored + i, text: String(stored + i).repeat(200) })),
    );
    stored += 100;
  }
} catch (error) {
  console.log(`failed ${error instanceof Error ? error.message : ''}`);
}
console.log(
  `counts ${stored} ${await things.countDocuments()} ${(await things.find().hint('text_1').toArray()).length}`,
);
process.stdin.once('data', () => void goOn());

async function goOn(): Promise<void> {
  await things.deleteMany({ _id: { $lt: 100 } });
  await things.insertOne({ _id: -1, text: 'room again' });
  const byIndex = await things.find().hint('text_1').toArray();
  console.log(`afterwards ${await things.countDocuments()} ${byIndex.length}`);
  await client.close();
  await store.stop();
  process.exit();
}

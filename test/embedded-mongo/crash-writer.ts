/** Writes to a store as fast as it can and prints what is acknowledged, until it is killed: node crash-writer.ts <dir> <round> */
import { writeSync } from 'node:fs';

import { mongo } from 'mongoose';

import { startEmbeddedMongo } from '../../embedded-mongo/index.ts';

const [, , dir = '', round = ''] = process.argv;
const { url } = await startEmbeddedMongo({ dir, database: 'crash' });
const client = await new mongo.MongoClient(url).connect();
const things = client.db().collection<{ _id: string; k: string; g: number; n?: number; part?: string }>('things');
await things.createIndex({ k: 1 }, { unique: true }, undefined);
await things.createIndex({ g: 1 }, undefined, undefined);
/** Written at once: a line that waits in memory would be lost with the process, though what it tells of is not. */
const acknowledge = (text: string): void => void writeSync(1, `ack ${text}\n`);
acknowledge('');

const kinds: ((id: string, i: number) => Promise<void>)[] = [
  async (id, i) => {
    await things.insertOne({ _id: id, k: id, g: i % 5 });
    acknowledge(id);
    await things.updateOne({ _id: id }, { $set: { n: i, g: 9 } });
    acknowledge(`${id} ${i}`);
  },
  async (id, i) => {
    await things.insertMany(
      [1, 2, 3].map((part) => ({ _id: `${id}-${part}`, k: `${id}-${part}`, g: i % 5, part: `3 ${id}` })),
    );
    for (const part of [1, 2, 3]) acknowledge(`${id}-${part}`);
  },
  async (id) => {
    await client.withSession((session) =>
      session.withTransaction(async () => {
        for (const part of [1, 2])
          await things.insertOne({ _id: `${id}-${part}`, k: `${id}-${part}`, g: 7, part: `2 ${id}` }, { session });
      }),
    );
    for (const part of [1, 2]) acknowledge(`${id}-${part}`);
  },
  async (id, i) => {
    await things.insertOne({ _id: id, k: id, g: i % 5 });
    await things.deleteOne({ _id: id });
    acknowledge(`deleted ${id}`);
  },
];
await Promise.all(
  Array.from({ length: 12 }, async (_, writer) => {
    for (let i = 0; ; i++) await kinds[writer % kinds.length]?.(`${round}-${writer}-${i}`, i);
  }),
);

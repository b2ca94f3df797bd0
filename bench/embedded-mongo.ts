/** Measures the embedded store (or, with MONGODB_URL, a MongoDB server): node --import tsx bench/embedded-mongo.ts [documents] */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { mongo } from 'mongoose';

import { startEmbeddedMongo } from '../embedded-mongo/index.ts';

const size = Number(process.argv[2] ?? 100_000);
const dir = await mkdtemp(join(tmpdir(), 'em-bench-'));
const began = performance.now();
const store =
  process.env['MONGODB_URL'] === undefined ? await startEmbeddedMongo({ dir, database: 'bench' }) : undefined;
const client = await new mongo.MongoClient(store?.url ?? process.env['MONGODB_URL'] ?? '').connect();
const db = client.db('bench');
await db.dropDatabase();
show('start and connect', performance.now() - began, 'ms');

/** About 400 bytes, with the fields and indexes of a population register. */
const person = (i: number): mongo.Document => ({
  _id: ((i * 2654435761) % 4294967296).toString(16).padStart(8, '0') + i.toString(16).padStart(24, '0'),
  residentNumber: `530102${19400101 + (i % 700_000)}${String(i % 10_000).padStart(4, '0')}${i}`,
  name: `王${String.fromCharCode(0x4e00 + (i % 3000))}${String.fromCharCode(0x4e00 + ((i * 7) % 3000))}`,
  sex: String(1 + (i % 2)),
  ethnicGroup: String(1 + (i % 56)).padStart(2, '0'),
  birthDate: `${1940 + (i % 80)}-0${1 + (i % 9)}-1${i % 10}`,
  division: `5301${String(i % 16).padStart(2, '0')}${String(i % 600).padStart(6, '0')}`,
  county: `5301${String(i % 16).padStart(2, '0')}`,
  address: `云南省昆明市某某区某某街道某某社区${i % 999}号${i % 30}单元`,
  phone: `138${String(i).padStart(8, '0')}`,
  householdNumber: Math.floor(i / 3),
  status: 'REGISTERED',
  source: '公安户籍',
  updatedAt: new Date(1.7e12 + i),
});
const POPULATION: Record<string, 1>[] = [
  { county: 1, name: 1 },
  { division: 1 },
  { householdNumber: 1 },
  { county: 1, sex: 1, ethnicGroup: 1, birthDate: 1 },
];

await load('plain', []);
const persons = await load('persons', POPULATION);
const any = (): number => Math.floor(Math.random() * size);

await each('ping', 1_000, () => db.command({ ping: 1 }));
await each('one by _id', 1_000, () => persons.findOne({ _id: person(any())['_id'] as never }));
await each('one by unique number', 1_000, () =>
  persons.findOne({ residentNumber: person(any())['residentNumber'] as string }),
);
await each('100 by _id', 100, () =>
  persons.find({ _id: { $in: Array.from({ length: 100 }, () => person(any())['_id'] as never) } }).toArray(),
);
await each('page of 20 by county and name', 200, (i) =>
  persons
    .find({ county: `5301${String(i % 16).padStart(2, '0')}` })
    .sort({ name: 1, _id: 1 })
    .limit(20)
    .toArray(),
);
await atOnce('one by _id, 2000 at once', 2_000, () => persons.findOne({ _id: person(any())['_id'] as never }));
await each('count a county', 5, (i) => persons.countDocuments({ county: `5301${String(i % 16).padStart(2, '0')}` }));
await each('group a county by sex', 5, (i) =>
  persons
    .aggregate([
      { $match: { county: `5301${String(i % 16).padStart(2, '0')}` } },
      { $group: { _id: '$sex', n: { $sum: 1 } } },
    ])
    .toArray(),
);
await each('group all by county and sex', 3, () =>
  persons.aggregate([{ $group: { _id: { county: '$county', sex: '$sex' }, n: { $sum: 1 } } }]).toArray(),
);
await each('scan without an index', 3, () => persons.countDocuments({ phone: 'none' }));
await each('insert, one after the other', 300, (i) => persons.insertOne(person(size + i)));
await atOnce('insert, 2000 at once', 2_000, (i) => persons.insertOne(person(size + 1_000 + i)));
await each('update by number', 300, () =>
  persons.updateOne({ residentNumber: person(any())['residentNumber'] as string }, { $set: { phone: 'new' } }),
);
if (store) show('size of the file', (await stat(join(dir, 'bench.mdb'))).size / 1e6, 'MB');
show('memory of the process', process.memoryUsage().rss / 1e6, 'MB');
await client.close();
await store?.stop();
await rm(dir, { recursive: true });

async function load(name: string, indexes: readonly Record<string, 1>[]): Promise<mongo.Collection> {
  const collection = db.collection(name);
  await collection.createIndex({ residentNumber: 1 }, { unique: true }, undefined);
  for (const index of indexes) await collection.createIndex(index, undefined, undefined);
  const groups = Array.from({ length: size / 1_000 }, (_, g) =>
    Array.from({ length: 1_000 }, (__, i) => person(g * 1_000 + i)),
  );
  const from = performance.now();
  for (const group of groups) await collection.insertMany(group);
  show(`insertMany with ${indexes.length + 2} indexes`, size / ((performance.now() - from) / 1_000), 'documents/s');
  return collection;
}

async function each(name: string, times: number, run: (i: number) => Promise<unknown>): Promise<void> {
  const from = performance.now();
  for (let i = 0; i < times; i++) await run(i);
  show(name, (performance.now() - from) / times, 'ms');
}

async function atOnce(name: string, times: number, run: (i: number) => Promise<unknown>): Promise<void> {
  const from = performance.now();
  await Promise.all(Array.from({ length: times }, (_, i) => run(i)));
  show(name, times / ((performance.now() - from) / 1_000), 'per second');
}

function show(name: string, value: number, unit: string): void {
  console.log(`${name.padEnd(36)} ${value.toFixed(value < 10 ? 3 : 0).padStart(10)} ${unit}`);
}

/** A process that is killed while it writes loses nothing it has acknowledged, and leaves nothing torn. */
import { rm } from 'node:fs/promises';

import { mongo } from 'mongoose';
import { expect, it, onTestFinished } from 'vitest';

import { startEmbeddedMongo } from '../../embedded-mongo/index.ts';
import { run } from './child.ts';
import { temporaryDirectory } from './support.ts';

const ROUNDS = 3;

it('keeps every acknowledged write through kill -9, again and again', async () => {
  const dir = await temporaryDirectory();
  const expected = new Map<string, number | undefined>();
  const deleted = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    const child = run('./crash-writer.ts', [dir, String(round)]);
    onTestFinished(() => child.kill());
    await child.count(150 + Math.floor(Math.random() * 300));
    await child.kill();
    for (const line of child.lines) {
      const [, first = '', second] = line.split(' ');
      if (first === 'deleted') deleted.add(second ?? '');
      else if (first !== '') expected.set(first, second === undefined ? expected.get(first) : Number(second));
    }
    await verify(dir, expected, deleted);
  }
  expect(expected.size).toBeGreaterThan(ROUNDS * 50);
  await rm(dir, { recursive: true });
}, 120_000);

async function verify(
  dir: string,
  expected: ReadonlyMap<string, number | undefined>,
  deleted: ReadonlySet<string>,
): Promise<void> {
  const store = await startEmbeddedMongo({ dir, database: 'crash' });
  const client = await new mongo.MongoClient(store.url).connect();
  const things = client.db().collection('things');
  const found = new Map((await things.find().toArray()).map((document) => [String(document._id), document]));

  const lost = [...expected].filter(([id, n]) => !found.has(id) || (n !== undefined && found.get(id)?.['n'] !== n));
  expect(lost).toEqual([]);
  expect([...deleted].filter((id) => found.has(id))).toEqual([]);

  const parts = new Map<string, number>();
  for (const { part } of found.values()) if (typeof part === 'string') parts.set(part, (parts.get(part) ?? 0) + 1);
  expect([...parts].filter(([name, count]) => count !== Number(name[0]))).toEqual([]);

  // Each index has an entry for every document, and none for one that is not there.
  for (const hint of ['k_1', 'g_1']) {
    const byIndex = (await things.find().hint(hint).toArray()).map(({ _id }) => String(_id)).sort();
    expect(byIndex).toEqual([...found.keys()].sort());
  }
  for (const g of [0, 1, 2, 3, 4, 7, 9]) {
    expect(await things.countDocuments({ g })).toBe(
      [...found.values()].filter((document) => document['g'] === g).length,
    );
  }
  await client.close();
  await store.stop();
}

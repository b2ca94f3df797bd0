import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mongoose';
import type { Connection } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEmbeddedMongo } from '../../embedded-mongo/index.ts';
import { stores } from '../../scripts/seed/plans.ts';
import { seed } from '../../scripts/seed/seed.ts';
import type { SeedTarget } from '../../scripts/seed/seed.ts';

type Opened = SeedTarget & { readonly connections: Map<string, Connection>; close(): Promise<void> };

const opened: Opened[] = [];

async function openAll(): Promise<Opened> {
  const dir = await mkdtemp(join(tmpdir(), 'seed-'));
  const servers: { stop(): Promise<void> }[] = [];
  const connections = new Map<string, Connection>();
  for (const database of stores) {
    const server = await startEmbeddedMongo({ dir, database });
    servers.push(server);
    connections.set(database, await createConnection(server.url, { dbName: database, autoIndex: false }).asPromise());
  }
  const target: Opened = {
    connections,
    open: (name) => connections.get(name) ?? Promise.reject(new Error(`no database ${name}`)),
    close: async () => {
      for (const connection of connections.values()) await connection.close();
      for (const server of servers) await server.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
  opened.push(target);
  return target;
}

async function contents(target: Opened): Promise<Record<string, unknown[]>> {
  const found: Record<string, unknown[]> = {};
  for (const connection of target.connections.values()) {
    for (const { name } of await connection.listCollections()) {
      // When it was brought up to date: no two runs do so at one moment.
      if (name === 'resourceUpdates') continue;
      found[name] = await connection.collection(name).find().sort({ _id: 1 }).toArray();
    }
  }
  delete found.seedProgress;
  return found;
}

const options = { persons: 300, seed: 'test' };
let straight: Opened;
let original: Record<string, unknown[]>;

beforeAll(async () => {
  straight = await openAll();
  const seen: number[] = [];
  const result = await seed(straight, { ...options, onProgress: ({ done, total }) => seen.push(done / total) });
  expect(result.kind).toBe('COMPLETE');
  expect(seen.length).toBeGreaterThan(5);
  expect(seen.every((share) => share > 0 && share <= 1)).toBe(true);
  original = await contents(straight);
});

afterAll(async () => {
  for (const target of opened.splice(0)) await target.close();
});

describe('seeding', () => {
  it('does nothing where the same data is there', async () => {
    expect(original.persons?.length).toBeGreaterThanOrEqual(300);
    expect(original.laws).toHaveLength(197);
    expect(await seed(straight, options)).toEqual({ kind: 'UNCHANGED', written: 0 });
  });

  it('goes on after an interruption and ends with the same data as without one', async () => {
    const broken = await openAll();
    const kinds: string[] = [];
    for (let run = 0; run < 30 && kinds.at(-1) !== 'COMPLETE'; run++) {
      const stop = new AbortController();
      const { kind } = await seed(broken, { ...options, signal: stop.signal, onProgress: () => stop.abort() });
      kinds.push(kind);
    }
    expect(kinds[0]).toBe('INTERRUPTED');
    expect(kinds.at(-1)).toBe('COMPLETE');
    expect(await contents(broken)).toEqual(original);
  }, 120_000);

  it('replaces the batch that a killed process wrote but did not record', async () => {
    for (const connection of straight.connections.values()) {
      const log = connection.collection('seedProgress');
      for (const { _id, next } of await log.find({ next: { $exists: true } }).toArray()) {
        await log.updateOne({ _id }, { $set: { next: Number(next) - 1 } });
      }
    }
    const { kind, written } = await seed(straight, options);
    expect(kind).toBe('COMPLETE');
    expect(written).toBeGreaterThan(9);
    expect(await contents(straight)).toEqual(original);
  });

  it('refuses another seed, another size and another day on data that is there', async () => {
    for (const other of [{ seed: 'other' }, { persons: 301 }, { asOf: '2024-12-31' }]) {
      await expect(seed(straight, { ...options, ...other })).rejects.toMatchObject({
        code: 'SEED_CONFLICT',
        message: expect.stringContaining(Object.keys(other)[0] ?? '') as string,
      });
    }
  });

  it('refuses sizes out of range before it opens anything', async () => {
    const unopened: SeedTarget = { open: () => Promise.reject(new Error('opened')) };
    for (const persons of [0, 199, 2_500_001, 300.5]) {
      await expect(seed(unopened, { ...options, persons })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    }
  });

  it('refuses a database with data that was not generated, and leaves it alone', async () => {
    for (const connection of straight.connections.values()) await connection.collection('seedProgress').deleteMany({});
    await expect(seed(straight, options)).rejects.toMatchObject({ code: 'SEED_CONFLICT' });
    expect(await contents(straight)).toEqual(original);
  });
});

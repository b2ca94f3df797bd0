/** One process owns a store at a time; a dead owner is no owner. */
import { chmod, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';

import { mongo } from 'mongoose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { startEmbeddedMongo } from '../../embedded-mongo/index.ts';
import type { EmbeddedMongoError } from '../../embedded-mongo/start-error.ts';
import { filesOf } from '../../embedded-mongo/storage/files.ts';
import { isHeld, type Owner, readOwner, thisProcess } from '../../embedded-mongo/storage/owner.ts';
import { Store } from '../../embedded-mongo/storage/store.ts';
import { urlOf } from '../../embedded-mongo/where.ts';
import { type Child, run } from './child.ts';
import { failureOf, temporaryDirectory } from './support.ts';

let dir: string;
const children: Child[] = [];
const hold = (): Child => {
  const child = run('./holder.ts', [dir, 'held']);
  children.push(child);
  return child;
};
beforeEach(async () => {
  dir = await temporaryDirectory();
});
afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => child.kill()));
  await rm(dir, { recursive: true, force: true });
});

describe('a store that another process holds', () => {
  it('is refused with the name of the holder, can be joined, and is taken over once the holder is dead', async () => {
    const holder = hold();
    const url = (await holder.line('ready')).slice('ready '.length);

    const refusal = await failureOf(startEmbeddedMongo({ dir, database: 'held' }));
    expect(refusal).toMatchObject({ name: 'EmbeddedMongoError', code: 'IN_USE' });
    expect(refusal.message).toContain(`process ${String(holder.process.pid)} on this machine (${hostname()}) since 20`);
    expect(refusal.message).toContain('MONGODB_URL=$(hub store url)');

    expect(await urlOf(dir, 'held')).toBe(url);
    const client = await new mongo.MongoClient(url).connect();
    await client.db().collection('things').insertOne({ a: 1 });
    await client.close();

    await holder.kill();
    expect(await failureOf(urlOf(dir, 'held'))).toMatchObject({ code: 'NOT_RUNNING' });
    const store = await startEmbeddedMongo({ dir, database: 'held' });
    const again = await new mongo.MongoClient(store.url).connect();
    expect(await again.db().collection('things').countDocuments()).toBe(1);
    await again.close();
    await store.stop();
  });

  it('goes to exactly one of several that want it at once', async () => {
    const dead = hold();
    await dead.line('ready');
    await dead.kill();
    const rivals = [hold(), hold(), hold()];
    const outcomes = await Promise.all(
      rivals.map((rival) => Promise.any([rival.line('ready'), rival.line('refused')])),
    );
    expect(outcomes.filter((line) => line.startsWith('ready'))).toHaveLength(1);
    expect(outcomes.filter((line) => line.includes('is in use by process'))).toHaveLength(2);
  });

  it('is refused to the same process too, and free again after stop', async () => {
    const store = await startEmbeddedMongo({ dir, database: 'held' });
    expect(await failureOf(startEmbeddedMongo({ dir, database: 'held' }))).toMatchObject({ code: 'IN_USE' });
    await store.stop();
    await store.stop();
    expect(readOwner(filesOf(dir, 'held'))).toBeUndefined();
  });
});

describe('a lock left behind', () => {
  const me = thisProcess('/none');
  const held = (change: Partial<Owner>, answering = false): boolean =>
    isHeld({ ...me, since: new Date().toISOString(), ...change }, me, answering);
  const longAgo = new Date(Date.now() - 60_000).toISOString();

  it.each<[string, boolean, Partial<Owner>, boolean?]>([
    ['by this very process is held', true, {}],
    ['by a process whose number another process has now is not', false, { began: '1' }],
    ['by a process that is gone is not', false, { pid: 4_194_305 }],
    ['before the machine was started again is not', false, { boot: 'an earlier boot' }],
    ['by a container that is gone is not', false, { namespace: 'pid:[1]', since: longAgo }],
    ['by a container that answers is', true, { namespace: 'pid:[1]', since: longAgo }, true],
    ['by a container that may be starting is', true, { namespace: 'pid:[1]' }],
    ['by another machine may be', true, { boot: 'another machine', host: 'elsewhere' }],
  ])('%s', (_, expected, owner, answering) => {
    expect(held(owner, answering)).toBe(expected);
  });

  it.each<[string, boolean, Partial<Owner>, boolean?]>([
    ['a process that is gone', false, { pid: 4_194_305 }],
    ['a process that answers', true, { since: longAgo }, true],
    ['a number that another process has now', false, { since: longAgo }],
    ['another machine', true, { host: 'elsewhere', since: longAgo }],
  ])('is judged without /proc: %s', (_, expected, owner, answering = false) => {
    const bare = { boot: undefined, namespace: undefined, began: undefined };
    expect(isHeld({ ...me, ...bare, ...owner }, { ...me, ...bare }, answering)).toBe(expected);
  });

  it('is taken over when it is not held, and when it is only half written', async () => {
    await writeFile(join(dir, 'held.lock'), JSON.stringify({ ...me, began: '1' }));
    await (await startEmbeddedMongo({ dir, database: 'held' })).stop();
    await writeFile(join(dir, 'held.lock'), '{"pid":');
    await (await startEmbeddedMongo({ dir, database: 'held' })).stop();
  });

  it('by another machine is not ours to judge: the sentence says how to free it', async () => {
    await writeFile(join(dir, 'held.lock'), JSON.stringify({ ...me, boot: 'another machine', host: 'elsewhere' }));
    const { message } = await failureOf(startEmbeddedMongo({ dir, database: 'held' }));
    expect(message).toContain('on elsewhere since');
    expect(message).toContain(`remove ${join(dir, 'held.lock')}`);
  });
});

describe('files', () => {
  const mode = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

  it('are for their owner alone', async () => {
    const open = join(dir, 'open');
    await mkdir(open, { mode: 0o755 });
    await chmod(open, 0o755);
    const store = await startEmbeddedMongo({ dir: open, database: 'held' });
    expect(await mode(open)).toBe(0o700);
    for (const ending of ['mdb', 'sock', 'lock', 'url'])
      expect([ending, await mode(join(open, `held.${ending}`))]).toEqual([ending, 0o600]);
    expect(store.url).toContain(`mongodb://${encodeURIComponent(join(open, 'held.sock'))}/held?directConnection=true`);
    await store.stop();
  });

  it('are not put where everybody writes', async () => {
    const shared = join(dir, 'shared');
    await mkdir(shared);
    await chmod(shared, 0o1777);
    expect((await failureOf(startEmbeddedMongo({ dir: shared, database: 'held' }))).message).toContain(
      'open to other users',
    );
  });

  it('may lie deeper than a socket can: it listens in a short private directory, and says where', async () => {
    const deep = join(dir, 'x'.repeat(100), '数据');
    const store = await startEmbeddedMongo({ dir: deep, database: 'held' });
    expect((await readFile(join(deep, 'held.url'), 'utf8')).trim()).toBe(store.url);
    expect(await urlOf(deep, 'held')).toBe(store.url);
    const client = await new mongo.MongoClient(store.url).connect();
    await client.db().collection('things').insertOne({ a: 1 });
    await client.close();
    const socket = decodeURIComponent(/mongodb:\/\/([^/]+)/.exec(store.url)?.[1] ?? '');
    expect(await mode(join(socket, '..'))).toBe(0o700);
    await store.stop();
    await expect(stat(join(socket, '..'))).rejects.toThrow('ENOENT');
  });

  it('have a name that is safe in a path', async () => {
    expect((await failureOf(startEmbeddedMongo({ dir, database: '../x' }))).message).toContain("'../x' is not a name");
  });

  it('of a newer format are refused, untouched', async () => {
    await (await startEmbeddedMongo({ dir, database: 'held' })).stop();
    const newer = new Store(join(dir, 'held.mdb'));
    await newer.write((view) => view.put(Buffer.from([0, 0, 0, 0, 0]), Buffer.from([0, 0, 0, 99])));
    await newer.close();
    const refusal = await failureOf(startEmbeddedMongo({ dir, database: 'held' }));
    expect(refusal).toMatchObject({ code: 'FORMAT' });
    expect(refusal.message).toMatch(/has format 99; this version reads up to \d+/);
    expect(readOwner(filesOf(dir, 'held'))).toBeUndefined();
  });

  it('of something else are refused', async () => {
    await writeFile(join(dir, 'held.mdb'), 'not a store'.repeat(1000));
    expect(await failureOf(startEmbeddedMongo({ dir, database: 'held' }))).toMatchObject({ code: 'FORMAT' });
  });
});

describe('stopping', () => {
  it('happens by a signal', async () => {
    const controller = new AbortController();
    await startEmbeddedMongo({ dir, database: 'held', signal: controller.signal });
    controller.abort();
    await expect.poll(() => readOwner(filesOf(dir, 'held')), { timeout: 5000 }).toBeUndefined();
    expect((await failureOf(startEmbeddedMongo({ dir, database: 'held', signal: controller.signal }))).name).toBe(
      'AbortError',
    );
  });

  it('keeps what was acknowledged', async () => {
    const store = await startEmbeddedMongo({ dir, database: 'held' });
    const client = await new mongo.MongoClient(store.url).connect();
    await client
      .db()
      .collection('things')
      .insertMany(Array.from({ length: 500 }, (_, n) => ({ n })));
    await client.close();
    await store.stop();
    const again = await startEmbeddedMongo({ dir, database: 'held' });
    const client2 = await new mongo.MongoClient(again.url).connect();
    expect(await client2.db().collection('things').countDocuments()).toBe(500);
    await client2.close();
    await again.stop();
  });

  it('of itself, by a failure, is told to whoever started it', async () => {
    const workers: Worker[] = [];
    process.once('worker', (worker) => workers.push(worker));
    const crashes: EmbeddedMongoError[] = [];
    const store = await startEmbeddedMongo({ dir, database: 'held', onCrash: (error) => crashes.push(error) });
    await workers[0]?.terminate();
    await expect.poll(() => crashes.length).toBe(1);
    expect(crashes[0]).toMatchObject({ code: 'CRASHED' });
    expect(crashes[0]?.message).toContain("The embedded store 'held' has failed");
    await store.stop();
    expect(readOwner(filesOf(dir, 'held'))).toBeUndefined();
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildCubes } from '../../scripts/cubes/build.ts';
import { lockStores } from '../../scripts/cubes/lock.ts';
import { type FarmStore, farmStore, makeFarms } from './rows.ts';

const PERIOD = { period: '2026-11', asOf: '2026-11-22' };

let store: FarmStore;
beforeAll(async () => {
  store = await farmStore(makeFarms(40, 3));
});
afterAll(() => store.close());

const locks = () => store.connection.collection<{ _id: string }>('cubeLocks');

describe('two builders at once', { timeout: 60_000 }, () => {
  it('are one too many: the second is refused and told who is at work', async () => {
    const lock = await lockStores([store]);
    const second = buildCubes([store], PERIOD);
    await expect(second).rejects.toMatchObject({
      code: 'CUBES_BUSY',
      message: expect.stringContaining(`(process ${process.pid} on `) as string,
    });
    await lock.release();
    await expect(buildCubes([store], PERIOD)).resolves.toMatchObject({ kind: 'PUBLISHED' });
    expect(await locks().countDocuments()).toBe(0);
  });

  it('do not wait for one that is dead: silent for its lease, or a process that is gone', async () => {
    for (const dead of [
      { until: new Date(0), host: 'elsewhere', pid: 1 },
      { until: new Date(Date.now() + 60_000), host: (await import('node:os')).hostname(), pid: 2 ** 30 },
    ]) {
      await locks().insertOne({ _id: 'build', holder: 'dead', ...dead } as never);
      const lock = await lockStores([store]);
      await lock.confirm();
      await lock.release();
    }
  });

  it('end the one that lost its lock before it publishes', async () => {
    const lock = await lockStores([store]);
    await locks().updateOne({ _id: 'build' }, { $set: { holder: 'another' } });
    await expect(lock.confirm()).rejects.toMatchObject({ code: 'CUBES_BUSY' });
    await lock.release();
    expect(await locks().countDocuments()).toBe(1);
    await locks().deleteMany({});
  });
});

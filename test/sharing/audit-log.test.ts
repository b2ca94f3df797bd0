import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectStore } from '../../lib/mongo/connect-store.ts';
import { openAuditLog, readEntries } from '../../sharing/store/audit-log.ts';
import { createSharingIndexes, type SharingModels, sharingModels } from '../../sharing/store/models.ts';
import { openSharingStore, type SharingStore } from '../support/sharing-store.ts';

let store: SharingStore;
let models: SharingModels;

beforeAll(async () => {
  store = await openSharingStore();
  ({ models } = store);
});
afterAll(() => store.close());

const entry = { kind: 'REQUEST', outcome: 'ANSWERED' } as const;

describe('the audit log', () => {
  it('numbers the entries of a run without gaps, from its opening to its closing', async () => {
    const log = await openAuditLog(models);
    const ids = await Promise.all(Array.from({ length: 50 }, () => log.append(entry)));
    await log.close();
    const entries = await readEntries(models, { writer: log.writer }, 100);
    expect(entries.map(({ sequence }) => sequence).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 52 }, (_, index) => index),
    );
    expect(new Set(ids).size).toBe(50);
    const kinds = new Map(entries.map(({ sequence, kind }) => [sequence, kind]));
    expect([kinds.get(0), kinds.get(51)]).toEqual(['OPENED', 'CLOSED']);
  });

  it('writes entries that come together in groups', async () => {
    const groups: number[] = [];
    const log = await openAuditLog(models, { onFlush: (size) => groups.push(size) });
    await Promise.all(Array.from({ length: 200 }, () => log.append(entry)));
    await log.close();
    expect(groups.reduce((sum, size) => sum + size, 0)).toBe(202);
    expect(groups.length).toBeLessThan(20);
  });

  it('has stored an entry before it says so', async () => {
    const log = await openAuditLog(models);
    const id = await log.append(entry);
    expect(await readEntries(models, { _id: id }, 1)).toMatchObject([{ id, kind: 'REQUEST' }]);
    await log.close();
  });

  it('refuses entries after it was closed', async () => {
    const log = await openAuditLog(models);
    await log.close();
    await expect(log.append(entry)).rejects.toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
  });

  it('refuses the requests of a failed write, and shows them without a gap once the store answers again', async () => {
    const own = await mkdtemp(join(tmpdir(), 'shuniu-'));
    const first = await connectStore('hub', { dataDir: own });
    const before = sharingModels(first.connection);
    await createSharingIndexes(before);
    let target = before;
    const log = await openAuditLog(
      {
        get audit() {
          return target.audit;
        },
      },
      { timeoutMs: 300 },
    );
    await log.append(entry);
    await first.close();
    await expect(log.append(entry)).rejects.toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
    await expect(log.append(entry)).rejects.toMatchObject({ code: 'AUDIT_UNAVAILABLE' });

    const second = await connectStore('hub', { dataDir: own });
    target = sharingModels(second.connection);
    await log.append(entry);
    await log.close();
    const entries = await readEntries(target, { writer: log.writer }, 10);
    expect(entries.map(({ sequence, outcome }) => [sequence, outcome]).sort()).toEqual([
      [0, undefined],
      [1, 'ANSWERED'],
      [2, 'ERROR'],
      [3, 'ERROR'],
      [4, 'ANSWERED'],
      [5, undefined],
    ]);
    await second.close();
    await rm(own, { recursive: true });
  });
});

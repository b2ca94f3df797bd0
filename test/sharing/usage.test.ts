import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAuditLog } from '../../sharing/store/audit-log.ts';
import type { AuditRecord } from '../../sharing/store/models.ts';
import { readUsage } from '../../sharing/store/usage.ts';
import { usageCollections } from '../../sharing/store/usage-collections.ts';
import { keepUsage } from '../../sharing/store/usage-keeper.ts';
import { rollUp } from '../../sharing/store/usage-roll-up.ts';
import { usedOperations } from '../../sharing/store/used-operations.ts';
import { openSharingStore, type SharingStore } from '../support/sharing-store.ts';
import { crashing, heldUp } from './usage-crash.ts';
import { entryOf, type Given, given, HOUR, NOW, plainCount, START, told } from './usage-entries.ts';

let store: SharingStore;
beforeAll(async () => {
  store = await openSharingStore();
});
afterAll(() => store.close());

const entries = () => store.models.audit.db.collection<AuditRecord>('auditEntries');

async function empty(): Promise<void> {
  const collections = Object.values(usageCollections(store.models)) as ReturnType<typeof entries>[];
  for (const collection of collections) await collection.deleteMany({});
}

async function write(writer: string, calls: readonly Given[], from = 0): Promise<void> {
  if (calls.length > 0) await entries().insertMany(calls.map((call, index) => entryOf(writer, from + index, call)));
}

const stored = () => entries().find().toArray();
const sinceAll = new Date(START);

async function expectTruth(since = sinceAll): Promise<void> {
  expect(told(await readUsage(store.models, since))).toEqual(plainCount(await stored(), since));
}

const call = (minutes: number, more: Partial<Given> = {}): Given => ({
  ...{ minutes, who: 0, operation: 0, answer: 0, outcome: 'ANSWERED', rows: 3, durationMs: 1.25 },
  ...more,
});

type Step =
  | { readonly kind: 'WRITE'; readonly writer: number; readonly calls: readonly Given[] }
  | { readonly kind: 'ROLL_UP' }
  | { readonly kind: 'CRASH'; readonly after: number; readonly done: boolean }
  | { readonly kind: 'TWO'; readonly minutes: number }
  | { readonly kind: 'FAILED_WRITE'; readonly writer: number; readonly last: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('WRITE' as const),
      writer: fc.nat(2),
      calls: fc.array(given, { minLength: 1, maxLength: 12 }),
    }),
  },
  fc.record({ kind: fc.constant('ROLL_UP' as const) }),
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('CRASH' as const), after: fc.nat(16), done: fc.boolean() }),
  },
  fc.record({ kind: fc.constant('TWO' as const), minutes: fc.nat(180) }),
  fc.record({ kind: fc.constant('FAILED_WRITE' as const), writer: fc.nat(2), last: fc.integer({ min: 1, max: 4 }) }),
);

describe('usage', { timeout: 240_000 }, () => {
  it('says what a count of all entries says, whatever comes late, crashes or runs at once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), fc.nat(40 * 60), async (steps, from) => {
        await empty();
        const written = [0, 0, 0];
        const now = new Date(NOW);
        for (const each of steps) {
          if (each.kind === 'WRITE') {
            await write(`w${each.writer}`, each.calls, written[each.writer]);
            written[each.writer] = (written[each.writer] ?? 0) + each.calls.length;
          } else if (each.kind === 'FAILED_WRITE') {
            // What a writer heard nothing of is written again, as refused, together with what comes after it.
            const count = written[each.writer] ?? 0;
            const filter = { writer: `w${each.writer}`, sequence: { $gte: count - each.last } };
            await entries().updateMany(filter, { $set: { outcome: 'ERROR' as const } });
            await write(`w${each.writer}`, [call(40 * 60)], count);
            written[each.writer] = count + 1;
          } else if (each.kind === 'CRASH') {
            await rollUp(crashing(store.models, each), { now }).catch((thrown: unknown) => {
              expect(String(thrown)).toContain('crashed');
            });
          } else if (each.kind === 'TWO') {
            // Calls that come late while two processes are at it.
            const at = written[0] ?? 0;
            const late = write('w0', [call(each.minutes), call(each.minutes + 61)], at);
            await Promise.all([rollUp(store.models, { now }), late, rollUp(store.models, { now })]);
            written[0] = at + 2;
          } else expect((await rollUp(store.models, { now })).done).toBe(true);
          await expectTruth();
        }
        await expectTruth(new Date(START + from * 60_000));
        await rollUp(store.models, { now });
        await expectTruth(new Date(START + from * 60_000));
      }),
      { numRuns: 25 },
    );
  });

  it('is read from the records of the hours that were made: their entries are not looked at again', async () => {
    await empty();
    await write('w', [call(5), call(65), call(125, { outcome: 'REFUSED' })]);
    expect(await rollUp(store.models, { now: new Date(NOW) })).toEqual({ hours: 3, done: true });
    const before = told(await readUsage(store.models, sinceAll));
    await entries().updateMany({}, { $set: { items: { allowed: ['Other.item'], masked: [], denied: [] } } });
    expect(told(await readUsage(store.models, sinceAll))).toEqual(before);
    expect(await rollUp(store.models, { now: new Date(NOW) })).toEqual({ hours: 0, done: true });
  });

  it('leaves an hour that may still have calls under way, and reads its entries', async () => {
    await empty();
    await write('w', [call(10), call(59), call(61)]);
    const soon = new Date(START + HOUR + 14 * 60_000);
    expect(await rollUp(store.models, { now: soon })).toEqual({ hours: 0, done: true });
    await expectTruth();
    const later = new Date(START + HOUR + 15 * 60_000);
    expect(await rollUp(store.models, { now: later })).toEqual({ hours: 1, done: true });
    await expectTruth();
  });

  it('makes an hour again for an entry that comes a day late, and for one whose clock is wrong', async () => {
    await empty();
    await write('w', [call(10), call(24 * 60)]);
    const now = new Date(NOW);
    await rollUp(store.models, { now });
    await write('late', [call(11), call(20, { who: 1 }), call(900_000)]);
    await write('w', [call(12)], 2);
    await expectTruth();
    expect(await rollUp(store.models, { now })).toEqual({ hours: 2, done: true });
    await expectTruth();
    const { positions } = usageCollections(store.models);
    const moved = await positions.find().sort({ _id: 1 }).toArray();
    expect(moved).toEqual([
      { _id: 'late', sequence: 2 },
      { _id: 'w', sequence: 2 },
    ]);
  });

  it.each([['for the first time', false] as const, ['again', true] as const])(
    'reads an hour afresh where another process made it %s meanwhile, of more entries',
    async (_, made) => {
      await empty();
      const now = new Date(NOW);
      await write('w', [call(1)]);
      if (made) await rollUp(store.models, { now });
      await write('w', [call(2)], 1);
      const slow = heldUp(store.models, async () => {
        await write('v', [call(3)]);
        await rollUp(store.models, { now });
      });
      await rollUp(slow, { now });
      await expectTruth();
      expect(await usageCollections(store.models).hours.findOne()).toMatchObject({ entries: 3 });
    },
  );

  it('does not look again for entries of a gateway that has closed', async () => {
    await empty();
    await write('w', [call(1)]);
    await entries().insertOne({ ...entryOf('w', 1, call(2)), kind: 'CLOSED' });
    await rollUp(store.models, { now: new Date(NOW) });
    expect(await usageCollections(store.models).positions.findOne()).toEqual({ _id: 'w', sequence: 1, closed: true });
    await expectTruth();
  });

  it('keeps nothing of who asked but the application, and of what was asked but its text without literals', async () => {
    await empty();
    const entry = entryOf('w', 0, call(1));
    const caller = { department: 'd', application: 'a', officer: 'wang', onBehalfOf: 'o', roles: ['secret-role'] };
    await entries().insertOne({ ...entry, caller, subjects: 'subject-hash', token: 'token-id' });
    await rollUp(store.models, { now: new Date(NOW) });
    const { entries: _, ...kept } = usageCollections(store.models);
    const all = await Promise.all(Object.values(kept).map((each) => (each as typeof kept.records).find().toArray()));
    const text = JSON.stringify(all);
    expect(text).toContain(entry.operation?.text);
    for (const personal of ['wang', 'secret-role', 'subject-hash', 'token-id']) expect(text).not.toContain(personal);
  });

  it('is kept up by whoever runs it beside a hub, and gives what a check needs', async () => {
    await empty();
    await write('w', [call(1), call(61, { who: 1 }), call(62)]);
    const log = await openAuditLog(store.models);
    const errors: unknown[] = [];
    const kept = keepUsage(store.models, { everyMs: 20, onError: (error) => errors.push(error) });
    await expect.poll(() => usageCollections(store.models).hours.countDocuments()).toBe(2);
    await write('v', [call(121)]);
    await expect.poll(() => usageCollections(store.models).hours.countDocuments()).toBe(3);
    await kept.stop();
    await log.close();
    expect(errors).toEqual([]);
    const [used, ...others] = await usedOperations(store.models, sinceAll);
    expect(others).toEqual([]);
    expect(used).toMatchObject({
      ...{ hash: 'h0', text: 'query operation0 { a }', items: ['Person.name', 'Person.sex'] },
      consumers: [
        { department: 'civil-affairs', application: 'relief', calls: 3 },
        { department: 'civil-affairs', application: 'pensions', calls: 1 },
      ],
    });
  });
});

import { EventEmitter } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Grant, grantKey } from '../../sharing/policy/grant.ts';
import { followGrants } from '../../sharing/store/follow-grants.ts';
import { revokeGrant, storeGrant } from '../../sharing/store/grant-store.ts';
import type { SharingModels } from '../../sharing/store/models.ts';
import { openSharingStore, type SharingStore } from '../support/sharing-store.ts';

const HOLDER = { department: 'civil-affairs', application: 'relief', purpose: 'low-income-check' };
/** Longer than any test: whoever sees a change before it did not see it by polling. */
const NEVER = 600_000;

let store: SharingStore;
let models: SharingModels;
let numbered = 0;

beforeAll(async () => {
  store = await openSharingStore();
  ({ models } = store);
});
afterAll(() => store.close());

async function give(): Promise<Grant> {
  numbered += 1;
  const grant: Grant = {
    id: `G-${numbered}`,
    owner: 'public-security',
    ...HOLDER,
    basis: 'test',
    items: [{ coordinate: 'Person.phone', uses: ['OUTPUT'] }],
    divisions: ['532300'],
    validFrom: 0,
    validUntil: Date.now() + 3_600_000,
  };
  await storeGrant(models, grant);
  return grant;
}
const take = ({ id, owner }: Grant) =>
  revokeGrant(models, id, { owner, officer: 'zhang', at: new Date(), reason: 'test' });
const held = (followed: Awaited<ReturnType<typeof followGrants>>): string[] =>
  (followed.view().byHolder.get(grantKey(HOLDER)) ?? []).map(({ id }) => id);

describe('following the grants', () => {
  it('learns of a grant and of its end by the store’s own word, long before it would look', async () => {
    const followed = await followGrants(models, { pollMs: NEVER });
    // The stream begins where the store is when it opens, which is not the moment it is asked for.
    await expect.poll(async () => (await followedAfterChange(followed)) > 0, { timeout: 10_000 }).toBe(true);
    const grant = await give();
    await expect.poll(() => held(followed), { timeout: 10_000 }).toContain(grant.id);
    await take(grant);
    await expect.poll(() => held(followed), { timeout: 10_000 }).not.toContain(grant.id);
    await followed.stop();
  });

  it('learns it by looking where the store has no streams', async () => {
    const errors: unknown[] = [];
    const deaf = withoutStreams(models);
    const followed = await followGrants(deaf, { pollMs: 20, onError: (error) => errors.push(error) });
    const grant = await give();
    await expect.poll(() => held(followed), { timeout: 10_000 }).toContain(grant.id);
    await take(grant);
    await expect.poll(() => held(followed), { timeout: 10_000 }).not.toContain(grant.id);
    expect(errors).toEqual([]);
    await followed.stop();
  });

  it('is not behind after many changes at once', async () => {
    const followed = await followGrants(models, { pollMs: 20 });
    const grants = await Promise.all(Array.from({ length: 20 }, give));
    const revoked = await Promise.all(grants.slice(0, 10).map(take));
    expect(revoked).toHaveLength(10);
    const left = grants.slice(10).map(({ id }) => id);
    const ids = () => held(followed).filter((id) => grants.some((grant) => grant.id === id));
    await expect.poll(() => ids().sort(), { timeout: 10_000 }).toEqual(left.sort());
    await followed.stop();
  });

  it('knows that it has not heard for too long', async () => {
    const followed = await followGrants(withoutStreams(models), { pollMs: NEVER, staleAfterMs: 2_000 });
    expect(followed.stale()).toBe(false);
    await expect.poll(() => followed.stale(), { timeout: 10_000 }).toBe(true);
    await followed.stop();
  });

  async function followedAfterChange(followed: Awaited<ReturnType<typeof followGrants>>): Promise<number> {
    const before = followed.view().epoch;
    const grant = await give();
    await new Promise((resolve) => setTimeout(resolve, 100));
    await take(grant);
    return followed.view().epoch - before;
  }
});

/** A stream that fails at once, as one of a server that is no replica set does. */
function failing(): EventEmitter & { close(): Promise<void> } {
  const stream = Object.assign(new EventEmitter(), { close: () => Promise.resolve() });
  setImmediate(() => stream.emit('error', new Error('The $changeStream stage is only supported on replica sets')));
  return stream;
}

/** A server that is no replica set: whoever asks for a stream gets an error. */
function withoutStreams({ grants, epochs }: SharingModels): Pick<SharingModels, 'grants' | 'epochs'> {
  const collection = new Proxy(epochs.collection, {
    get: (target, name) => (name === 'watch' ? () => failing() : (Reflect.get(target, name) as unknown)),
  });
  const deaf = new Proxy(epochs, {
    get: (target, name) => (name === 'collection' ? collection : (Reflect.get(target, name) as unknown)),
  });
  return { grants, epochs: deaf };
}

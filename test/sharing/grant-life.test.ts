import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  approveRequest,
  loadGrants,
  readEpoch,
  renewGrant,
  revokeGrant,
  storeGrant,
} from '../../sharing/store/grant-store.ts';
import type { SharingModels } from '../../sharing/store/models.ts';
import type { RequestRecord } from '../../sharing/store/request-record.ts';
import { refuseRequest, storeRequests } from '../../sharing/store/request-store.ts';
import { openSharingStore, type SharingStore } from '../support/sharing-store.ts';

let store: SharingStore;
let models: SharingModels;

beforeAll(async () => {
  store = await openSharingStore();
  ({ models } = store);
});
afterAll(() => store.close());

const DAY = 86_400_000;
const now = new Date('2026-03-01T00:00:00Z');
const later = (days: number): Date => new Date(now.getTime() + days * DAY);
const owner = 'public-security';
const chen = { owner, officer: 'chen', at: now };
const granted = {
  items: [{ coordinate: 'Person.phone', uses: ['OUTPUT'] as const }],
  divisions: ['532301'],
  validFrom: now,
  validUntil: later(100),
};

async function pending(): Promise<RequestRecord> {
  const asked = {
    ...{ department: 'civil-affairs', application: 'relief', officer: 'wang', purpose: 'check', basis: 'a law' },
    ...{ items: granted.items, divisions: ['532300'], validFrom: now, validUntil: later(365), owner },
  };
  const [request] = await storeRequests(models, [asked], now);
  if (!request) throw new Error('nothing was stored');
  return request;
}

async function inForce(): Promise<string[]> {
  const { byHolder } = await loadGrants(models, now);
  return [...byHolder.values()].flat().map(({ id }) => id);
}

/** What became of several attempts at once, the won ones first. */
async function outcomes(attempts: readonly Promise<unknown>[]): Promise<unknown[]> {
  const settled = await Promise.allSettled(attempts);
  return settled.map((each) => (each.status === 'fulfilled' ? 'done' : (each.reason as Error).message)).sort();
}

describe('a request that is approved', () => {
  it('becomes a grant, in force from the next epoch on, that says who approved and what was asked', async () => {
    const request = await pending();
    const before = await readEpoch(models);
    const grant = await approveRequest(models, request._id, { ...chen, reason: 'one county', granted });
    expect(grant).toMatchObject({ ...granted, owner, department: 'civil-affairs', purpose: 'check', basis: 'a law' });
    expect(grant).toMatchObject({ status: 'ACTIVE', request: request._id, approvedBy: 'chen' });
    expect(await models.requests.findById(request._id).lean()).toMatchObject({
      ...{ state: 'APPROVED', decidedBy: 'chen', decidedAt: now, reason: 'one county', grant: grant._id },
    });
    expect(await readEpoch(models)).toBe(before + 1);
    expect(await inForce()).toContain(grant._id);
  });

  it('makes one grant where several officers approve at once, and tells the others who was first', async () => {
    const request = await pending();
    const before = await readEpoch(models);
    const attempts = ['chen', 'li', 'zhao', 'sun'].map((officer) =>
      approveRequest(models, request._id, { ...chen, officer, granted }),
    );
    const told = expect.stringMatching(
      /^request: already APPROVED by (chen|li|zhao|sun); a request is decided once\. See grant G-/,
    ) as unknown;
    expect(await outcomes(attempts)).toEqual(['done', told, told, told]);
    expect(await models.grants.countDocuments({ request: request._id })).toBe(1);
    expect(await readEpoch(models)).toBe(before + 1);
  });

  it('is either approved or refused where both come at once, never both', async () => {
    for (let round = 0; round < 5; round += 1) {
      const request = await pending();
      const told = await outcomes([
        approveRequest(models, request._id, { ...chen, granted }),
        refuseRequest(models, request._id, { ...chen, officer: 'li', reason: 'no basis' }),
      ]);
      expect(told.filter((each) => each === 'done')).toHaveLength(1);
      const after = await models.requests.findById(request._id).lean();
      expect(await models.grants.countDocuments({ request: request._id })).toBe(after?.state === 'APPROVED' ? 1 : 0);
    }
  });

  it('is not of another owner, and changes nothing then', async () => {
    const request = await pending();
    const before = await readEpoch(models);
    const other = { ...chen, owner: 'tax-bureau' };
    const unknown = { ...chen, granted };
    const answers = await outcomes([
      approveRequest(models, request._id, { ...other, granted }),
      refuseRequest(models, request._id, { ...other, reason: 'no' }),
      approveRequest(models, 'R-none', unknown),
    ]);
    expect(new Set(answers)).toEqual(new Set([expect.stringMatching(/^request: none of this id is addressed/)]));
    expect(await models.requests.findById(request._id).lean()).toMatchObject({ state: 'PENDING' });
    expect(await readEpoch(models)).toBe(before);
  });
});

describe('a grant', () => {
  const grantOf = async (): Promise<string> =>
    (await approveRequest(models, (await pending())._id, { ...chen, granted }))._id;

  it('ends at once when it is revoked, once, and stays with the reason', async () => {
    const id = await grantOf();
    const before = await readEpoch(models);
    const told = await outcomes(
      ['chen', 'li'].map((officer) => revokeGrant(models, id, { ...chen, officer, reason: 'purpose ended' })),
    );
    expect(told).toEqual(['done', expect.stringMatching(/^grant: already REVOKED by (chen|li)\./)]);
    expect(await inForce()).not.toContain(id);
    expect(await models.grants.findById(id).lean()).toMatchObject({
      ...{ status: 'REVOKED', revokedAt: now, revocationReason: 'purpose ended' },
    });
    expect(await readEpoch(models)).toBe(before + 1);
  });

  it('is renewed from the end the officer saw, so that of two at once one wins', async () => {
    const id = await grantOf();
    const renewal = { ...chen, from: granted.validUntil };
    const told = await outcomes([
      renewGrant(models, id, { ...renewal, until: later(200) }),
      renewGrant(models, id, { ...renewal, until: later(300) }),
    ]);
    expect(told).toEqual(['done', 'grant: changed by somebody else meanwhile. Look at it again.']);
    expect(await models.grants.findById(id).lean()).toMatchObject({ renewedBy: 'chen', renewedAt: now });
  });

  it('is not brought back by renewing what was revoked or has ended', async () => {
    const id = await grantOf();
    const renewal = { ...chen, from: granted.validUntil, until: later(200) };
    await expect(renewGrant(models, id, { ...renewal, at: later(100) })).rejects.toThrow(/^grant: ended at 2026-06-09/);
    await revokeGrant(models, id, { ...chen, reason: 'purpose ended' });
    await expect(renewGrant(models, id, renewal)).rejects.toThrow(/^grant: already REVOKED by chen\./);
  });

  it('of another owner is not there', async () => {
    const id = await grantOf();
    const told = await outcomes([
      revokeGrant(models, id, { ...chen, owner: 'civil-affairs', reason: 'mine' }),
      revokeGrant(models, 'G-none', { ...chen, reason: 'mine' }),
      renewGrant(models, id, { ...chen, owner: 'civil-affairs', from: granted.validUntil, until: later(200) }),
    ]);
    expect(new Set(told)).toEqual(new Set([expect.stringMatching(/^grant: none of this id was given/)]));
    expect(await inForce()).toContain(id);
  });

  it('of an earlier hub, stored without a request, can be revoked too', async () => {
    const [id, { items, divisions }] = ['G-earlier', granted] as const;
    const holder = { owner, department: 'd', application: 'a', purpose: 'p', basis: 'b' };
    const term = { validFrom: now.getTime(), validUntil: later(10).getTime() };
    await storeGrant(models, { id, ...holder, items, divisions, ...term });
    expect(await revokeGrant(models, id, { ...chen, reason: 'ended' })).toMatchObject({ status: 'REVOKED' });
  });
});

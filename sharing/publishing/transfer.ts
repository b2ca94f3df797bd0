import { HubError } from '../../lib/errors.ts';
import type { ReleaseKeys } from '../../lib/subgraph-definition.ts';
import { policyFromJson } from '../../schema/policy-json.ts';
import { moveGrants } from '../store/grant-store.ts';
import type { SharingModels } from '../store/models.ts';
import { transferRegistration } from '../store/registration-store.ts';
import { check } from './check.ts';
import { readInForce } from './in-force.ts';
import { type Acting, checking, type PublishOutcome, storePrepared } from './publish.ts';

/**
 * Gives a subgraph to another department: registration, policy and the grants on its items change in one transaction, so that
 * nobody loses what was granted and nobody grants what is no longer theirs.
 * @throws HubError NOT_FOUND, CONFLICT
 */
export async function transferSubgraph(
  models: SharingModels,
  { name, to }: { readonly name: string; readonly to: string },
  { acting, keys }: { readonly acting: Acting; readonly keys: ReleaseKeys },
): Promise<PublishOutcome> {
  const { at, officer, message } = acting;
  const registration = await models.registrations.findById(name).lean();
  const inForce = await readInForce(models, keys);
  const current = inForce.subgraphs.find((each) => each.name === name);
  if (!registration || !current || !inForce.release)
    throw new HubError('NOT_FOUND', 'name: no release has a subgraph of this name. Look at subgraphs.');
  const from = registration.owner;
  if (from === to) return { kind: 'UNCHANGED', release: inForce.release };
  const subgraphs = inForce.subgraphs.map((each) => (each === current ? { ...each, owner: to } : each));
  const checked = await check({ ...(await checking(models, inForce, at)), subgraphs });
  const { prepared } = checked;
  if (!prepared) return { kind: 'REFUSED', checked };
  const items = new Set(
    [...policyFromJson(prepared.policy).items.values()]
      .filter((item) => item.subgraph === name)
      .map(({ coordinate }) => coordinate),
  );
  const release = await storePrepared(models, prepared, {
    ...{ subgraphs, after: inForce.number, keys, acting, checked: { impacts: [] } },
    what: { kind: 'TRANSFERRED', subgraph: name },
    along: async (session) => {
      await transferRegistration(models, { name, from, to, by: officer, reason: message, at }, session);
      await moveGrants(models, { from, to, items }, session);
    },
  });
  return { kind: 'RELEASED', checked, release };
}

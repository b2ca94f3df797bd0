import type { ClientSession } from 'mongoose';
import { HubError } from '../../lib/errors.ts';
import type { ReleaseKeys } from '../../lib/subgraph-definition.ts';
import type { RoutedSubgraph } from '../../schema/compose.ts';
import { policyFromJson } from '../../schema/policy-json.ts';
import { moveGrants } from '../store/grant-store.ts';
import type { SharingModels } from '../store/models.ts';
import { type Transfer, transferRegistration } from '../store/registration-store.ts';
import { check } from './check.ts';
import { type InForce, readInForce } from './in-force.ts';
import { type Acting, checking, proposed, type PublishOutcome, storeProposal } from './publish.ts';

/**
 * Proposes to give a subgraph to another department. Its owner decides: whoever has a subgraph reads all of it, and grants it.
 * @throws HubError NOT_FOUND
 */
export async function transferSubgraph(
  models: SharingModels,
  { name, to }: { readonly name: string; readonly to: string },
  { acting, keys }: { readonly acting: Acting; readonly keys: ReleaseKeys },
): Promise<PublishOutcome> {
  const inForce = await readInForce(models, keys);
  const current = inForce.subgraphs.find((each) => each.name === name);
  if (!current || !inForce.release)
    throw new HubError('NOT_FOUND', 'name: no release has a subgraph of this name. Look at subgraphs.');
  if (current.owner === to) return { kind: 'UNCHANGED', release: inForce.release };
  const subgraphs = handedOver(inForce, name, to);
  const checked = await check({ ...(await checking(models, inForce, acting.at)), subgraphs });
  if (!checked.prepared) return { kind: 'REFUSED', checked };
  const gain = { who: to, coordinate: name, before: 'what it was granted', after: 'all of it, as its owner' };
  const unsigned = {
    ...proposed(checked, { ...acting, after: inForce.number, breaking: acting.message }),
    ...{ subgraph: name, transferTo: to, owners: [current.owner], gains: [gain] },
  };
  const proposal = await storeProposal(models, unsigned, { keys });
  return { kind: 'PROPOSED', checked, proposal };
}

/** The subgraphs in force, one of them with another owner. */
export function handedOver({ subgraphs }: InForce, name: string, to: string): readonly RoutedSubgraph[] {
  return subgraphs.map((each) => (each.name === name ? { ...each, owner: to } : each));
}

/**
 * Registration and grants follow a subgraph to its new owner in the transaction of the release, so that nobody loses what was
 * granted and nobody grants what is no longer theirs.
 */
export async function transferAlong(
  models: SharingModels,
  transfer: Transfer & { readonly policy: string },
  session: ClientSession,
): Promise<void> {
  const { name, from, to, policy } = transfer;
  const items = new Set(
    [...policyFromJson(policy).items.values()]
      .filter((item) => item.subgraph === name)
      .map(({ coordinate }) => coordinate),
  );
  await transferRegistration(models, transfer, session);
  await moveGrants(models, { from, to, items }, session);
}

import { HubError } from '../../lib/errors.ts';
import type { ReleaseKeys } from '../../lib/subgraph-definition.ts';
import type { RoutedSubgraph } from '../../schema/compose.ts';
import type { SharingModels } from '../store/models.ts';
import { readRelease } from '../store/release-store.ts';
import { check } from './check.ts';
import { verifyRelease } from './signature.ts';
import { readInForce, withSchemas } from './in-force.ts';
import { type Acting, checking, proposed, type PublishOutcome, storePrepared, storeProposal } from './publish.ts';

/** The subgraphs of an earlier release, with the owners they have today: who owns what is not rolled back. */
export async function restored(
  models: SharingModels,
  number: number,
  { verifying }: Pick<ReleaseKeys, 'verifying'>,
): Promise<readonly RoutedSubgraph[]> {
  const release = await readRelease(models, number);
  await verifyRelease(release, verifying);
  const { subgraphs } = release;
  const owners = new Map(
    (await models.registrations.find({ _id: { $in: subgraphs.map(({ name }) => name) } }).lean()).map(
      ({ _id, owner }) => [_id, owner] as const,
    ),
  );
  return withSchemas(
    models,
    subgraphs.map((each) => ({ ...each, owner: owners.get(each.name) ?? each.owner })),
  );
}

/**
 * Brings back what an earlier release was made of, as a release of its own. Where somebody would see more by it than now, it
 * is a proposal to the owners concerned; what it breaks is told, and does not hold it up: it is there to undo a mistake.
 * @throws HubError NOT_FOUND, BAD_USER_INPUT for the release in force, CONFLICT where another release came first.
 */
export async function rollBack(
  models: SharingModels,
  number: number,
  { acting, keys }: { readonly acting: Acting; readonly keys: ReleaseKeys },
): Promise<PublishOutcome> {
  const inForce = await readInForce(models, keys);
  if (number === inForce.number)
    throw new HubError('BAD_USER_INPUT', `number: release ${number} is in force. Name an earlier one.`);
  const subgraphs = await restored(models, number, keys);
  const checked = await check({ ...(await checking(models, inForce, acting.at)), subgraphs });
  const { prepared, rights } = checked;
  if (!prepared) return { kind: 'REFUSED', checked };
  if (rights.some(({ loosens }) => loosens)) {
    const unsigned = proposed(checked, { ...acting, after: inForce.number, breaking: acting.message });
    const proposal = await storeProposal(models, { ...unsigned, restores: number }, { keys });
    return { kind: 'PROPOSED', checked, proposal };
  }
  const release = await storePrepared(models, prepared, {
    ...{ subgraphs, after: inForce.number, keys, acting, checked },
    what: { kind: 'ROLLED_BACK', restores: number },
  });
  return { kind: 'RELEASED', checked, release };
}

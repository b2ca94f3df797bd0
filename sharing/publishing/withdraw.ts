import { HubError } from '../../lib/errors.ts';
import type { ReleaseKeys } from '../../lib/subgraph-definition.ts';
import type { SharingModels } from '../store/models.ts';
import { check } from './check.ts';
import { readInForce } from './in-force.ts';
import { type Acting, checking, type PublishOutcome, storePrepared } from './publish.ts';

/**
 * Takes a subgraph out of what is served. Its registration, its schema and the grants on its items stay: published again, it
 * comes back with them.
 * @param breaking why it may break what is used; absent, it may not.
 * @throws HubError NOT_FOUND, CONFLICT where another release came first.
 */
export async function withdrawSubgraph(
  models: SharingModels,
  name: string,
  {
    acting,
    breaking,
    keys,
  }: { readonly acting: Acting; readonly breaking?: string | undefined; readonly keys: ReleaseKeys },
): Promise<PublishOutcome> {
  const inForce = await readInForce(models, keys);
  const subgraphs = inForce.subgraphs.filter((each) => each.name !== name);
  if (subgraphs.length === inForce.subgraphs.length)
    throw new HubError('NOT_FOUND', 'name: the release in force has no subgraph of this name. Look at subgraphs.');
  const checked = await check({ ...(await checking(models, inForce, acting.at)), subgraphs });
  const { prepared, outcome } = checked;
  if (!prepared) return { kind: 'REFUSED', checked };
  if (outcome === 'BREAKING' && breaking === undefined) return { kind: 'BREAKING', checked };
  const release = await storePrepared(models, prepared, {
    ...{ subgraphs, after: inForce.number, keys, acting, checked, breaking },
    what: { kind: 'WITHDRAWN', subgraph: name },
  });
  return { kind: 'RELEASED', checked, release };
}

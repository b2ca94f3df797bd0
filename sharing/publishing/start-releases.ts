import { HubError } from '../../lib/errors.ts';
import type { ReleaseKeys } from '../../lib/subgraph-definition.ts';
import type { RoutedSubgraph } from '../../schema/compose.ts';
import { registerMissing } from '../store/registration-store.ts';
import type { SharingModels } from '../store/models.ts';
import { check } from './check.ts';
import { readInForce } from './in-force.ts';
import { storePrepared } from './publish.ts';
import { versionOf } from './release.ts';

/** The program's own schemas are no attack; a machine that starts everything at once is slow. */
const WITHIN_MS = 60_000;

export interface StartOptions {
  readonly keys: ReleaseKeys;
  readonly at: Date;
  /** Department that runs the hub. */
  readonly department: string;
  /** Publishes what is new in the program, too: for development, where program and schema are one. */
  readonly follow: boolean;
}

/**
 * Makes the first release of a hub from the subgraphs of its program. Later, what the program brings is released only where
 * it never was before, and only in development: a roll-back is not undone by a restart.
 * @returns names of the subgraphs whose schema in the program is not the one in force, and is left to be published.
 * @throws HubError START_REFUSED where the program's subgraphs do not compose.
 */
export async function startReleases(
  models: SharingModels,
  shipped: readonly RoutedSubgraph[],
  options: StartOptions,
): Promise<readonly string[]> {
  try {
    return await release(models, shipped, options);
  } catch (thrown) {
    if (!(thrown instanceof HubError) || thrown.code !== 'CONFLICT') throw thrown;
    // Another process started at the same moment, and made it first.
    return release(models, shipped, options);
  }
}

async function release(
  models: SharingModels,
  shipped: readonly RoutedSubgraph[],
  { keys, at, department, follow }: StartOptions,
): Promise<readonly string[]> {
  const inForce = await readInForce(models, keys);
  const others = await different(models, shipped, inForce.subgraphs);
  if (inForce.release && (others.fresh.length === 0 || !follow)) return others.names;
  const fresh = inForce.release ? others.fresh : shipped;
  await registerMissing(models, fresh, at);
  const known = new Map(inForce.subgraphs.map((each) => [each.name, each]));
  const owners = await ownersOf(models, fresh);
  for (const each of fresh) known.set(each.name, { ...each, owner: owners.get(each.name) ?? each.owner });
  const subgraphs = [...known.values()];
  const checked = await check(
    { subgraphs, before: [], inForce: inForce.release, operations: [], grants: [], at },
    { withinMs: WITHIN_MS },
  );
  if (!checked.prepared)
    throw new HubError(
      'START_REFUSED',
      `The subgraphs of this program cannot be released:\n${checked.problems.map(({ message }) => `- ${message}`).join('\n')}`,
    );
  await storePrepared(models, checked.prepared, {
    ...{ subgraphs, after: inForce.number, keys, checked },
    acting: {
      department,
      officer: 'hub start',
      message: inForce.release ? `as in the program: ${fresh.map(({ name }) => name).join(', ')}` : 'the first release',
      at,
    },
    what: { kind: 'STARTED' },
  });
  return [];
}

/** Who owns a subgraph is what the register says: a department that was given one keeps it over a new version of the program. */
async function ownersOf(
  { registrations }: SharingModels,
  subgraphs: readonly RoutedSubgraph[],
): Promise<ReadonlyMap<string, string>> {
  const found = await registrations.find({ _id: { $in: subgraphs.map(({ name }) => name) } }).lean();
  return new Map(found.map(({ _id, owner }) => [_id, owner]));
}

async function different(
  { versions }: SharingModels,
  shipped: readonly RoutedSubgraph[],
  inForce: readonly RoutedSubgraph[],
): Promise<{ readonly names: readonly string[]; readonly fresh: readonly RoutedSubgraph[] }> {
  const other = shipped.filter(({ name, sdl }) => inForce.find((each) => each.name === name)?.sdl !== sdl);
  const hashes = other.map(({ sdl }) => versionOf(sdl));
  const known = new Set((await versions.find({ _id: { $in: hashes } }, { _id: 1 }).lean()).map(({ _id }) => _id));
  return { names: other.map(({ name }) => name), fresh: other.filter(({ sdl }) => !known.has(versionOf(sdl))) };
}

import type { Logger } from 'pino';
import type { Settings } from '../lib/settings.ts';
import type { ReleaseKeys, SubgraphDefinition } from '../lib/subgraph-definition.ts';
import { startReleases } from '../sharing/publishing/start-releases.ts';
import type { SharingModels } from '../sharing/store/models.ts';

/** The process that runs it makes the first release, and holds the key that signs all of them. */
export const RELEASING = 'exchange';

export interface MakeReleasesOptions {
  readonly settings: Settings;
  /** Every subgraph of this program, wherever it runs. */
  readonly definitions: readonly SubgraphDefinition[];
  readonly logger: Logger;
  readonly keys: ReleaseKeys;
}

/**
 * Makes the first release where the store has none, before anything is served; in development it follows the program as well.
 * In production it warns of schemas in the program that are not those in force.
 * @throws HubError START_REFUSED where the subgraphs do not compose, KEYS_REFUSED where there is no key to sign with.
 */
export async function makeReleases(
  models: SharingModels,
  { settings, definitions, logger, keys }: MakeReleasesOptions,
): Promise<void> {
  const shipped = definitions.map(({ name, owner, sdl }) => {
    const url = settings.subgraphUrls[name] ?? `local:${name}`;
    return { name, owner, sdl, url };
  });
  const department = definitions.find(({ name }) => name === RELEASING)?.owner ?? '';
  const left = await startReleases(models, shipped, {
    ...{ keys, department, at: new Date(), follow: !settings.production },
  });
  if (left.length > 0)
    logger.warn(
      { subgraphs: left },
      'the schemas of this program are not those in force: publish them by hub publish, or leave them',
    );
}

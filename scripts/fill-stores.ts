import type { Logger } from 'pino';
import { HubError } from '../lib/errors.ts';
import type { Settings } from '../lib/settings.ts';
import { showProgress } from './seed/progress.ts';
import { seed } from './seed/seed.ts';
import type { HostedSubgraph } from './subgraph-host.ts';

/**
 * Fills the stores of a first start with generated data. Stores that hold data already, generated or real, are left as they
 * are. Interrupted, it goes on at the next start.
 */
export async function fillStores(
  hosted: readonly HostedSubgraph[],
  options: { readonly settings: Settings; readonly logger: Logger; readonly signal: AbortSignal },
): Promise<void> {
  const { settings, logger, signal } = options;
  const connections = new Map(hosted.map(({ server, connection }) => [server.name, connection]));
  const display = showProgress('Generating data');
  try {
    const result = await seed(
      {
        open(name) {
          const connection = connections.get(name);
          if (!connection) throw new HubError('SEED_SKIPPED', `${name} runs elsewhere: it keeps its own data.`);
          return connection;
        },
      },
      { persons: settings.data.persons, seed: settings.data.seed, onProgress: display.show, signal },
    );
    if (result.kind === 'COMPLETE') logger.info({ documents: result.written }, 'generated data are in place');
  } catch (thrown) {
    if (!(thrown instanceof HubError) || !['SEED_CONFLICT', 'SEED_SKIPPED'].includes(thrown.code)) throw thrown;
    logger.info({ reason: thrown.message }, 'no data are generated');
  } finally {
    display.stop();
  }
}

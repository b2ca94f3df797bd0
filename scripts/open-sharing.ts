import type { Logger } from 'pino';
import { authenticator } from '../gateway/authenticate.ts';
import type { GatewayOptions } from '../gateway/server.ts';
import { jwksFrom } from '../lib/keys/jwks-from.ts';
import type { Keyring } from '../lib/keys/keyring.ts';
import type { Metrics } from '../lib/metrics.ts';
import type { Settings } from '../lib/settings.ts';
import { openAuditLog } from '../sharing/store/audit-log.ts';
import { followGrants } from '../sharing/store/follow-grants.ts';
import { quotaStore } from '../sharing/store/quota-store.ts';
import type { SharingModels } from '../sharing/store/models.ts';

/** What a gateway needs to authenticate, decide and record. */
export interface OpenSharing {
  readonly grants: GatewayOptions['grants'];
  readonly sharing: NonNullable<GatewayOptions['sharing']>;
  /** Writes the last audit entries, then stops following the grants. */
  close(): Promise<void>;
}

export interface SharingOptions {
  readonly settings: Settings;
  readonly keyring: Keyring;
  readonly logger: Logger;
  readonly metrics?: Metrics | undefined;
  /** The store does not answer yet. */
  readonly away?: boolean | undefined;
}

export async function openSharing(models: SharingModels, options: SharingOptions): Promise<OpenSharing> {
  const { settings, keyring, logger, away = false } = options;
  const { tokens, production } = settings;
  const grants = await followGrants(models, {
    onError: (err) => logger.warn({ err }, 'the policy epoch cannot be read'),
    away,
  });
  try {
    const audit = await openAuditLog(models, {
      away,
      onFlush: options.metrics?.flushed,
      onFailure(err) {
        options.metrics?.flushFailed();
        logger.error({ err }, 'audit entries cannot be written');
      },
    });
    const keys = tokens.jwks ? jwksFrom(tokens.jwks, { production }) : keyring.verifying('development-issuer');
    return {
      grants,
      sharing: {
        authenticate: authenticator({ keys, issuer: tokens.issuer, audience: tokens.audience }),
        audit,
        quotas: quotaStore(models),
        contextKey: () => keyring.signing('gateway'),
      },
      async close() {
        try {
          await audit.close();
        } finally {
          await grants.stop();
        }
      },
    };
  } catch (thrown) {
    await grants.stop();
    throw thrown;
  }
}

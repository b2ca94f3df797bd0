import type { GatewayOptions } from '../gateway/server.ts';
import type { Metrics } from '../lib/metrics.ts';

type Hooks = Required<Pick<GatewayOptions, 'onBegan' | 'onFetch' | 'onAnswered'>>;

/** What a gateway tells its metrics. */
export function metered(metrics: Metrics): Hooks {
  return {
    onBegan: metrics.began,
    onFetch: metrics.fetched,
    onAnswered(outcome, milliseconds, { items: { allowed, masked, denied } }) {
      metrics.answered(outcome, milliseconds);
      metrics.decided({ allowed: allowed.length, masked: masked.length, denied: denied.length });
    },
  };
}

import { LRUCache } from 'lru-cache';
import { HubError } from '../lib/errors.ts';
import type { Caller } from '../lib/caller.ts';

export interface RateLimit {
  /** Requests an application may make per second, on average. */
  readonly perSecond: number;
  /** Requests it may make at once after a quiet time. */
  readonly burst: number;
}

export const DEFAULT_RATE: RateLimit = { perSecond: 200, burst: 400 };

interface Bucket {
  tokens: number;
  filledAt: number;
}

/** Takes a request into account; undefined where it may go on, else RATE_LIMITED with the seconds to wait. */
export type Rate = (caller: Caller, now: number) => HubError | undefined;

/** One token bucket per application, in this gateway's memory. */
export function rateLimiter({ perSecond, burst }: RateLimit = DEFAULT_RATE): Rate {
  const buckets = new LRUCache<string, Bucket>({ max: 10_000 });
  return ({ department, application }, now) => {
    const key = JSON.stringify([department, application]);
    const bucket = buckets.get(key) ?? { tokens: burst, filledAt: now };
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.filledAt) / 1000) * perSecond);
    bucket.filledAt = now;
    buckets.set(key, bucket);
    if (bucket.tokens < 1) {
      const seconds = Math.ceil((1 - bucket.tokens) / perSecond);
      return new HubError('RATE_LIMITED', `${department}/${application} asks too often: wait ${seconds} s.`, {
        retryAfterSeconds: seconds,
        http: { status: 429 },
      });
    }
    bucket.tokens -= 1;
    return undefined;
  };
}

const CHINA_STANDARD_TIME = 8 * 3_600_000;

/**
 * The calendar day it is in China (UTC+8, no summer time), 'YYYY-MM-DD', whatever the zone of the machine: a term that ends
 * today must not end a day later because a server counts in UTC.
 */
export function today(now = Date.now()): string {
  return new Date(now + CHINA_STANDARD_TIME).toISOString().slice(0, 10);
}

/** The first moment after a day ('YYYY-MM-DD') in China. */
export function endOfDay(day: string): Date {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000 - CHINA_STANDARD_TIME);
}

/** GB/T 7156: levels of secrecy, from open to top secret. */
export const secrecyLevels = ['公开', '国内', '内部', '秘密', '机密', '绝密'] as const;

export type SecrecyLevel = (typeof secrecyLevels)[number];

/** Longest terms of state secrets in years (State Secrets Law); a level without a term is no state secret. */
export const longestSecrecyYears: ReadonlyMap<SecrecyLevel, number> = new Map([
  ['秘密', 10],
  ['机密', 20],
  ['绝密', 30],
]);

/** State secrets stand outside data sharing (State Council Order 809, article 3): the hub admits none of them. */
export function isStateSecret(level: SecrecyLevel): boolean {
  return longestSecrecyYears.has(level);
}

/** What the dashboard can be about; a village is too small for tables. */
export type Level = 'PREFECTURE' | 'COUNTY' | 'TOWNSHIP';

/** The level a division code (GB/T 2260, GB/T 10114) stands for; undefined where it is none of the dashboard's. */
export function levelOf(code: string): Level | undefined {
  if (/^\d{4}00$/.test(code)) return code.endsWith('0000') ? undefined : 'PREFECTURE';
  if (/^\d{6}$/.test(code)) return 'COUNTY';
  return /^\d{9}$/.test(code) && !code.endsWith('000') ? 'TOWNSHIP' : undefined;
}

/** The prefecture a code lies in, by its first four digits. */
export function prefectureOf(code: string): string {
  return `${code.slice(0, 4)}00`;
}

/** The codes above a division within its prefecture, the prefecture first, the division itself last. */
export function trailOf(code: string): readonly string[] {
  const above = [prefectureOf(code), code.slice(0, 6), code];
  return [...new Set(above)];
}

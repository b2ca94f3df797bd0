import { parsePeriod } from '../period.ts';

/** The period of the same kind before one: 2026-01 → 2025-12, 2026-Q1 → 2025-Q4, 2026 → 2025. */
export function periodBefore(period: string): string {
  const { frequency, from } = parsePeriod(period);
  const [year, month] = [Number(from.slice(0, 4)), Number(from.slice(5, 7))];
  if (frequency === 'YEAR') return text(year - 1);
  if (frequency === 'QUARTER') return month === 1 ? `${text(year - 1)}-Q4` : `${text(year)}-Q${(month - 1) / 3}`;
  return month === 1 ? `${text(year - 1)}-12` : `${text(year)}-${String(month - 1).padStart(2, '0')}`;
}

function text(year: number): string {
  return String(year).padStart(4, '0');
}

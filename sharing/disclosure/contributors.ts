import { Groups } from './groups.ts';
import type { Plan } from './plan.ts';

/** What is hidden of an equation: total −1, part 1, whatever is shown left out. */
export type HiddenRow = readonly (readonly [unknown: number, sign: number])[];

/**
 * Which unknowns are one another plus what is shown: a total of which all other parts are. Who is behind the part is behind the
 * total, and learns nothing from it but what everybody is shown. Returns a name for each unknown, alike for those of one family.
 */
export function families(size: number, rows: Iterable<HiddenRow>): (unknown: number) => number {
  const groups = new Groups(size);
  for (const [one, other, ...more] of rows) {
    if (one === undefined || other === undefined || more.length > 0 || one[1] === other[1]) continue;
    groups.join(one[0], other[0]);
  }
  return (unknown) => groups.of(unknown);
}

/** The equations of a plan as they would be read, were it published as it stands. */
export function hiddenRows(plan: Plan): HiddenRow[] {
  return plan.unknowns.equations.map((equation) =>
    equation.filter(({ unknown }) => plan.isHidden(unknown)).map(({ unknown, sign }) => [unknown, sign] as const),
  );
}

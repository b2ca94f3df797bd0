import { predecessorsOf, successorsOf } from '../../lib/codes/division-changes.ts';
import { isRest, placeOfCounty } from '../../lib/cubes/place.ts';
import { earlierId, type SumEquation, type SystemCell } from '../../sharing/disclosure/system.ts';
import type { CountedCube } from './assemble.ts';
import { cellId } from './equations.ts';
import type { PastRelease } from './history.ts';
import { type PlacedCell, placedCells, valueOf } from './system.ts';

/** The counties of a release that are gone by now, by the one that they, and no part of others, went into as a whole. */
function mergedSince(counted: CountedCube, last: PastRelease, asOf: string): Map<string, string[]> {
  const merged = new Map<string, string[]>();
  for (const code of goneSince(counted, last)) {
    const to = placeOfCounty(code, asOf)?.county;
    if (!to || !counted.places.has(to)) continue;
    const isMixed = predecessorsOf(to).some((each) => !each.whole && last.counted.places.has(each.code));
    if (!isMixed) merged.set(to, [...(merged.get(to) ?? []), code]);
  }
  return merged;
}

function goneSince(counted: CountedCube, { counted: before }: PastRelease): string[] {
  const counties = [...before.places.values()].filter(({ code, level }) => level === 'COUNTY' && !isRest(code));
  return counties.map(({ code }) => code).filter((code) => !counted.places.has(code));
}

/**
 * What a merged county adds: its numbers are the sums of what its predecessors had, wherever these were the same in a release
 * before the merger.
 */
export function mergers(counted: CountedCube, last: PastRelease, asOf: string): SumEquation[] {
  const merged = mergedSince(counted, last, asOf);
  if (merged.size === 0) return [];
  const now = placedCells(counted, 'GENERAL', last.raised);
  return [...now].flatMap(([total, placed]) => {
    const parts = cellsIn(last.counted, placed, merged.get(placed.place) ?? []);
    return parts.length > 0 && sumOf(parts) === valueOf(placed)
      ? [{ total, parts: parts.map(([id]) => earlierId(String(last.number), id)) }]
      : [];
  });
}

/**
 * The cells whose sum a cell of a merged county is, in the last release that had them: what it is compared with by the rule over
 * time. Those that were zero are none.
 */
export function replacing(
  counted: CountedCube,
  past: readonly PastRelease[],
  asOf: string,
): (placed: PlacedCell) => readonly string[] | undefined {
  const mergedIn = past.map((last) => ({ last, merged: mergedSince(counted, last, asOf) }));
  return (placed) => {
    const found = mergedIn.findLast(({ merged }) => merged.has(placed.place));
    const cells = found && cellsIn(found.last.counted, placed, found.merged.get(placed.place) ?? []);
    return cells && cells.length > 0 ? cells.map(([id]) => id) : undefined;
  };
}

export interface Regrouping {
  /** Sums that are published nowhere. */
  readonly cells: readonly SystemCell[];
  readonly equations: readonly SumEquation[];
}

/**
 * What a split adds: the counties that were divided, with all that anything of theirs went to, are together what these are now,
 * wherever that is the same number as in a release before. Neither side has a total of its own.
 */
export function regroupings(counted: CountedCube, last: PastRelease, asOf: string): Regrouping {
  const cells: SystemCell[] = [];
  const equations: SumEquation[] = [];
  for (const { from, to } of groupsOf(counted, last, asOf)) {
    const seen = new Set<string>();
    for (const placed of placedCells(counted, 'GENERAL', last.raised).values()) {
      const name = cellId(placed.measure, { ...placed, place: `${from.join('+')}=${to.join('+')}` });
      if (!to.includes(placed.place) || seen.has(name)) continue;
      seen.add(name);
      const [before, now] = [cellsIn(last.counted, placed, from), cellsIn(counted, placed, to)];
      const value = sumOf(now);
      if (before.length === 0 || value === 0 || sumOf(before) !== value) continue;
      const id = `${name}#${last.number}`;
      const { measure: kind } = placed;
      cells.push({ id, value, kind, threshold: 2, contributors: value, hidden: true, unruled: true });
      equations.push({ total: id, parts: now.map(([part]) => part) });
      equations.push({ total: id, parts: before.map(([part]) => earlierId(String(last.number), part)) });
    }
  }
  return { cells, equations };
}

/** Counties of a release that were split since, each with all others that share a successor with it, and the successors. */
function groupsOf(counted: CountedCube, last: PastRelease, asOf: string): { from: string[]; to: string[] }[] {
  const groups: { from: string[]; to: string[] }[] = [];
  const seen = new Set<string>();
  for (const start of goneSince(counted, last)) {
    if (seen.has(start) || placeOfCounty(start, asOf)?.county !== null) continue;
    const [from, to] = [new Set([start]), new Set<string>()];
    for (const code of from) {
      for (const { code: next } of successorsOf(code, asOf)) {
        to.add(next);
        for (const { code: other } of predecessorsOf(next)) if (last.counted.places.has(other)) from.add(other);
      }
    }
    for (const code of from) seen.add(code);
    if ([...to].every((code) => counted.places.has(code))) groups.push({ from: [...from].sort(), to: [...to].sort() });
  }
  return groups;
}

type FoundCell = readonly [id: string, value: number];

/** The cells of the same table, values and measure in other places, where they are not zero. */
function cellsIn({ cells }: CountedCube, { measure, table, key }: PlacedCell, places: readonly string[]): FoundCell[] {
  return places.flatMap((place): FoundCell[] => {
    const cell = cells.get(table)?.get(place)?.get(key);
    return cell ? [[cellId(measure, { table, place, key }), valueOf({ measure, cell })]] : [];
  });
}

function sumOf(cells: readonly FoundCell[]): number {
  return cells.reduce((sum, [, value]) => sum + value, 0);
}

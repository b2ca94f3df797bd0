import { invalid, valid } from '../../lib/codes/verdict.ts';
import type { Verdict } from '../../lib/codes/verdict.ts';
import type { PolygonGeometry } from '../../subgraphs/geospatial/models.ts';

export type GeometryReason =
  'MISSING' | 'TYPE' | 'POSITION' | 'AXES' | 'OUTSIDE' | 'RING' | 'TOO_MANY_POSITIONS' | 'CROSSES_ITSELF';

type Position = [number, number];

/** A little more than the country's extent, in degrees: enough to notice projected metres and swapped axes. */
const extent = { west: 72, east: 138, south: 2, north: 55 };
/** Comparing every edge with every other takes quadratic time; no parcel needs more. */
const mostPositions = 2_000;

/** Reads a GeoJSON polygon whose datum is known to be CGCS2000. Heights are left out. */
export function parsePolygon(geometry: unknown): Verdict<PolygonGeometry, GeometryReason> {
  if (typeof geometry !== 'object' || geometry === null)
    return invalid('MISSING', 'The feature has no geometry; give a polygon.');
  const { type, coordinates } = geometry as { type?: unknown; coordinates?: unknown };
  if (type !== 'Polygon' || !Array.isArray(coordinates) || coordinates.length === 0) {
    return invalid('TYPE', 'The geometry is not a polygon; give one polygon for a parcel.');
  }
  const rings: Position[][] = [];
  for (const ring of coordinates as unknown[]) {
    const verdict = parseRing(ring);
    if (verdict.kind === 'INVALID') return verdict;
    rings.push(verdict.value);
  }
  return valid({ type: 'Polygon', coordinates: rings });
}

function parseRing(ring: unknown): Verdict<Position[], GeometryReason> {
  if (!Array.isArray(ring))
    return invalid('RING', 'A ring of the polygon is not a list of positions; correct the export.');
  if (ring.length > mostPositions)
    return invalid('TOO_MANY_POSITIONS', `A ring has more than ${mostPositions} positions; simplify it.`);
  const positions: Position[] = [];
  for (const position of ring as unknown[]) {
    const [longitude, latitude] = Array.isArray(position) ? (position as unknown[]) : [];
    if (typeof longitude !== 'number' || typeof latitude !== 'number') {
      return invalid('POSITION', 'A position is not a pair of numbers; correct the export.');
    }
    if (!inside(longitude, latitude)) {
      return inside(latitude, longitude)
        ? invalid('AXES', 'The positions have latitude first; GeoJSON puts longitude first.')
        : invalid('OUTSIDE', 'A position lies outside the country; give degrees of CGCS2000, not projected metres.');
    }
    positions.push([longitude, latitude]);
  }
  const [first] = positions;
  const last = positions.at(-1);
  if (positions.length < 4 || first === undefined || last === undefined || !same(first, last)) {
    return invalid('RING', 'A ring needs at least four positions, and the last must repeat the first; close the ring.');
  }
  if (crossesItself(positions))
    return invalid('CROSSES_ITSELF', 'The outline of the parcel crosses itself; correct the drawing.');
  return valid(positions);
}

function inside(longitude: number, latitude: number): boolean {
  return longitude > extent.west && longitude < extent.east && latitude > extent.south && latitude < extent.north;
}

function same(left: Position, right: Position): boolean {
  return left[0] === right[0] && left[1] === right[1];
}

/** True where two edges that are not neighbours meet, or an edge has no length. */
function crossesItself(ring: readonly Position[]): boolean {
  const edges = ring.slice(1).map((end, index): [Position, Position] => [ring[index] ?? end, end]);
  for (const [index, [start, end]] of edges.entries()) {
    if (same(start, end)) return true;
    for (let other = index + 2; other < edges.length; other++) {
      const edge = edges[other];
      const neighbours = index === 0 && other === edges.length - 1;
      if (edge !== undefined && !neighbours && meet([start, end], edge)) return true;
    }
  }
  return false;
}

function meet([a, b]: [Position, Position], [c, d]: [Position, Position]): boolean {
  const [abc, abd, cda, cdb] = [turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)];
  if (abc * abd < 0 && cda * cdb < 0) return true;
  return (
    (abc === 0 && between(a, b, c)) ||
    (abd === 0 && between(a, b, d)) ||
    (cda === 0 && between(c, d, a)) ||
    (cdb === 0 && between(c, d, b))
  );
}

/** Which side of the line a–b the point lies on. */
function turn(a: Position, b: Position, point: Position): number {
  return Math.sign((b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0]));
}

function between(a: Position, b: Position, point: Position): boolean {
  return (
    point[0] >= Math.min(a[0], b[0]) &&
    point[0] <= Math.max(a[0], b[0]) &&
    point[1] >= Math.min(a[1], b[1]) &&
    point[1] <= Math.max(a[1], b[1])
  );
}

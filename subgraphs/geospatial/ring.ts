import { HubError } from '../../lib/errors.ts';
import { type Position, type PositionInput, readPosition } from './position.ts';

const MOST_POSITIONS = 1_000;
/** Degrees from side to side: about a hundred kilometres, more than any county needs. */
const WIDEST = 1;

/**
 * Reads the outline of an area as one closed ring of [longitude, latitude]. What a store would refuse, or would take for
 * another area than was meant, is refused here with the reason.
 * @throws HubError BAD_USER_INPUT
 */
export function readRing(input: readonly PositionInput[]): readonly Position[] {
  if (input.length < 4 || input.length > MOST_POSITIONS)
    throw refused(`has ${input.length} positions. Give 4 to ${MOST_POSITIONS}, the last equal to the first`);
  const ring = input.map((position, index) => readPosition(position, `polygon[${index}]`));
  const [first, last] = [ring[0], ring.at(-1)];
  if (!first || !last || !same(first, last)) throw refused('is not closed. Repeat the first position at the end');
  const extent = Math.max(...[0, 1].map((axis) => extentOf(ring.map((position) => position[axis] ?? 0))));
  if (extent > WIDEST) throw refused(`is wider than ${WIDEST} degree. Cut it into smaller areas`);
  const crossing = crossingOf(ring);
  if (crossing)
    throw refused(
      `crosses or touches itself (edges ${crossing[0]} and ${crossing[1]}). Order the positions along the outline, each once`,
    );
  return ring;
}

function refused(what: string): HubError {
  return new HubError('BAD_USER_INPUT', `polygon: the ring ${what}.`);
}

function extentOf(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values);
}

function same(left: Position, right: Position): boolean {
  return left[0] === right[0] && left[1] === right[1];
}

/** The first pair of edges that have more in common than the corner between neighbours. */
function crossingOf(ring: readonly Position[]): readonly [number, number] | undefined {
  const edges = ring.slice(1).map((to, index) => [ring[index] ?? to, to] as const);
  for (const [index, edge] of edges.entries()) {
    if (same(edge[0], edge[1])) return [index, index];
    for (let other = index + 1; other < edges.length; other++) {
      const further = edges[other];
      if (!further) continue;
      const follows = other === index + 1;
      const closes = index === 0 && other === edges.length - 1;
      const wrong = follows ? turnsBack(edge, further) : closes ? turnsBack(further, edge) : meet(edge, further);
      if (wrong) return [index, other];
    }
  }
  return undefined;
}

type Edge = readonly [Position, Position];

/** Twice the signed area of a triangle: positive where c lies left of the way from a to b. */
function side(a: Position, b: Position, c: Position): number {
  return Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]));
}

/** Whether the second edge runs back over the first from their common corner. */
function turnsBack([from, corner]: Edge, [, to]: Edge): boolean {
  if (side(from, corner, to) !== 0) return false;
  return (from[0] - corner[0]) * (to[0] - corner[0]) + (from[1] - corner[1]) * (to[1] - corner[1]) > 0;
}

function meet([a, b]: Edge, [c, d]: Edge): boolean {
  if (Math.max(a[0], b[0]) < Math.min(c[0], d[0]) || Math.max(c[0], d[0]) < Math.min(a[0], b[0])) return false;
  if (Math.max(a[1], b[1]) < Math.min(c[1], d[1]) || Math.max(c[1], d[1]) < Math.min(a[1], b[1])) return false;
  return side(a, b, c) * side(a, b, d) <= 0 && side(c, d, a) * side(c, d, b) <= 0;
}

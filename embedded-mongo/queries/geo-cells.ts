/** Quadtree cells over the degrees of the globe, which let an ordered index answer questions about areas. */
import type { Geometry } from 'geojson';

import { after, encodeValue } from '../values/key-encoder.ts';
import { type Box, boxOf } from './geometry.ts';

/** The smallest cells are about 60 cm wide at the equator. */
const DEPTH = 26;
/** More ranges would cost more look-ups than the candidates they spare. */
const MOST_CELLS = 24;
const GLOBE: Box = [-180, -90, 180, 90];

/** The smallest cell that holds a whole geometry, as its quadrants from the globe down. */
export function cellOf(geometry: Geometry): string {
  const [west, south, east, north] = boxOf(geometry);
  let cell = '';
  let [left, bottom, right, top] = GLOBE;
  while (cell.length < DEPTH) {
    const x = (left + right) / 2;
    const y = (bottom + top) / 2;
    const inEast = west >= x;
    const inNorth = south >= y;
    if ((!inEast && east >= x) || (!inNorth && north >= y)) break;
    cell += String((inEast ? 1 : 0) + (inNorth ? 2 : 0));
    if (inEast) left = x;
    else right = x;
    if (inNorth) bottom = y;
    else top = y;
  }
  return cell;
}

/**
 * Ranges of keys that hold the cell of every geometry that may touch the box: all that lies in the cells covering it, and the
 * cells around those themselves, where geometries too large for a smaller cell are.
 */
export function cellRanges(box: Box): (readonly [low: Buffer, high: Buffer])[] {
  const covering = cover(box);
  const around = new Set(covering.flatMap((cell) => Array.from({ length: cell.length }, (_, i) => cell.slice(0, i))));
  const within = covering.map((cell) => encodeValue(cell).subarray(0, -2));
  const exactly = [...around].map((cell) => encodeValue(cell));
  return [...within, ...exactly].map((low) => [low, after(low)]);
}

type Cell = { readonly name: string; readonly box: Box };

function cover(area: Box): string[] {
  let open: Cell[] = [{ name: '', box: GLOBE }];
  const covering: string[] = [];
  for (let cell = open.shift(); cell; cell = open.shift()) {
    if (cell.name.length === DEPTH || contains(area, cell.box)) covering.push(cell.name);
    else open = [...open, ...quarters(cell).filter(({ box }) => touches(area, box))];
    if (open.length + covering.length >= MOST_CELLS) break;
  }
  return [...covering, ...open.map(({ name }) => name)];
}

function quarters({ name, box: [west, south, east, north] }: Cell): Cell[] {
  const x = (west + east) / 2;
  const y = (south + north) / 2;
  return [
    { name: `${name}0`, box: [west, south, x, y] },
    { name: `${name}1`, box: [x, south, east, y] },
    { name: `${name}2`, box: [west, y, x, north] },
    { name: `${name}3`, box: [x, y, east, north] },
  ];
}
const touches = (a: Box, b: Box): boolean => b[0] <= a[2] && b[2] >= a[0] && b[1] <= a[3] && b[3] >= a[1];
const contains = (outer: Box, inner: Box): boolean =>
  inner[0] >= outer[0] && inner[2] <= outer[2] && inner[1] >= outer[1] && inner[3] <= outer[3];

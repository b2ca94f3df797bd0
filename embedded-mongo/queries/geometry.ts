/** GeoJSON geometries and the tests `$geoWithin` and `$geoIntersects` make. Planar: edges are straight in degrees, not geodesic. */
import { bbox } from '@turf/bbox';
import type { Geometry, Polygon } from 'geojson';

import { badValue, unsupported } from '../errors.ts';
import { getField, isDocument } from '../values/document.ts';
import { isNumeric } from '../values/order.ts';
import { toNumber } from '../values/numbers.ts';
import { exactTests } from './exact-tests.ts';

export type Box = readonly [west: number, south: number, east: number, north: number];
export type GeoTest = { readonly box: Box; readonly matches: (geometry: Geometry) => boolean };

const TYPES = new Set(['Point', 'LineString', 'Polygon', 'MultiPoint', 'MultiLineString', 'MultiPolygon']);

/** A stored or queried value as GeoJSON, or undefined when it is none. A pair of numbers is a point. */
export function geometryOf(value: unknown): Geometry | undefined {
  if (Array.isArray(value)) return pointOf(value);
  const type = getField(value, 'type');
  const coordinates = getField(value, 'coordinates');
  if (typeof type !== 'string' || !Array.isArray(coordinates) || !TYPES.has(type)) return undefined;
  const plain = plainCoordinates(coordinates);
  return plain && isBounded(plain) ? ({ type, coordinates: plain } as Geometry) : undefined;
}

export function boxOf(geometry: Geometry): Box {
  const [west = 0, south = 0, east = 0, north = 0] = bbox(geometry);
  return [west, south, east, north];
}

/** What `{ $geoWithin: … }` or `{ $geoIntersects: … }` asks: a box that holds every answer, and the exact test. */
export function geoTest(operator: '$geoWithin' | '$geoIntersects', argument: unknown): GeoTest {
  if (!isDocument(argument)) throw badValue(`${operator} needs a geometry`);
  for (const name of Object.keys(argument)) {
    if (name !== '$geometry' && name !== '$box') throw unsupported(`'${name}' in ${operator}`);
  }
  const area = argument['$box'] === undefined ? geometryOf(argument['$geometry']) : polygonOf(argument['$box']);
  if (!area) throw badValue(`${operator} needs $geometry with a GeoJSON geometry in degrees`);
  const box = boxOf(area);
  const { intersects, within } = exactTests();
  if (operator === '$geoIntersects') return { box, matches: (geometry) => intersects(geometry, area) };
  if (area.type !== 'Polygon' && area.type !== 'MultiPolygon')
    throw badValue('$geoWithin needs a Polygon or MultiPolygon');
  const parts: Polygon[] =
    area.type === 'Polygon' ? [area] : area.coordinates.map((coordinates) => ({ type: 'Polygon', coordinates }));
  return {
    box,
    // A point on the border counts as within, as in MongoDB.
    matches: (geometry) =>
      parts.some((part) => (geometry.type === 'Point' ? intersects(geometry, part) : within(geometry, part))),
  };
}

function pointOf(pair: readonly unknown[]): Geometry | undefined {
  const plain = plainCoordinates(pair);
  return plain?.length === 2 && typeof plain[0] === 'number' && isBounded(plain)
    ? ({ type: 'Point', coordinates: plain } as Geometry)
    : undefined;
}

function polygonOf(corners: unknown): Polygon | undefined {
  const box = Array.isArray(corners) ? (plainCoordinates(corners) as number[][] | undefined) : undefined;
  const [[west, south] = [], [east, north] = []] = box ?? [];
  if (west === undefined || south === undefined || east === undefined || north === undefined) return undefined;
  return {
    type: 'Polygon',
    coordinates: [
      [
        [west, south],
        [east, south],
        [east, north],
        [west, north],
        [west, south],
      ],
    ],
  };
}

/** Nested arrays of numbers, whatever BSON type the numbers have; undefined when there is anything else. */
function plainCoordinates(value: readonly unknown[]): unknown[] | undefined {
  const plain: unknown[] = [];
  for (const item of value) {
    const one = Array.isArray(item) ? plainCoordinates(item) : isNumeric(item) ? toNumber(item) : undefined;
    if (one === undefined) return undefined;
    plain.push(one);
  }
  return plain;
}

function isBounded(coordinates: readonly unknown[]): boolean {
  const [first, second] = coordinates;
  if (Array.isArray(first)) return coordinates.every((item) => Array.isArray(item) && isBounded(item));
  return typeof first === 'number' && typeof second === 'number' && Math.abs(first) <= 180 && Math.abs(second) <= 90;
}

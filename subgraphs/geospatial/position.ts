import { HubError } from '../../lib/errors.ts';

/** A position as GeoJSON writes it: [longitude, latitude]. */
export type Position = readonly [number, number];

export interface PositionInput {
  readonly longitude: number;
  readonly latitude: number;
}

/**
 * Refuses coordinates of another datum rather than converting them silently: GCJ-02 alone lies 50 to 500 metres off, and a
 * parcel found by a wrong position is somebody else's.
 * @throws HubError BAD_USER_INPUT
 */
export function requireDatum(datum: string): void {
  if (datum !== 'CGCS2000')
    throw new HubError(
      'BAD_USER_INPUT',
      `datum: ${datum} is not the datum of these parcels. Transform the positions to CGCS2000 (EPSG:4490) and send them again.`,
    );
}

/** @throws HubError BAD_USER_INPUT for a position that is not on the globe. */
export function readPosition({ longitude, latitude }: PositionInput, argument: string): Position {
  if (Math.abs(longitude) > 180 || Math.abs(latitude) > 90)
    throw new HubError(
      'BAD_USER_INPUT',
      `${argument}: not a position. Give a longitude from -180 to 180 and a latitude from -90 to 90, in degrees.`,
    );
  return [longitude, latitude];
}

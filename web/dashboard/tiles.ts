/** Where a division stands on the schematic map: column and row of a hexagon; odd rows are half a column to the right. */
export interface Tile {
  readonly column: number;
  readonly row: number;
}

/**
 * The ten counties of 楚雄 as neighbouring hexagons, set by hand so that who lies north or east of whom can be seen. No border
 * is drawn from any map.
 */
const PLACED: Readonly<Record<string, Tile>> = {
  '532327': { column: 1, row: 0 },
  '532326': { column: 0, row: 1 },
  '532328': { column: 1, row: 1 },
  '532329': { column: 2, row: 1 },
  '532325': { column: 0, row: 2 },
  '532323': { column: 1, row: 2 },
  '532302': { column: 2, row: 2 },
  '532324': { column: 0, row: 3 },
  '532301': { column: 1, row: 3 },
  '532322': { column: 2, row: 4 },
};

/** Tiles of divisions. A prefecture that nobody has set by hand gets its divisions in rows, in the order of their codes. */
export function tilesOf(codes: readonly string[]): ReadonlyMap<string, Tile> {
  if (codes.length > 0 && codes.every((code) => code in PLACED))
    return new Map(codes.flatMap((code) => (PLACED[code] ? [[code, PLACED[code]] as const] : [])));
  const across = Math.max(1, Math.ceil(Math.sqrt(codes.length * 1.3)));
  return new Map(codes.map((code, index) => [code, { column: index % across, row: Math.floor(index / across) }]));
}

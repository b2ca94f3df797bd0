/** First-level classes of GB/T 21010-2017 by the first two digits of a land use, with the names the schema gives them. */
const CLASSES: Readonly<Record<string, string>> = {
  '01': 'CULTIVATED',
  '02': 'ORCHARD',
  '03': 'FOREST',
  '04': 'GRASSLAND',
  '05': 'COMMERCIAL',
  '06': 'INDUSTRIAL',
  '07': 'RESIDENTIAL',
  '08': 'PUBLIC_SERVICE',
  '09': 'SPECIAL',
  '10': 'TRANSPORT',
  '11': 'WATER',
  '12': 'OTHER',
};

const DIGITS = new Map(Object.entries(CLASSES).map(([digits, name]) => [name, digits]));

/** All classes, in the order of the standard. */
export const LAND_USE_CLASSES: readonly string[] = Object.keys(CLASSES)
  .sort()
  .map((digits) => CLASSES[digits] ?? '');

/** The class of a land use; null where the code is not of the standard. */
export function classOfLandUse(landUse: string): string | null {
  return CLASSES[landUse.slice(0, 2)] ?? null;
}

/** The stored land uses of a class, as one range. */
export function landUsesOf(name: string): Record<string, unknown> {
  const digits = DIGITS.get(name) ?? '';
  return { $gte: digits, $lt: `${digits}:` };
}

import type { Mask } from '../../schema/policy-table.ts';

/** How a value is shown in the end: as its owner says, or stricter where other items would restore it. */
export type AppliedMask = Mask | 'RESIDENT_REGION';

/**
 * Shows a value as its mask allows. Total: lists are masked item by item, null stays null, and a value the mask cannot
 * read becomes null rather than being shown. The type of the value stays.
 */
export function maskValue(mask: AppliedMask, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map((item: unknown) => maskValue(mask, item));
  return MASKS[mask](value);
}

const MASKS: Readonly<Record<AppliedMask, (value: unknown) => unknown>> = {
  RESIDENT_REGION: (value) =>
    text(value, (number) => (/^(\d{15}|\d{17}[\dXx])$/.test(number) ? keep(number, 6, 0) : stars(number))),
  RESIDENT_NUMBER: (value) =>
    text(value, (number) => (/^(\d{15}|\d{17}[\dXx])$/.test(number) ? keep(number, 6, 4) : stars(number))),
  NAME: (value) => text(value, maskName),
  PHONE: (value) => text(value, (phone) => (phone.length >= 11 ? keep(phone, 3, 4) : stars(phone))),
  ADDRESS: (value) => text(value, maskAddress),
  YEAR: (value) => text(value, (date) => (/^\d{4}-\d{2}-\d{2}/.test(date) ? `${date.slice(0, 4)}-01-01` : null)),
  AMOUNT: (value) => (typeof value === 'number' && Number.isFinite(value) ? band(value) : null),
  GRID: (value) => maskGeometry(value),
  TAIL: (value) => text(value, (identifier) => (identifier.length > 4 ? keep(identifier, 0, 4) : stars(identifier))),
};

function text(value: unknown, mask: (text: string) => string | null): string | null {
  return typeof value === 'string' ? mask(value) : null;
}

/** The first `head` and last `tail` characters; characters, not UTF-16 units, since rare surnames lie outside the BMP. */
function keep(value: string, head: number, tail: number): string {
  const characters = Array.from(value);
  const hidden = characters.length - head - tail;
  return hidden <= 0
    ? stars(value)
    : [...characters.slice(0, head), '*'.repeat(hidden), ...characters.slice(-tail || characters.length)].join('');
}

function stars(value: string): string {
  return '*'.repeat(Array.from(value).length);
}

/** 张*: the first character and one star, whatever the length, as the length of a name narrows it down. A single character is hidden. */
function maskName(name: string): string {
  const [first, second] = Array.from(name.trim());
  return first === undefined || second === undefined ? '*' : `${first}*`;
}

/** Divisions stand before any street or number; what comes after one may be the name of a hotel or of a block. */
const BEFORE_STREETS = String.raw`[^\d０-９号路巷弄栋幢室]`;
const TOWNSHIP = new RegExp(
  `^${BEFORE_STREETS}*?(?:县|市|区|州|盟|旗)(?:(?![县市区旗])${BEFORE_STREETS}){1,10}?(?:街道|乡|镇)`,
  'u',
);
const TOWNSHIP_ALONE = new RegExp(`^${BEFORE_STREETS}{1,10}?(?:街道|乡|镇)`, 'u');
const COUNTY = new RegExp(`^${BEFORE_STREETS}*?(?:县|市|区|旗)`, 'u');

/** Down to the township: everything up to it, where it can be told, else up to the county or city, else nothing. */
function maskAddress(address: string): string {
  const shown = TOWNSHIP.exec(address) ?? TOWNSHIP_ALONE.exec(address) ?? COUNTY.exec(address);
  return `${shown?.[0] ?? ''}***`;
}

/** The lower bound of the band 1–2–5 × 10ⁿ that holds the amount; the sign stays. */
function band(amount: number): number {
  const size = Math.abs(amount);
  if (size < 1) return 0;
  const power = 10 ** Math.floor(Math.log10(size));
  const lead = size / power;
  const bound = (lead >= 5 ? 5 : lead >= 2 ? 2 : 1) * power;
  return Math.sign(amount) * bound;
}

/** Degrees of the grid: about a kilometre. */
const GRID = 100;

/** A point goes to its grid corner; a shape becomes the box of grid cells around it, so that its outline is not shown. */
function maskGeometry(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return null;
  const { type, coordinates, ...rest } = value as { type?: unknown; coordinates?: unknown };
  const points = positions(coordinates);
  if (points.length === 0) return null;
  const floor = (degrees: number): number => Math.floor(degrees * GRID) / GRID;
  const ceil = (degrees: number): number => Math.ceil(degrees * GRID) / GRID;
  const [first] = points;
  if (type === 'Point') return first && { ...rest, type, coordinates: [floor(first[0]), floor(first[1])] };
  const west = floor(Math.min(...points.map(([x]) => x)));
  const south = floor(Math.min(...points.map(([, y]) => y)));
  const east = ceil(Math.max(...points.map(([x]) => x)));
  const north = ceil(Math.max(...points.map(([, y]) => y)));
  const ring = [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
  return { ...rest, type: 'Polygon', coordinates: [ring] };
}

function positions(coordinates: unknown): [number, number][] {
  if (!Array.isArray(coordinates)) return [];
  const [x, y] = coordinates as unknown[];
  if (typeof x === 'number' && typeof y === 'number') return [[x, y]];
  return coordinates.flatMap(positions);
}

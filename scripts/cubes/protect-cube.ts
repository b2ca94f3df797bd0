import { type Audience, AUDIENCES } from '../../lib/cubes/audience.ts';
import type { CubeDefinition, CubeValue } from '../../lib/cubes/cube-definition.ts';
import type { CubeProtectionRecord, CubeTableRecord, PublishedCell, Suppression } from '../../lib/cubes/models.ts';
import { tableKey } from '../../lib/cubes/models.ts';
import { isRest } from '../../lib/cubes/place.ts';
import { auditProtection } from '../../sharing/disclosure/audit.ts';
import { protect } from '../../sharing/disclosure/protect.ts';
import type { Protection, TableSystem } from '../../sharing/disclosure/system.ts';
import type { CountedCube } from './assemble.ts';
import { asKnown, mergers, type PastRelease, withZeros } from './history.ts';
import { ALL, blockOf, exceptOf, type PlacedCell, placedCells, type Raised, systemOf, valueOf } from './system.ts';

const NONE: Raised = new Set();

export interface ProtectedCube {
  readonly tables: readonly CubeTableRecord[];
  readonly protections: readonly CubeProtectionRecord[];
  /** Why the release must not be published; empty when it may. Sentences name cells, never values. */
  readonly refusals: readonly string[];
}

interface Protecting {
  readonly release: number;
  readonly asOf: string;
  readonly past: readonly PastRelease[];
  readonly signal: AbortSignal;
}

/**
 * Decides for every audience which cells of a cube are hidden, all its tables and what was released before together, and has the
 * decision audited. What the wider audience sees is a part of what the narrower one knows.
 */
export async function protectCube(
  raw: CountedCube,
  { release, asOf, past, signal }: Protecting,
): Promise<ProtectedCube> {
  const last = past.at(-1);
  const counted = withZeros(raw, last);
  const further = mergers(counted, last, asOf);
  const tables: CubeTableRecord[] = [];
  const protections: CubeProtectionRecord[] = [];
  const refusals: string[] = [];
  let wider: TableSystem['wider'];
  for (const audience of AUDIENCES) {
    const earlier = past.map((each) => asKnown(each, audience));
    const system = (raised: Raised): TableSystem => systemOf(counted, audience, { earlier, further, wider, raised });
    const mayRaise = wider !== undefined;
    // What was raised stays so: a threshold that goes up and down would show now what it hid a month ago.
    const start: Raised = mayRaise ? (last?.raised ?? NONE) : NONE;
    const decided = await decide(counted, { system, start, past: mayRaise ? past : undefined, signal });
    refusals.push(...decided.refusals.map((sentence) => `${counted.cube.name}, ${audience}: ${sentence}`));
    const { protection, raised } = decided;
    const cells = [...placedCells(counted, audience, raised)].filter(([, { place }]) => !isRest(place));
    tables.push(...recordsOf(counted.cube, cells, { release, audience, protection }));
    protections.push({ ...summary(counted.cube, cells, { release, audience, protection }), raised: [...raised] });
    wider = { system: decided.system, protection };
  }
  return { tables, protections, refusals };
}

interface Deciding {
  readonly system: (raised: Raised) => TableSystem;
  readonly start: Raised;
  /** The releases before, where the threshold may be raised. */
  readonly past: readonly PastRelease[] | undefined;
  readonly signal: AbortSignal;
}

interface Decided {
  readonly system: TableSystem;
  readonly protection: Protection;
  readonly raised: Raised;
  /** Sentences of what can be told after all. */
  readonly refusals: readonly string[];
}

/**
 * A decision that passes the audit. Where the lower threshold of the narrower audience leaves a cell unprotected, that of the wider one
 * is tried: around the cell first, then everywhere, which shows nothing that the wider audience does not see.
 */
async function decide(counted: CountedCube, { system: systemWith, start, past, signal }: Deciding): Promise<Decided> {
  let raised = start;
  for (;;) {
    const system = systemWith(raised);
    const protection = await protect(system, { signal });
    const open = protection.unprotected.map(({ id, reason }) => ({ id, sentence: `${id} is ${reason}` }));
    const findings = open.length > 0 ? open : await auditProtection(system, protection);
    const decided = { system, protection, raised, refusals: findings.map(({ sentence }) => sentence) };
    if (findings.length === 0 || !past || raised.has(ALL)) return decided;
    const ids = findings.map(({ id }) => id);
    raised = raise(counted, { before: raised, isFirst: raised === start, ids, past });
  }
}

interface Raising {
  readonly before: Raised;
  readonly isFirst: boolean;
  readonly ids: readonly string[];
  readonly past: readonly PastRelease[];
}

function raise(counted: CountedCube, { before, isFirst, ids, past }: Raising): Raised {
  const cells = placedCells(counted, 'LEADER', before);
  const blocks = ids.flatMap((id) => {
    const cell = cells.get(id);
    return cell ? [blockOf(counted, cell)] : [];
  });
  const more = blocks.filter((block) => !before.has(block));
  // What leaders were shown cannot be taken back: it keeps the threshold with which it was shown.
  const shown = past.flatMap((each) => [...each.shown.LEADER].filter(([, status]) => status === 'SHOWN'));
  const kept = shown.map(([id]) => exceptOf(id));
  return new Set([...before, ...(isFirst && more.length > 0 ? more : [ALL]), ...kept]);
}

interface Told {
  readonly release: number;
  readonly audience: Audience;
  readonly protection: Protection;
}

function recordsOf(
  cube: CubeDefinition,
  cells: readonly (readonly [string, PlacedCell])[],
  { release, audience, protection }: Told,
): CubeTableRecord[] {
  const records = new Map<string, Map<string, PublishedCell>>();
  for (const [id, placed] of cells) {
    const { table, place: division, key, measure, cell } = placed;
    const at = tableKey(release, { audience, cube: cube.name, table, division });
    const ofTable = records.get(at) ?? new Map<string, PublishedCell>();
    records.set(at, ofTable);
    const hidden = hiddenAs(protection, id);
    const value = hidden === null ? valueOf(placed) : null;
    const known = ofTable.get(key) ?? { values: cell.values, count: 0, suppressed: null };
    ofTable.set(
      key,
      measure === 'COUNT'
        ? { ...known, count: value, suppressed: hidden }
        : { ...known, sum: value, sumSuppressed: hidden },
    );
  }
  const order = orderOf(cube);
  return [...records].map(([_id, ofTable]) => ({
    _id,
    cells: [...ofTable.values()].filter(tellsSomething).sort(order),
  }));
}

/** Missing from the system, a cell is hidden: nothing is published that was not decided. */
function hiddenAs({ cells }: Protection, id: string): Suppression | null {
  const status = cells.get(id)?.status ?? 'SECONDARY';
  return status === 'SHOWN' ? null : status;
}

function tellsSomething({ count, sum }: PublishedCell): boolean {
  return count !== 0 || (sum !== undefined && sum !== 0);
}

/** By the order of the dimensions' values, unknown ones by their text, none last. */
function orderOf(cube: CubeDefinition): (one: PublishedCell, other: PublishedCell) => number {
  const places = new Map(
    cube.dimensions.flatMap(({ values = [] }) => values.map((value, index) => [value, index] as const)),
  );
  const rank = (value: CubeValue): string =>
    value === null ? '~' : String(places.get(value) ?? 9_999).padStart(4, '0') + value;
  const textOf = ({ values }: PublishedCell): string => values.map(rank).join(' ');
  return (one, other) => (textOf(one) < textOf(other) ? -1 : 1);
}

function summary(
  cube: CubeDefinition,
  cells: readonly (readonly [string, PlacedCell])[],
  { release, audience, protection }: Told,
): Omit<CubeProtectionRecord, 'raised'> {
  const tables = new Map<string, { table: string; cells: number; primary: number; secondary: number }>();
  for (const [id, placed] of cells) {
    if (placed.measure === 'COUNT' && valueOf(placed) === 0) continue;
    const table = placed.measure === 'SUM' ? `${placed.table} (sum)` : placed.table;
    const known = tables.get(table) ?? { table, cells: 0, primary: 0, secondary: 0 };
    tables.set(table, known);
    known.cells += 1;
    const hidden = hiddenAs(protection, id);
    if (hidden === 'PRIMARY') known.primary += 1;
    if (hidden === 'SECONDARY') known.secondary += 1;
  }
  return { _id: `${release}/${audience}/${cube.name}`, tables: [...tables.values()] };
}

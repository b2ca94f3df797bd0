import { type Audience, AUDIENCES } from '../../lib/cubes/audience.ts';
import type { CubeDefinition, CubeValue } from '../../lib/cubes/cube-definition.ts';
import type {
  CarriedOver,
  CubeProtectionRecord,
  CubeTableRecord,
  PublishedCell,
  Suppression,
} from '../../lib/cubes/models.ts';
import { tableKey } from '../../lib/cubes/models.ts';
import { isRest } from '../../lib/cubes/place.ts';
import { auditProtection, computable } from '../../sharing/disclosure/audit.ts';
import { hopeless, protect } from '../../sharing/disclosure/protect.ts';
import type { Protection, TableSystem, Unprotected } from '../../sharing/disclosure/system.ts';
import type { CountedCube } from './assemble.ts';
import { carriedOver, limitedTo, nextLeaf, type Opening, withoutLeaf } from './carry-over.ts';
import { mergers, regroupings, replacing } from './changed-divisions.ts';
import { asKnown, lastWith, type PastRelease, withZeros } from './history.ts';
import type { LongAgo } from './long-ago.ts';
import { ALL, blockOf, exceptOf, type PlacedCell, placedCells, type Raised, systemOf, valueOf } from './system.ts';

const NONE: Raised = new Set();

export interface ProtectedCube {
  readonly tables: readonly CubeTableRecord[];
  readonly protections: readonly CubeProtectionRecord[];
  /** What had to be left out so that nothing of the rest can be told. */
  readonly carriedOver: readonly CarriedOver[];
}

interface Protecting {
  readonly release: number;
  readonly asOf: string;
  readonly past: readonly PastRelease[];
  readonly longAgo: LongAgo;
  readonly signal: AbortSignal;
}

/**
 * Decides for every audience which cells of a cube are hidden, all its tables and what was released before together, and has the
 * decision audited. What cannot be protected is left out table by table, the finest first, until the rest passes: nothing with
 * a finding is ever returned.
 */
export async function protectCube(raw: CountedCube, protecting: Protecting): Promise<ProtectedCube> {
  const { release, past } = protecting;
  const whole = withZeros(raw, past);
  const left: CarriedOver[] = [];
  for (let tables = raw.tables; ;) {
    const counted = limitedTo(whole, tables);
    const { audiences, openings } = await attempt(counted, protecting);
    if (openings.length === 0) return { ...recordsFor(counted, audiences, { release, left }), carriedOver: left };
    const leaf = nextLeaf(counted, openings);
    if (!leaf) throw new Error(`The empty release of ${counted.cube.name} cannot be protected`);
    const from = lastWith(past, { by: leaf.table.by, level: leaf.level });
    left.push(carriedOver(counted.cube.name, leaf, { from, openings }));
    tables = withoutLeaf(tables, leaf);
  }
}

interface ProtectedAudience extends Decided {
  readonly audience: Audience;
}

interface Attempt {
  readonly audiences: readonly ProtectedAudience[];
  /** What can be told; empty where these tables may be published. */
  readonly openings: readonly Opening[];
}

/** Protects these tables for all audiences, or says what stays open. */
async function attempt(counted: CountedCube, { asOf, past, longAgo, signal }: Protecting): Promise<Attempt> {
  const regrouped = past.map((each) => regroupings(counted, each, asOf));
  const further = [
    ...past.flatMap((each) => mergers(counted, each, asOf)),
    ...regrouped.flatMap(({ equations }) => equations),
  ];
  const known = (audience: Audience) => ({
    earlier: [...longAgo[audience], ...past.map((each) => asKnown(each, audience))],
    further,
    sums: regrouped.flatMap(({ cells }) => cells),
    replaces: replacing(counted, past, asOf),
  });
  // What was raised stays so: a threshold that goes up and down would show now what it hid a month ago.
  const raised = past.at(-1)?.raised ?? NONE;
  const withheld = new Set<string>();
  if (past.length > 0) {
    // Leaders know more of the past. What they must not see now is hidden from everyone, as they read the public tables too.
    const system = systemOf(counted, 'LEADER', { ...known('LEADER'), wider: undefined, raised });
    const lost = hopeless(system);
    if (lost.length > 0) return { audiences: [], openings: lost.map(openingOf('LEADER')) };
    const toAll = hopeless(systemOf(counted, 'GENERAL', { ...known('GENERAL'), wider: undefined, raised: NONE }));
    if (toAll.length > 0) return { audiences: [], openings: toAll.map(openingOf('GENERAL')) };
    const { cells, unprotected } = await protect(system, { signal });
    if (unprotected.length > 0) return { audiences: [], openings: unprotected.map(openingOf('LEADER')) };
    for (const { id, status } of cells.values()) if (status !== 'SHOWN') withheld.add(id);
  }
  const audiences: ProtectedAudience[] = [];
  let wider: TableSystem['wider'];
  for (const audience of AUDIENCES) {
    const isWidest = wider === undefined;
    const system = (of: Raised): TableSystem =>
      systemOf(counted, audience, { ...known(audience), wider, raised: of, ...(isWidest && { withheld }) });
    const start = isWidest ? NONE : raised;
    const decided = await decide(counted, { audience, system, start, past: isWidest ? undefined : past, signal });
    if (decided.openings.length > 0) return { audiences: [], openings: decided.openings };
    audiences.push({ ...decided, audience });
    wider = { system: decided.system, protection: decided.protection };
  }
  return { audiences, openings: [] };
}

function openingOf(audience: Audience): (cell: Unprotected) => Opening {
  return ({ id, reason }) => ({ id, sentence: `${audience}: ${id} is ${reason}` });
}

function recordsFor(
  counted: CountedCube,
  audiences: readonly ProtectedAudience[],
  { release, left }: { readonly release: number; readonly left: readonly CarriedOver[] },
): Pick<ProtectedCube, 'tables' | 'protections'> {
  const made = audiences.map(({ audience, system, protection, raised }) => {
    const placed = [...placedCells(counted, audience, raised)];
    const cells = placed.filter(([, { place }]) => !isRest(place));
    const rests = placed.filter(([, { place }]) => isRest(place)).map(([id]) => id);
    const told = computable(system, protection);
    const protectionRecord: CubeProtectionRecord = {
      ...summary(counted.cube, cells, { release, audience, protection }),
      raised: [...raised],
      computable: rests.filter((id) => told.has(id) || protection.cells.get(id)?.status === 'SHOWN'),
      narrowed: protection.narrowed.filter((id) => !id.includes('@')),
      carriedOver: [...left],
    };
    return { tables: recordsOf(counted.cube, cells, { release, audience, protection }), protectionRecord };
  });
  return {
    tables: made.flatMap(({ tables }) => tables),
    protections: made.map(({ protectionRecord }) => protectionRecord),
  };
}

interface Deciding {
  readonly audience: Audience;
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
  /** What can be told after all. */
  readonly openings: readonly Opening[];
}

/**
 * A decision that passes the audit. Where the lower threshold of the narrower audience leaves a cell unprotected, that of the wider one
 * is tried: around the cell first, then everywhere, which shows nothing that the wider audience does not see.
 */
async function decide(
  counted: CountedCube,
  { audience, system: systemWith, start, past, signal }: Deciding,
): Promise<Decided> {
  let raised = start;
  for (;;) {
    const system = systemWith(raised);
    const protection = await protect(system, { signal });
    const openings =
      protection.unprotected.length > 0
        ? protection.unprotected.map(openingOf(audience))
        : (await auditProtection(system, protection, { bounds: 'UNPROVEN', signal })).map(({ id, sentence }) => {
            return { id, sentence: `${audience}: ${sentence}` };
          });
    if (openings.length === 0 || !past || raised.has(ALL)) return { system, protection, raised, openings };
    const ids = openings.map(({ id }) => id);
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
): Pick<CubeProtectionRecord, '_id' | 'tables'> {
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

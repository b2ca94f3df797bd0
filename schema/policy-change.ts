import type { ItemPolicy, PolicyTable, Reads, SharingClass } from './policy-table.ts';

/** How the rights to one coordinate change from one policy table to the next. */
export interface PolicyChange {
  /** `Type.field`, `Type.field(argument:)`, `Input.field` or `Type`. */
  readonly coordinate: string;
  /** Department whose item it is. */
  readonly owner: string;
  /** What of it changes. */
  readonly what:
    | 'CLASS'
    | 'MASK'
    | 'PERSONAL'
    | 'REQUIRES'
    | 'ACTORS'
    | 'READS'
    | 'ROWS'
    | 'SUBJECTS'
    | 'OWNER'
    | 'URL'
    | 'KEY'
    | 'RETURNS';
  readonly before: string;
  readonly after: string;
  /** Somebody may see or do more by it: it takes a second officer. */
  readonly loosens: boolean;
}

const STRICTNESS: Record<SharingClass, number> = { UNCONDITIONAL: 0, CONDITIONAL: 1, WITHHELD: 2 };
/** Nobody classified it: it is denied to everybody. */
const DENIED = 3;
const NOTHING = 'none';

/** What two tables are compared by beside themselves. */
export interface Comparing {
  /** What earlier releases said of items that the table in force does not have. */
  readonly retired: PolicyTable;
  /** Coordinates of the arguments and input fields that callers may fill, before and after. */
  readonly slots: { readonly before: ReadonlySet<string>; readonly after: ReadonlySet<string> };
}

/**
 * What changes in the rights between two tables. An item that comes back is compared with what it was, so that leaving it out
 * for one release loosens nothing.
 */
export function policyChanges(
  before: PolicyTable,
  after: PolicyTable,
  { retired, slots }: Comparing,
): readonly PolicyChange[] {
  const was = withRetired(before, retired);
  const unsaid = [...retired.reads].filter(([coordinate]) => !slots.before.has(coordinate));
  return [
    ...[...after.items.values()].flatMap((item) => itemChanges(was.items.get(item.coordinate), item)),
    ...readChanges(was, after),
    // What is asked by another argument of the same name, or by the fields of an input type in place of the whole.
    ...[...unsaid, ...before.reads].flatMap(([coordinate, reads]) =>
      slots.after.has(coordinate) && !after.reads.has(coordinate) ? unsaidRead(was, coordinate, reads) : [],
    ),
    ...typeChanges(was, after),
  ].sort((one, other) => (one.coordinate < other.coordinate ? -1 : 1));
}

/** What is remembered of items that a table does not have: what was said of them last. */
export function retiredAfter(before: PolicyTable, after: PolicyTable, retired: PolicyTable): PolicyTable {
  const known = withRetired(before, retired);
  const gone = <Value>(all: ReadonlyMap<string, Value>, kept: ReadonlyMap<string, unknown>) =>
    new Map([...all].filter(([key]) => !kept.has(key)));
  return {
    items: gone(known.items, after.items),
    reads: gone(known.reads, after.reads),
    resources: new Map(),
    scopedBy: gone(known.scopedBy, after.scopedBy),
    subjects: gone(known.subjects, after.subjects),
  };
}

/** A type that is scoped no longer has no entry in the newer table, and must not be taken from the older one. */
function withRetired(table: PolicyTable, retired: PolicyTable): PolicyTable {
  const types = new Set([...table.items.keys()].map(typeOf));
  const lost = <Value>(entries: ReadonlyMap<string, Value>) => [...entries].filter(([type]) => !types.has(type));
  return {
    items: new Map([...retired.items, ...table.items]),
    reads: new Map([...retired.reads, ...table.reads]),
    resources: table.resources,
    scopedBy: new Map([...lost(retired.scopedBy), ...table.scopedBy]),
    subjects: new Map([...lost(retired.subjects), ...table.subjects]),
  };
}

function itemChanges(was: ItemPolicy | undefined, item: ItemPolicy): PolicyChange[] {
  if (!was) return [];
  const { coordinate, owner } = item;
  const found: PolicyChange[] = [];
  const note = (what: PolicyChange['what'], before: string, after: string, loosens: boolean): void => {
    if (before !== after) found.push({ coordinate, owner: was.owner, what, before, after, loosens });
  };
  note('OWNER', was.owner, owner, true);
  note('CLASS', was.class ?? NOTHING, item.class ?? NOTHING, strictness(item) < strictness(was));
  // Without a grant a mask shows more than nothing, and another mask may show more than the last. What was free shows no more.
  note('MASK', was.mask ?? NOTHING, item.mask ?? NOTHING, item.class !== 'WITHHELD' && was.class === 'CONDITIONAL');
  note('PERSONAL', String(was.personal), String(item.personal), was.personal);
  note('REQUIRES', listed(was.requires), listed(item.requires), !includesAll(item.requires, was.requires));
  note('ACTORS', listed(was.actors), listed(item.actors), !includesAll(was.actors ?? [], item.actors ?? []));
  return found;
}

/** An argument that is still there and no longer says what it reads: its items are read by it all the same, for all it says. */
function unsaidRead(was: PolicyTable, coordinate: string, before: Reads): PolicyChange[] {
  const item = was.items.get(fieldOf(coordinate)) ?? ownerOfFirst(was, before);
  if (!item || before.items.length === 0) return [];
  return [{ coordinate, owner: item.owner, what: 'READS', before: said(before), after: NOTHING, loosens: true }];
}

function readChanges(was: PolicyTable, now: PolicyTable): PolicyChange[] {
  return [...now.reads].flatMap(([coordinate, after]): PolicyChange[] => {
    const before = was.reads.get(coordinate);
    const item = was.items.get(fieldOf(coordinate)) ?? ownerOfFirst(was, before);
    // Without an owner before, it is the argument of a field that is new as well.
    if (!before || !item || said(before) === said(after)) return [];
    const loosens = after.use !== before.use || !includesAll(after.items, before.items);
    return [{ coordinate, owner: item.owner, what: 'READS', before: said(before), after: said(after), loosens }];
  });
}

function typeChanges(was: PolicyTable, now: PolicyTable): PolicyChange[] {
  const owners = (items: PolicyTable['items']) =>
    [...items.values()].map((item) => [typeOf(item.coordinate), item.owner] as const);
  return [...new Map(owners(now.items))].flatMap(([coordinate, current]): PolicyChange[] => {
    const changed = (what: 'ROWS' | 'SUBJECTS', before: string | undefined, after: string | undefined) =>
      before === after
        ? []
        : [
            {
              ...{ coordinate, what, before: before ?? NOTHING, after: after ?? NOTHING },
              owner: keeperOf(was, coordinate, before) ?? keeperOf(now, coordinate, after) ?? current,
              // Rows that were narrowed by one field and are now by another, or not at all: others come into view.
              loosens: before !== undefined,
            },
          ];
    return [
      ...changed('ROWS', was.scopedBy.get(coordinate), now.scopedBy.get(coordinate)),
      ...changed('SUBJECTS', was.subjects.get(coordinate), now.subjects.get(coordinate)),
    ];
  });
}

/** Who keeps the rows of a type: others have items of it, too, and no say in which rows are seen. */
function keeperOf({ items, resources }: PolicyTable, type: string, field: string | undefined): string | undefined {
  const subgraph = resources.get(type)?.subgraph;
  const kept = [...items.values()].find((item) => item.subgraph === subgraph);
  return (kept ?? items.get(`${type}.${field ?? ''}`))?.owner;
}

function strictness(item: ItemPolicy): number {
  return item.class === undefined ? DENIED : STRICTNESS[item.class];
}

function ownerOfFirst(table: PolicyTable, reads: Reads | undefined): ItemPolicy | undefined {
  return reads?.items.map((item) => table.items.get(item)).find((item) => item !== undefined);
}

const typeOf = (coordinate: string): string => coordinate.split('.')[0] ?? '';
const fieldOf = (coordinate: string): string => coordinate.split('(')[0] ?? '';
const listed = (list: readonly string[] | undefined): string => (list?.length ? [...list].sort().join(' ') : NOTHING);
const said = ({ use, items }: Reads): string => `${use} of ${listed(items)}`;
const includesAll = (all: readonly string[], some: readonly string[]): boolean =>
  some.every((one) => all.includes(one));

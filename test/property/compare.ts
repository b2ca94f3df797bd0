import { type DocumentNode, Kind, parse, type SelectionSetNode } from 'graphql';
import type { Grant } from '../../sharing/policy/grant.ts';
import type { SmallHub } from '../support/small-hub.ts';
import type { Case } from './case.ts';
import { type Expected, reference } from './reference.ts';
import { itemOf, possibleTypes, typeOf, type World } from './world.ts';

export interface Compared {
  readonly expected: Expected;
  /** What of the hub's answer is not as expected, in words; empty where all of it is. */
  readonly differences: readonly string[];
  readonly actual: unknown;
  /** The subgraphs that were asked, once for each fetch. */
  readonly fetched: readonly string[];
}

/** Asks the hub and the reference the same, and compares all that a caller, a subgraph and the record get to see. */
export async function compare(hub: SmallHub, query: string, asked: Case): Promise<Compared> {
  hub.setGrants(asked.grants.map((grant): Partial<Grant> => ({ ...grant, items: [...grant.items] })));
  hub.setStale(asked.stale);
  hub.fetches.length = 0;
  const { department, application, purpose } = asked.caller;
  const answer = await hub.ask(query, {
    variables: { ...asked.variables },
    caller: { department, application, purpose },
  });
  const expected = reference(asked);
  const { shown, refused, used } = expected.judged;
  const errors = answer.errors ?? [];
  const refusals = errors.filter(({ extensions }) => extensions['code'] === 'NOT_SHARED');
  const others = errors.filter((error) => !refusals.includes(error));
  const sharing = (answer.extensions?.['sharing'] ?? {}) as { masked?: unknown[]; grants?: unknown[] };
  const masked = shown.filter(({ mask }) => mask !== undefined);
  const record = hub.entries.at(-1)?.items;
  const maskedItems = new Set(masked.map(({ coordinate }) => coordinate));
  const differences = [
    ...differs('the data', answer.data, expected.data),
    ...differs(
      'the refusals',
      lines(
        refusals.map(({ path, extensions: { coordinate, use, reason, owner } }) => ({
          path,
          coordinate,
          use,
          reason,
          owner,
        })),
      ),
      lines(
        refused.map(({ path, coordinate, use, reason }) => ({
          path,
          coordinate,
          use,
          reason,
          owner: itemOf(asked.world, coordinate)?.subgraph.owner,
        })),
      ),
    ),
    ...differs(
      'the masks',
      lines(sharing.masked ?? []),
      lines(masked.map(({ path, coordinate, mask }) => ({ path, coordinate, mask }))),
    ),
    ...differs('the grants relied on', sharing.grants ?? [], sorted(used.flatMap(({ grants }) => grants))),
    ...differs('whether a value is missing that the schema promises', others.length > 0, expected.brokePromise),
    ...differs(
      'what other errors say',
      others.filter(({ extensions }) => extensions['code'] !== 'SUBGRAPH_ERROR'),
      [],
    ),
    ...differs(
      'the record of what was shown',
      [record?.allowed, record?.masked],
      [
        sorted(shown.map(({ coordinate }) => coordinate)).filter((each) => !maskedItems.has(each)),
        sorted([...maskedItems]),
      ],
    ),
    ...differs('what was fetched without being shown or needed', fetchedInVain(hub, asked, expected), []),
  ];
  return { expected, differences, actual: answer, fetched: hub.fetches.map(({ subgraph }) => subgraph) };
}

function differs(what: string, actual: unknown, expected: unknown): string[] {
  const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
  return is === should ? [] : [`${what}:\n    expected ${should}\n    actual   ${is}`];
}

function lines(each: readonly unknown[]): string[] {
  return each.map((line) => JSON.stringify(line)).sort();
}

function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}

/** Items in the texts that subgraphs got which are neither shown, nor required by what is, nor keys and probes. */
function fetchedInVain(hub: SmallHub, { world }: Case, { judged }: Expected): string[] {
  const needed = new Set(judged.shown.map(({ coordinate }) => coordinate));
  for (const coordinate of needed) {
    const item = itemOf(world, coordinate);
    for (const name of item?.requires ?? []) needed.add(`${item?.type ?? ''}.${name}`);
  }
  const touched = hub.fetches.flatMap(({ query }) => [...coordinatesOf(world, parse(query, { noLocation: true }))]);
  return sorted(touched.filter((coordinate) => !needed.has(coordinate)));
}

/** Keys and probes aside; a field of an interface counts as that of each of its types. */
function coordinatesOf(world: World, document: DocumentNode): ReadonlySet<string> {
  const found = new Set<string>();
  const walk = (on: string, set: SelectionSetNode): void => {
    for (const node of set.selections) {
      if (node.kind === Kind.FRAGMENT_SPREAD) throw new Error('a fetch has a named fragment: teach it here');
      if (node.kind === Kind.INLINE_FRAGMENT) walk(node.typeCondition?.name.value ?? on, node.selectionSet);
      else if (node.name.value === '_entities')
        walk('', node.selectionSet ?? { kind: Kind.SELECTION_SET, selections: [] });
      else if (!node.name.value.startsWith('__')) touch(on, node.name.value, node.selectionSet);
    }
  };
  const touch = (on: string, name: string, below: SelectionSetNode | undefined): void => {
    for (const type of possibleTypes(world, on)) {
      if (name === 'inScope' || name === typeOf(world, type).keyField) continue;
      found.add(`${type}.${name}`);
      const output = itemOf(world, `${type}.${name}`)?.output;
      if (below && output !== undefined) walk(output, below);
    }
  };
  for (const node of document.definitions)
    if (node.kind === Kind.OPERATION_DEFINITION) walk('Query', node.selectionSet);
  return found;
}

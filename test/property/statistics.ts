import type { Met } from './run.ts';
import { itemOf, type World } from './world.ts';

/** What a case may show of the hub; the share of cases, of a hundred, in which each must be met at least. */
const FEATURES = {
  'something is refused': 30,
  'something is shown': 50,
  'something is masked': 10,
  'a grant is relied on': 10,
  'the caller owns something that is used': 5,
  'a grant limits the rows': 5,
  'rows are hidden': 5,
  'a refusal moves to a nullable ancestor': 5,
  'an argument reads items': 10,
  'an argument is refused': 5,
  'an item is computed from others': 5,
  'what an item is computed from is refused': 5,
  'an interface or a union is shown': 5,
  'several subgraphs are asked': 10,
  'a subgraph is asked for references': 10,
  'a type refers to itself': 5,
  'variables are given': 10,
  'a variable is absent': 5,
  'a variable is null': 5,
  'a variable has a default': 5,
  'selections are skipped or included': 30,
  'named fragments': 20,
  'inline fragments': 20,
  aliases: 30,
  'one field under several keys': 5,
  'a purpose is missing': 5,
  'grants of others, over, to come or by nobody who may': 20,
  // Rare by nature: a row that dangles is asked for what must not be null, a type needs both items, a door is closed.
  'a missing value moves to a nullable ancestor': 2,
  'nothing is answered': 1,
  'a mask is stricter beside another item': 0.5,
  'the grants are stale': 2,
  NO_GRANT: 10,
  NOT_CLASSIFIED: 5,
  WITHHELD: 5,
  NO_PURPOSE: 2,
  POLICY_STALE: 1,
  'LOOKUP is refused': 0.5,
  'FILTER is refused': 2,
  'VERIFY is refused': 0.2,
} as const;

type Feature = keyof typeof FEATURES;

/** Counts how often each feature was met, so that a generator that has ceased to make them does not pass for a proof. */
export class Statistics {
  cases = 0;
  worlds = 0;
  #last: World | undefined;
  readonly #met = new Map<string, number>();

  add(met: Met): void {
    this.cases += 1;
    if (met.asked.world !== this.#last) this.worlds += 1;
    this.#last = met.asked.world;
    for (const feature of featuresOf(met)) this.#met.set(feature, (this.#met.get(feature) ?? 0) + 1);
  }

  /** The share of cases in which a feature was met, of a hundred. */
  share(feature: string): number {
    return (100 * (this.#met.get(feature) ?? 0)) / Math.max(1, this.cases);
  }

  /** Features that were met too rarely, with their share. */
  missing(): string[] {
    return Object.entries(FEATURES)
      .filter(([feature, least]) => this.share(feature) < least)
      .map(([feature, least]) => `${feature}: ${this.share(feature).toFixed(1)} %, not ${least} %`);
  }

  table(): string {
    const rows = Object.keys(FEATURES).map((feature) => `${this.share(feature).toFixed(1).padStart(6)} %  ${feature}`);
    return [`${this.cases} cases in ${this.worlds} schemas`, ...rows].join('\n');
  }
}

function featuresOf({ asked, query, compared }: Met): Feature[] {
  const { world, caller, grants, variables, at } = asked;
  const { judged, brokePromise, hidden } = compared.expected;
  const { shown, refused, used, nothing } = judged;
  const items = shown.flatMap(({ coordinate }) => itemOf(world, coordinate) ?? []);
  const [definitions = ''] = /^query\([^{]*\)/u.exec(query) ?? [];
  const names = [...definitions.matchAll(/\$(\w+)/gu)].map(([, name = '']) => name);
  const selections = query.slice(definitions.length);
  const pathOf = ({ path, coordinate }: { path: readonly string[]; coordinate: string }): string =>
    JSON.stringify([path.slice(0, -1), coordinate]);
  const met: Readonly<Record<Feature, boolean>> = {
    'something is refused': refused.length > 0,
    'something is shown': shown.length > 0,
    'something is masked': shown.some(({ mask }) => mask !== undefined),
    'a grant is relied on': used.some((each) => each.grants.length > 0),
    'the caller owns something that is used': items.some(
      (item) => item.sharing?.class !== 'UNCONDITIONAL' && item.subgraph.owner === caller.department,
    ),
    'a grant limits the rows': used.some(({ divisions }) => divisions && !divisions.includes('*')),
    'rows are hidden': hidden > 0,
    'a refusal moves to a nullable ancestor': refused.some(({ moved }) => moved === true),
    'a missing value moves to a nullable ancestor': brokePromise,
    'an argument reads items': shown.some(({ uses, coordinate, mask }) => {
      const item = itemOf(world, coordinate);
      return uses.length > (item?.requires.length ?? 0) + (mask ? 0 : 1);
    }),
    'an argument is refused': refused.some(({ use }) => use !== 'OUTPUT'),
    'an item is computed from others': items.some(({ requires }) => requires.length > 0),
    'what an item is computed from is refused': refused.some(
      ({ path, coordinate, use, moved }) =>
        use === 'OUTPUT' && !moved && requiredBy(world, coordinate) && !selects(selections, path, coordinate),
    ),
    'an interface or a union is shown': items.some(({ output }) => world.abstracts.has(output)),
    'several subgraphs are asked': new Set(compared.fetched).size > 1,
    'a subgraph is asked for references':
      compared.fetched.length >
      new Set(items.filter(({ type }) => type === 'Query').map(({ subgraph }) => subgraph)).size,
    'a type refers to itself': items.some(({ type, output }) => type === output),
    'variables are given': Object.keys(variables).length > 0,
    'a variable is absent': names.some((name) => !(name in variables)),
    'a variable is null': Object.values(variables).includes(null),
    'a variable has a default': definitions.includes('='),
    'selections are skipped or included': /@(?:skip|include)/u.test(query),
    'named fragments': /^fragment/mu.test(query),
    'inline fragments': /\.\.\. (?:on|@|\{)/u.test(query),
    aliases: /[{ ](?!\$)\w+: \w+[ ({]/u.test(selections),
    'one field under several keys': new Set(shown.map(pathOf)).size < shown.length,
    'a purpose is missing': caller.purpose === undefined,
    'grants of others, over, to come or by nobody who may': grants.some(
      (grant) =>
        grant.department !== caller.department ||
        grant.application !== caller.application ||
        grant.purpose !== caller.purpose ||
        grant.validFrom > at ||
        grant.validUntil <= at ||
        grant.items.some(({ coordinate }) => itemOf(world, coordinate)?.subgraph.owner !== grant.owner),
    ),
    'nothing is answered': nothing,
    'a mask is stricter beside another item': shown.some(({ mask }) => mask === 'RESIDENT_REGION'),
    'the grants are stale': asked.stale,
    NO_GRANT: refused.some(({ reason }) => reason === 'NO_GRANT'),
    NOT_CLASSIFIED: refused.some(({ reason }) => reason === 'NOT_CLASSIFIED'),
    WITHHELD: refused.some(({ reason }) => reason === 'WITHHELD'),
    NO_PURPOSE: refused.some(({ reason }) => reason === 'NO_PURPOSE'),
    POLICY_STALE: refused.some(({ reason }) => reason === 'POLICY_STALE'),
    'LOOKUP is refused': refused.some(({ use }) => use === 'LOOKUP'),
    'FILTER is refused': refused.some(({ use }) => use === 'FILTER'),
    'VERIFY is refused': refused.some(({ use }) => use === 'VERIFY'),
  };
  return (Object.keys(met) as Feature[]).filter((feature) => met[feature]);
}

function requiredBy(world: World, coordinate: string): boolean {
  const [type = '', name = ''] = coordinate.split('.');
  return world.types.get(type)?.items.some(({ requires }) => requires.includes(name)) === true;
}

/** Whether the last key of a path may stand for the item itself rather than for what is computed from it. */
function selects(query: string, path: readonly string[], coordinate: string): boolean {
  const key = path.at(-1) ?? '';
  const name = coordinate.split('.')[1] ?? '';
  return key === name || new RegExp(`\\b${key}: ${name}\\b`, 'u').test(query);
}

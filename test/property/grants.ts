import fc from 'fast-check';
import type { Use, World } from './world.ts';
import { weighted } from './weighted.ts';

/** Who asks. */
export interface Asker {
  readonly department: string;
  readonly application: string;
  readonly purpose?: string | undefined;
}

/** A grant as it is recorded, whoever made it and whether or not it counts. */
export interface Granted {
  readonly department: string;
  readonly application: string;
  readonly purpose: string;
  readonly id: string;
  readonly owner: string;
  readonly basis: string;
  readonly items: readonly { readonly coordinate: string; readonly uses: readonly Use[] }[];
  readonly divisions: readonly string[];
  readonly validFrom: number;
  readonly validUntil: number;
}

export interface GrantRecipe {
  /** Whose items; beyond the departments, somebody who owns none of them. */
  readonly owner: number;
  readonly byOwner: boolean;
  readonly except: readonly number[];
  readonly only: readonly number[] | null;
  readonly uses: number;
  readonly divisions: readonly number[];
  readonly holder: 'CALLER' | 'OTHER_APPLICATION' | 'OTHER_PURPOSE' | 'OTHER_DEPARTMENT';
  readonly term: 'IN_FORCE' | 'EXPIRED' | 'NOT_BEGUN';
}

export const grantRecipe: fc.Arbitrary<GrantRecipe> = fc.record<GrantRecipe>({
  owner: fc.nat(2),
  byOwner: weighted([92, true], [8, false]),
  except: fc.array(fc.nat(99), { maxLength: 4, size: 'max' }),
  only: fc.option(fc.array(fc.nat(99), { minLength: 1, maxLength: 6, size: 'max' }), { freq: 1 }),
  uses: fc.nat(6),
  divisions: fc.array(fc.nat(11), { maxLength: 3, size: 'max' }),
  holder: weighted<GrantRecipe['holder']>(
    [85, 'CALLER'],
    [5, 'OTHER_APPLICATION'],
    [5, 'OTHER_PURPOSE'],
    [5, 'OTHER_DEPARTMENT'],
  ),
  term: weighted<GrantRecipe['term']>([84, 'IN_FORCE'], [8, 'EXPIRED'], [8, 'NOT_BEGUN']),
});

/** Departments `d0` to `d2` keep subgraphs; `c0` keeps none. */
export const asker: fc.Arbitrary<Asker> = fc.record<Asker>({
  department: weighted([70, 'c0'], [10, 'd0'], [10, 'd1'], [10, 'd2']),
  application: fc.constantFrom('relief', 'inspection'),
  purpose: weighted<string | undefined>([60, 'low-income-check'], [28, 'census'], [12, undefined]),
});

const USES: readonly (readonly Use[])[] = [
  ['OUTPUT', 'LOOKUP', 'VERIFY', 'FILTER'],
  ['OUTPUT', 'LOOKUP', 'VERIFY', 'FILTER'],
  ['OUTPUT', 'LOOKUP', 'VERIFY', 'FILTER'],
  ['OUTPUT', 'FILTER'],
  ['OUTPUT'],
  ['LOOKUP', 'FILTER'],
  ['VERIFY'],
];
/** A county, the prefecture of most rows, its province, all; and codes that are no more. */
const DIVISIONS = [
  '*',
  '532300',
  '532301',
  '532302',
  '532322',
  '532331',
  '530000',
  '110101',
  '532300',
  '*',
  '532301',
  '*',
];

const HOUR = 3_600_000;

/** @param at milliseconds since 1970, about which grants are in force, over or to come. */
export function writeGrants(
  world: World,
  recipes: readonly GrantRecipe[],
  { caller, at }: { caller: Asker; at: number },
): Granted[] {
  const items = [...world.types.values()].flatMap((type) => type.items);
  return recipes.map((recipe, index): Granted => {
    const owner = `d${recipe.owner}`;
    const owned = items.filter((item) => item.subgraph.owner === owner).map(({ coordinate }) => coordinate);
    const named = (picks: readonly number[]): Set<string> =>
      new Set(picks.flatMap((pick) => owned[pick % Math.max(1, owned.length)] ?? []));
    const except = named(recipe.except);
    const only = recipe.only && named(recipe.only);
    const divisions = [...new Set(recipe.divisions.flatMap((pick) => DIVISIONS[pick] ?? []))];
    const covered = owned.filter((coordinate) => only?.has(coordinate) ?? !except.has(coordinate));
    const uses = USES[recipe.uses] ?? [];
    const { holder, term } = recipe;
    return {
      id: `G${index}`,
      owner: recipe.byOwner ? owner : `d${(recipe.owner + 1) % 3}`,
      department: holder === 'OTHER_DEPARTMENT' ? 'c1' : caller.department,
      application: holder === 'OTHER_APPLICATION' ? 'archive-search' : caller.application,
      purpose: holder === 'OTHER_PURPOSE' ? 'statistics' : (caller.purpose ?? 'low-income-check'),
      basis: 'test',
      items: covered.map((coordinate) => ({ coordinate, uses })),
      divisions,
      validFrom: term === 'NOT_BEGUN' ? at + HOUR : 0,
      validUntil: term === 'EXPIRED' ? at - HOUR : at + 24 * HOUR,
    };
  });
}

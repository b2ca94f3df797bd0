import { expect, it } from 'vitest';
import type { ItemPolicy, PolicyTable } from '../../schema/policy-table.ts';
import { freeing, weakHub, withoutReads, withoutRequires } from '../attacks/support.ts';
import { disagreement, GENEROUS, openHub, type OpenHub } from './run.ts';
import { smallSubgraphs } from './resolvers.ts';

/*
 * The property must be able to fail: of a hub with one protection switched off it finds a case that shows it, and shrinks it.
 */

const coordinates = ({ items }: PolicyTable, which: (item: ItemPolicy) => boolean): string[] =>
  [...items.values()].filter(which).map(({ coordinate }) => coordinate);

const weakened =
  (table: (table: PolicyTable) => PolicyTable): OpenHub =>
  (subgraphs) =>
    weakHub({ ...GENEROUS, subgraphs }, { table });

const WEAK: Readonly<Record<string, OpenHub>> = {
  'conditional items are free': weakened((table) =>
    freeing(...coordinates(table, (item) => item.class === 'CONDITIONAL'))(table),
  ),
  'withheld items are free': weakened((table) =>
    freeing(...coordinates(table, (item) => item.class === 'WITHHELD'))(table),
  ),
  'arguments read nothing': weakened(withoutReads),
  'nothing is computed from anything': weakened((table) =>
    withoutRequires(...coordinates(table, ({ requires }) => requires.length > 0))(table),
  ),
  'rows that no subgraph confirmed are shown': weakened((table) => ({ ...table, scopedBy: new Map() })),
  'a subgraph forgets the divisions of its context': (_, world) => {
    const types = new Map([...world.types].map(([name, type]) => [name, { ...type, scoped: false }]));
    const forgetful = smallSubgraphs({ ...world, types });
    const subgraphs = smallSubgraphs(world).map((each, index) => ({
      ...each,
      resolvers: withProbes(each.resolvers, forgetful[index]?.resolvers ?? {}),
    }));
    return openHub(subgraphs, world);
  },
};

/** The forgetful resolvers, which confirm every row that is asked for. */
function withProbes(honest: Readonly<Record<string, object>>, forgetful: Readonly<Record<string, object>>) {
  return Object.fromEntries(
    Object.entries(forgetful).map(([type, resolvers]) => {
      const inScope = 'inScope' in (honest[type] ?? {}) ? { inScope: () => true } : {};
      return [type, { ...resolvers, ...inScope }];
    }),
  );
}

it.each(Object.entries(WEAK))('finds a case where %s', async (_, open) => {
  const found = await disagreement({ worlds: 60, seed: 7, open, shrinkMs: 1 });
  expect(found).toContain('The hub and the reference disagree on');
});

it('shows a case made smaller, with all that it takes to read it', async () => {
  const open = WEAK['withheld items are free'] ?? openHub;
  const found = (await disagreement({ worlds: 60, seed: 7, open, shrinkMs: 15_000 })) ?? '';
  expect(found).toMatch(
    /^--- s0 of d\d$[^]*^--- query$[^]*^--- variables [^]*^--- caller [^]*^--- rows of [^]*^--- actual /mu,
  );
  expect(found).toMatch(/^--- seed 7, world \d+, shrunk [1-9]\d* times$/mu);
});

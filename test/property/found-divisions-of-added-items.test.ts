import { expect, it } from 'vitest';
import type { SubgraphContext } from '../../lib/subgraph-definition.ts';
import { smallHub } from '../support/small-hub.ts';

/*
 * Found by hub-equals-reference. The pension office adds an item to persons, whom the police keep by county, and grants it for
 * one county. It knows no counties itself: the limit must narrow the rows of the police, or it is shown of every county.
 */
const ROWS: Readonly<Record<string, { division: string; name: string; pension: number }>> = {
  p1: { division: '532301', name: '张三', pension: 1_800 },
  p2: { division: '532322', name: '李四', pension: 2_400 },
};
const inScope = (ref: string, { signed }: SubgraphContext): boolean =>
  signed.divisions.includes('*') || signed.divisions.includes(ROWS[ref]?.division ?? '');

const police = {
  name: 'population',
  owner: 'public-security',
  sdl: `
    type Query { people: [Person] @sharing(class: UNCONDITIONAL) }
    type Person @key(fields: "ref") @scopedBy(division: "division") {
      ref: ID! @inaccessible
      inScope: Boolean @inaccessible
      division: String @sharing(class: UNCONDITIONAL)
      name: String @sharing(class: UNCONDITIONAL)
    }`,
  resolvers: {
    Query: {
      people: (_: unknown, _args: unknown, context: SubgraphContext) =>
        Object.keys(ROWS)
          .filter((ref) => inScope(ref, context))
          .map((ref) => ({ ref })),
    },
    Person: {
      __resolveReference: ({ ref }: { ref: string }, context: SubgraphContext) =>
        inScope(ref, context) ? { ref } : null,
      inScope: () => true,
      division: ({ ref }: { ref: string }) => ROWS[ref]?.division,
      name: ({ ref }: { ref: string }) => ROWS[ref]?.name,
    },
  },
};
const pensions = {
  name: 'pensions',
  owner: 'social-security',
  sdl: `
    type Query { office: String @sharing(class: UNCONDITIONAL) }
    type Person @key(fields: "ref") { ref: ID! @inaccessible pension: Int @sharing(class: CONDITIONAL) }`,
  resolvers: { Person: { pension: ({ ref }: { ref: string }) => ROWS[ref]?.pension } },
};

it('shows what a department adds to a row in the granted divisions only', async () => {
  const hub = await smallHub({
    subgraphs: [police, pensions],
    grants: [{ divisions: ['532301'], items: [{ coordinate: 'Person.pension', uses: ['OUTPUT'] }] }],
  });
  const { data } = await hub.ask('{ people { name pension } }');
  await hub.close();
  expect(data).toEqual({ people: [{ name: '张三', pension: 1_800 }] });
});

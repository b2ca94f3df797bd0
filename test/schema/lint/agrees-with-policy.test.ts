import { describe, expect, it } from 'vitest';
import { HubError } from '../../../lib/errors.ts';
import { lint } from '../../../schema/lint/lint.ts';
import type { SubgraphSource } from '../../../schema/policy-table.ts';
import { readPolicy } from '../../../schema/read-policy.ts';

/*
 * The hub refuses to read a policy by throwing, lint says it by findings: whatever the one refuses the other must find, and what
 * lint calls a conflict of two subgraphs must be one. Every way to classify one field in two subgraphs, of one owner or of two.
 */
const OF_TYPES = ['', '@sharing(class: UNCONDITIONAL)', '@sharing(class: CONDITIONAL, mask: TAIL)'];
const OF_FIELDS = [
  '',
  '@sharing(class: UNCONDITIONAL)',
  '@sharing(class: CONDITIONAL)',
  '@sharing(class: CONDITIONAL, mask: TAIL)',
  '@sharing(class: WITHHELD, basis: "law")',
  '@external @sharing(class: UNCONDITIONAL)',
];
const KEYS = ['id', 'x'];

const ways = KEYS.flatMap((key) =>
  OF_TYPES.flatMap((ofType) =>
    OF_FIELDS.map(
      (ofField) => `"A row." type P @key(fields: "${key}") ${ofType} {
        "Its number." id: ID @sharing(class: UNCONDITIONAL)
        "What it is." x: String ${ofField}
      }`,
    ),
  ),
);

function refusalOf(sources: readonly SubgraphSource[]): string | undefined {
  try {
    readPolicy(sources);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof HubError) return thrown.message;
    throw thrown;
  }
}

describe('two subgraphs that have one field', () => {
  it.each([
    ['one department', 'o'],
    ['two departments', 'p'],
  ])('of %s are in conflict for lint where they are for the hub', (_, owner) => {
    const counted = { conflicts: 0, others: 0 };
    for (const one of ways)
      for (const other of ways) {
        const sources = [
          { name: 'a', owner: 'o', sdl: one },
          { name: 'b', owner, sdl: other },
        ];
        const refusal = refusalOf(sources);
        const conflicts = lint(sources).filter(({ rule }) => rule === 'unequal-classes');
        expect(conflicts.length > 0, `${refusal ?? 'not refused'}\n${one}\n${other}`).toBe(refusal !== undefined);
        counted[refusal === undefined ? 'others' : 'conflicts'] += 1;
      }
    expect(Math.min(counted.conflicts, counted.others)).toBeGreaterThan(200);
  });
});

import { z } from 'zod';
import { HubError, messageOf } from '../lib/errors.ts';
import type { PolicyTable } from './policy-table.ts';

/** Changed when a reader of the old form would misread the new one. */
const FORMAT = 'shuniu-policy/1';

const name = z.string().regex(/^[_A-Za-z]\w*$/, 'must be a GraphQL name');
const coordinate = z
  .string()
  .regex(/^[_A-Za-z]\w*\.[_A-Za-z]\w*(\([_A-Za-z]\w*:\))?$/, 'must be a coordinate such as Person.name');
const said = z.string().min(1);

// Strict: a misspelt member, such as a mask, must not quietly weaken the policy.
const item = z
  .strictObject({
    coordinate,
    subgraph: said,
    owner: said,
    class: z.enum(['UNCONDITIONAL', 'CONDITIONAL', 'WITHHELD']).optional(),
    basis: z.string().optional(),
    mask: z.enum(['RESIDENT_NUMBER', 'NAME', 'PHONE', 'ADDRESS', 'YEAR', 'AMOUNT', 'GRID', 'TAIL']).optional(),
    personal: z.boolean(),
    requires: z.array(coordinate),
    actors: z.array(said).optional(),
  })
  .refine((read) => read.class !== 'WITHHELD' || read.basis, { path: ['basis'], message: 'must name the law' });

const resource = z.strictObject({
  type: name,
  subgraph: said,
  code: said,
  title: said,
  updateCycle: z.enum(['REAL_TIME', 'DAILY', 'WEEKLY', 'MONTHLY', 'QUARTERLY', 'YEARLY', 'AS_NEEDED']),
});

const table = z.strictObject({
  format: z.literal(FORMAT),
  items: z.array(item),
  reads: z.record(
    coordinate,
    z.strictObject({ items: z.array(coordinate), use: z.enum(['FILTER', 'LOOKUP', 'VERIFY']) }),
  ),
  resources: z.array(resource),
  scopedBy: z.record(name, name),
  subjects: z.record(name, name),
});

/** A policy table as JSON text, sorted, so that two tables that say the same read the same. */
export function policyToJson({ items, reads, resources, scopedBy, subjects }: PolicyTable): string {
  const written: z.input<typeof table> = {
    format: FORMAT,
    items: sorted(items).map(([, { requires, actors, ...rest }]) => ({
      ...rest,
      requires: [...requires],
      ...(actors && { actors: [...actors] }),
    })),
    reads: Object.fromEntries(sorted(reads).map(([at, read]) => [at, { ...read, items: [...read.items] }])),
    resources: sorted(resources).map(([, each]) => each),
    scopedBy: Object.fromEntries(sorted(scopedBy)),
    subjects: Object.fromEntries(sorted(subjects)),
  };
  return `${JSON.stringify(written, null, 2)}\n`;
}

/**
 * Reads what `policyToJson` wrote.
 * @throws HubError BAD_POLICY naming each member that cannot be used; a coordinate that is listed twice is refused, as one of
 *   two policies would win silently.
 */
export function policyFromJson(text: string): PolicyTable {
  const parsed = table.safeParse(parsedJson(text));
  if (!parsed.success)
    throw refused(parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}.`));
  const { items, reads, resources, scopedBy, subjects } = parsed.data;
  return {
    items: unique(items, (each) => each.coordinate),
    reads: new Map(Object.entries(reads)),
    resources: unique(resources, (each) => each.type),
    scopedBy: new Map(Object.entries(scopedBy)),
    subjects: new Map(Object.entries(subjects)),
  };
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw refused([`not JSON (${messageOf(thrown)}).`]);
  }
}

function unique<T>(list: readonly T[], keyOf: (each: T) => string): ReadonlyMap<string, T> {
  const found = new Map(list.map((each) => [keyOf(each), each]));
  if (found.size === list.length) return found;
  const keys = list.map(keyOf);
  throw refused(keys.filter((key, index) => keys.indexOf(key) < index).map((key) => `${key}: listed twice.`));
}

function sorted<T>(map: ReadonlyMap<string, T>): [string, T][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}

function refused(problems: readonly string[]): HubError {
  return new HubError(
    'BAD_POLICY',
    `The policy table cannot be used:\n${problems.map((each) => `- ${each}`).join('\n')}`,
  );
}

import { z } from 'zod';
import { HubError, messageOf } from '../lib/errors.ts';

const CLASSES = ['UNCONDITIONAL', 'CONDITIONAL', 'WITHHELD'] as const;
const MASKS = ['RESIDENT_NUMBER', 'NAME', 'PHONE', 'ADDRESS', 'YEAR', 'AMOUNT', 'GRID', 'TAIL'] as const;
const USES = ['FILTER', 'LOOKUP', 'VERIFY'] as const;
const CYCLES = ['REAL_TIME', 'DAILY', 'WEEKLY', 'MONTHLY', 'QUARTERLY', 'YEARLY', 'AS_NEEDED'] as const;

type Issue = { readonly input?: unknown };

function oneOf<const Words extends readonly string[]>(words: Words) {
  const list = words.join(', ');
  const error = ({ input }: Issue) =>
    input === undefined
      ? `is missing. Write one of ${list}`
      : `${JSON.stringify(input)} is none of ${list}. Use one of these`;
  return z.enum(words, { error });
}

function said(what: string, form = /./) {
  const error = ({ input }: Issue) =>
    input === undefined ? `is missing. Write ${what} in quotes` : `${JSON.stringify(input)} is not ${what}. Correct it`;
  return z.string({ error }).regex(form, { error });
}

const yes = z.literal(true, {
  error: ({ input }) => `${JSON.stringify(input)} cannot be used. Write true, or leave it out`,
});
const field = said('a coordinate such as Account.phone', /^[_A-Za-z]\w*\.[_A-Za-z]\w*$/);

// Strict: a misspelt member, such as a mask, must not quietly weaken the policy.
const item = z
  .strictObject({
    class: oneOf(CLASSES),
    basis: said('the name of a law').optional(),
    mask: oneOf(MASKS).optional(),
    personal: yes.optional(),
    actors: z.array(said('a role')).min(1, { error: '[] names no role. Name those who may call it' }).optional(),
  })
  .refine((read) => read.class !== 'WITHHELD' || read.basis !== undefined, {
    path: ['basis'],
    error: 'is missing, and the class is WITHHELD. Name the law that withholds it',
  });

const type = z.strictObject({
  resource: z
    .strictObject({
      code: said('a code of the catalogue such as 307003/000001', /^\d{6}\/\d{6}$/),
      title: said('a title'),
      updateCycle: oneOf(CYCLES),
    })
    .optional(),
  scopedBy: said('the name of a field').optional(),
  personal: yes.optional(),
});

const slot = z.strictObject({ items: z.array(field), use: oneOf(USES).optional() });

const sidecar = z.strictObject({
  coordinates: z.record(z.string(), z.unknown()).default({}),
  types: z.record(z.string(), z.unknown()).default({}),
  arguments: z.record(z.string(), z.unknown()).default({}),
});

type Entries<Entry> = readonly (readonly [at: string, entry: Entry])[];

/** A classification file, entry by entry in its order. */
export interface Sidecar {
  readonly coordinates: Entries<z.infer<typeof item>>;
  readonly types: Entries<z.infer<typeof type>>;
  readonly arguments: Entries<z.infer<typeof slot>>;
}

/**
 * Reads a classification file.
 * @returns the entries that can be used, and a sentence for each that cannot.
 * @throws HubError BAD_SIDECAR where the text is no such file at all.
 */
export function readSidecar(text: string): { readonly entries: Sidecar; readonly problems: string[] } {
  const whole = sidecar.safeParse(json(text));
  if (!whole.success)
    throw bad(
      `${whole.error.issues.map(({ path, message }) => [...path, message].join(': ')).join('; ')}. Give an object with coordinates, types and arguments.`,
    );
  const problems = repeatedKeys(text).map((key) => `${key}: stands there twice, and only one can count. Take one out.`);
  const entries: Sidecar = {
    coordinates: readEntries(whole.data.coordinates, item, problems),
    types: readEntries(whole.data.types, type, problems),
    arguments: readEntries(whole.data.arguments, slot, problems),
  };
  return { entries, problems };
}

function readEntries<Entry>(
  values: Readonly<Record<string, unknown>>,
  form: z.ZodType<Entry>,
  problems: string[],
): Entries<Entry> {
  const entries: (readonly [string, Entry])[] = [];
  for (const [at, value] of Object.entries(values)) {
    const read = form.safeParse(value);
    if (read.success) entries.push([at, read.data]);
    else for (const issue of read.error.issues) problems.push(sentence(at, issue));
  }
  return entries;
}

function sentence(at: string, issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys')
    return `${at}: there is no member ${issue.keys.map((key) => JSON.stringify(key)).join(', ')}. Correct the name, or take it out.`;
  return `${[at, issue.path.join('.')].filter((part) => part !== '').join(': ')} ${issue.message}.`;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw bad(`It is not JSON: ${messageOf(thrown)}. Correct it there.`);
  }
}

/** Of two members with one name JSON keeps the last: a class would be lost without a word. */
function repeatedKeys(text: string): string[] {
  const repeated: string[] = [];
  const open: (Set<string> | undefined)[] = [];
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\]:]/g) ?? [];
  for (const [index, token] of tokens.entries()) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(undefined);
    else if (token === '}' || token === ']') open.pop();
    else if (tokens[index + 1] === ':') {
      const key = JSON.parse(token) as string;
      const keys = open.at(-1);
      if (keys?.has(key)) repeated.push(key);
      keys?.add(key);
    }
  }
  return repeated;
}

function bad(problem: string): HubError {
  return new HubError('BAD_SIDECAR', `The classification cannot be used: ${problem}`);
}

import { z } from 'zod';
import { print, printTable } from '../command-line.ts';

/** What the endpoint says of a check or an attempt to publish, and how it is printed. */

export const CHECK_FIELDS = `outcome
  findings { rule severity coordinate line problem fix }
  problems { message places { subgraph line column } }
  changes { level path message }
  rights { coordinate owner what before after loosens }
  gains { who coordinate before after }
  impacts { change coordinate consumers { department application calls } grants }`;

const right = z.object({
  coordinate: z.string(),
  owner: z.string(),
  what: z.string(),
  before: z.string(),
  after: z.string(),
  loosens: z.boolean(),
});
const gain = z.object({ who: z.string(), coordinate: z.string(), before: z.string(), after: z.string() });

export const check = z.object({
  outcome: z.string(),
  findings: z.array(
    z.object({
      rule: z.string(),
      severity: z.string(),
      coordinate: z.string(),
      line: z.number().nullable(),
      problem: z.string(),
      fix: z.string(),
    }),
  ),
  problems: z.array(
    z.object({
      message: z.string(),
      places: z.array(z.object({ subgraph: z.string(), line: z.number(), column: z.number() })),
    }),
  ),
  changes: z.array(z.object({ level: z.string(), path: z.string(), message: z.string() })),
  rights: z.array(right),
  gains: z.array(gain),
  impacts: z.array(
    z.object({
      change: z.string(),
      coordinate: z.string(),
      consumers: z.array(z.object({ department: z.string(), application: z.string(), calls: z.number() })),
      grants: z.array(z.string()),
    }),
  ),
});
export type Check = z.infer<typeof check>;

export const PROPOSAL_FIELDS = `id state subgraph restores transferTo department officer message at after
  rights { coordinate owner what before after loosens } gains { who coordinate before after }
  owners approvedBy decidedBy decidedAt reason release`;

export const proposal = z.object({
  id: z.string(),
  state: z.string(),
  subgraph: z.string().nullable(),
  restores: z.number().nullable(),
  transferTo: z.string().nullable(),
  department: z.string(),
  officer: z.string(),
  message: z.string(),
  at: z.string(),
  after: z.number(),
  rights: z.array(right),
  gains: z.array(gain),
  owners: z.array(z.string()),
  approvedBy: z.array(z.string()),
  decidedBy: z.string().nullable(),
  decidedAt: z.string().nullable(),
  reason: z.string().nullable(),
  release: z.number().nullable(),
});
export type Proposal = z.infer<typeof proposal>;

export const PUBLICATION_FIELDS = `outcome release { number digest } proposal { ${PROPOSAL_FIELDS} } check { ${CHECK_FIELDS} }`;

export const publication = z.object({
  outcome: z.enum(['RELEASED', 'UNCHANGED', 'PROPOSED', 'BREAKING', 'REFUSED']),
  release: z.object({ number: z.number(), digest: z.string() }).nullable(),
  proposal: proposal.nullable(),
  check: check.nullable(),
});
export type Publication = z.infer<typeof publication>;

/** @param file the schema that was checked, as its owner named it. */
export function printCheck({ findings, problems, changes, rights, gains, impacts }: Check, file: string): void {
  for (const { message, places } of problems) {
    print(`error: ${message}`);
    for (const { subgraph, line, column } of places) print(`  at ${subgraph}:${line}:${column}`);
  }
  for (const { rule, severity, coordinate, line, problem, fix } of findings)
    print(`${severity.toLowerCase()}: ${file}:${line ?? 1} ${coordinate}: ${problem} ${fix} (${rule})`);
  const shown = changes.filter(({ level }) => level !== 'SAFE');
  for (const { level, message } of shown) print(`${level.toLowerCase()}: ${message}`);
  if (changes.length > shown.length) print(`${changes.length - shown.length} changes that break nothing`);
  if (rights.length > 0) {
    print('\nRights');
    printTable(
      ['item', 'what', 'before', 'after', 'loosens'],
      rights.map((each) => [each.coordinate, each.what, each.before, each.after, each.loosens ? 'yes' : 'no']),
    );
  }
  printGains(gains);
  if (impacts.length > 0) {
    print('\nWhat would stop working');
    printTable(
      ['change', 'for', 'calls', 'grants'],
      impacts.map(({ change, consumers, grants }) => [
        change,
        consumers.map(({ department, application }) => `${department}/${application}`).join(' ') || undefined,
        consumers.reduce((sum, { calls }) => sum + calls, 0),
        grants.join(' ') || undefined,
      ]),
    );
  }
}

export function printGains(gains: Check['gains']): void {
  if (gains.length === 0) return;
  print('\nWho would newly see what');
  printTable(
    ['who', 'item', 'before', 'after'],
    gains.map(({ who, coordinate, before, after }) => [who, coordinate, before, after]),
  );
}

/** Says what became of it; anything but a release makes the exit status 1, a proposal 0. */
export function printPublication(
  { outcome, release, proposal: made, check: checked }: Publication,
  file: string,
): void {
  if (checked) printCheck(checked, file);
  switch (outcome) {
    case 'RELEASED':
      print(`Release ${release?.number ?? ''} is in force.`);
      break;
    case 'UNCHANGED':
      print(`Nothing is new: release ${release?.number ?? ''} stays in force.`);
      break;
    case 'PROPOSED':
      print(
        `Proposal ${made?.id ?? ''}: somebody would see more by it, so another officer of ${made?.owners.join(' and of ') ?? ''} has to approve: hub proposal approve ${made?.id ?? ''}`,
      );
      break;
    case 'BREAKING':
      print(
        'Not published: somebody uses what it changes. Change it, or say why by --allow-breaking <reason>; they are told.',
      );
      break;
    case 'REFUSED':
      print('Not published: mend the errors above.');
  }
  if (outcome === 'BREAKING' || outcome === 'REFUSED') process.exitCode = 1;
}

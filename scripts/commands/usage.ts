import { Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { print, printJson, printTable, withExamples } from '../command-line.ts';
import { count, endpoint, type EndpointOptions, moment, withEndpointOptions } from './request-endpoint.ts';

const who = z.object({ department: z.string(), application: z.string(), purpose: z.string().nullable() });
const asked = who.extend({ calls: z.number() });
const shown = asked.extend({ masked: z.number(), refused: z.number() });
const item = z.object({ coordinate: z.string(), class: z.string(), deprecated: z.string().nullable() });
const used = item.extend({
  calls: z.number(),
  masked: z.number(),
  refused: z.number(),
  refusals: z.array(z.object({ reason: z.string(), calls: z.number() })),
  consumers: z.array(shown),
});
const usage = z.object({
  subgraph: z.string(),
  owner: z.string(),
  release: z.number(),
  since: z.string(),
  until: z.string(),
  calls: z.number(),
  consumers: z.array(shown.extend({ rows: z.number(), last: z.string() })),
  items: z.array(used),
  unused: z.array(item),
  operations: z.array(
    z.object({
      hash: z.string(),
      name: z.string().nullable(),
      text: z.string(),
      calls: z.number(),
      meanMs: z.number(),
      maxMs: z.number(),
      consumers: z.array(asked),
    }),
  ),
});
type Usage = z.infer<typeof usage>;
type Used = z.infer<typeof used>;

const WHO = 'department application purpose calls';
const ITEM = 'coordinate class deprecated';
const FIELDS = `subgraph owner release since until calls
  consumers { ${WHO} masked refused rows last }
  items { ${ITEM} calls masked refused refusals { reason calls } consumers { ${WHO} masked refused } }
  unused { ${ITEM} }
  operations { hash name text calls meanMs maxMs consumers { ${WHO} } }`;

interface UsageOptions extends EndpointOptions {
  readonly since: string;
  readonly top: number;
}

/** `hub usage`: who uses a subgraph, and what of it. */
export function usageCommand(): Command {
  const command = withEndpointOptions(new Command('usage'))
    .description('who uses a subgraph of your department and what for: items, rows, refusals, slow operations')
    .argument('<subgraph>', 'its name')
    .option('--since <time>', 'how far back, such as 7d or 12h, or a day such as 2027-06-30', past, past('7d'))
    .option('--top <number>', 'lines of each table; JSON has all', count, 20)
    .action(showUsage);
  return withExamples(
    command,
    'hub usage population',
    'hub usage population --since 30d --top 100',
    'hub usage population --since 2027-06-01 --json',
  );
}

async function showUsage(subgraph: string, options: UsageOptions): Promise<void> {
  const { ask } = await endpoint(options);
  const answer = await ask(
    `query ($subgraph: String!, $since: DateTime!) { usage(subgraph: $subgraph, since: $since) { ${FIELDS} } }`,
    { subgraph, since: options.since },
    z.object({ usage }),
  );
  if (options.json) printJson(answer.usage);
  else printUsage(answer.usage, options.top);
}

const HOUR_MS = 3_600_000;

/** A moment: so many days or hours ago, or as it is given. */
function past(value: string): string {
  const [, number, unit] = /^(\d{1,4})([dh])$/.exec(value) ?? [];
  if (number === undefined) return momentOrAgo(value);
  const hours = Number(number) * (unit === 'd' ? 24 : 1);
  if (hours === 0) throw new InvalidArgumentError('Give a time that is past, such as 7d or 12h.');
  return new Date(Date.now() - hours * HOUR_MS).toISOString();
}

function momentOrAgo(value: string): string {
  try {
    return moment(value);
  } catch {
    // What else can be given is known here alone.
    throw new InvalidArgumentError('Give 7d, 12h, a day such as 2027-06-30, or a moment such as 2027-06-30T08:00:00Z.');
  }
}

function printUsage({ consumers, items, unused, operations, ...of }: Usage, top: number): void {
  print(`${of.subgraph} of ${of.owner}, ${of.since.slice(0, 16)} to ${of.until.slice(0, 16)} UTC: ${of.calls} calls`);
  section('Who asked', consumers, {
    top,
    columns: ['department', 'application', 'purpose', 'calls', 'rows', 'masked', 'refused', 'last'],
    row: (each) => [
      ...[each.department, each.application, each.purpose ?? undefined, each.calls, each.rows],
      ...[each.masked, each.refused, each.last.slice(0, 16)],
    ],
  });
  section('What they asked for', items, {
    top,
    columns: ['item', 'class', 'calls', 'masked', 'refused', 'by'],
    row: (each) => [each.coordinate, each.class, each.calls, each.masked, each.refused, names(each.consumers)],
  });
  const hindered = items.filter(({ masked, refused }) => masked + refused > 0).sort(mostHindered);
  section('Masked or refused most: a grant would help', hindered, {
    top,
    columns: ['item', 'masked', 'refused', 'why', 'whom'],
    row: (each) => [
      ...[each.coordinate, each.masked, each.refused, reasons(each)],
      names(each.consumers.filter(({ masked, refused }) => masked + refused > 0)),
    ],
  });
  section(
    'Deprecated and still used',
    items.filter(({ deprecated }) => deprecated !== null),
    {
      top,
      columns: ['item', 'calls', 'by', 'instead'],
      row: (each) => [each.coordinate, each.calls, names(each.consumers), each.deprecated ?? undefined],
    },
  );
  section('Slowest operations', operations, {
    top,
    columns: ['mean ms', 'max ms', 'calls', 'by', 'operation'],
    row: (each) => [each.meanMs, each.maxMs, each.calls, names(each.consumers), inOneLine(each.text)],
  });
  section('Asked for by nobody', unused, {
    top,
    columns: ['item', 'class'],
    row: (each) => [each.coordinate, each.class],
  });
}

function section<Line>(
  title: string,
  lines: readonly Line[],
  table: {
    readonly top: number;
    readonly columns: readonly string[];
    readonly row: (line: Line) => readonly (string | number | undefined)[];
  },
): void {
  if (lines.length === 0) return;
  print(`\n${title}`);
  printTable(table.columns, lines.slice(0, table.top).map(table.row));
  const more = lines.length - table.top;
  if (more > 0) print(`… and ${more} more: --top ${lines.length}`);
}

/** Names that fit a line. */
const MOST_NAMES = 3;

function names(consumers: readonly z.infer<typeof who>[]): string {
  const all = [...new Set(consumers.map(({ department, application }) => `${department}/${application}`))];
  const more = all.length - MOST_NAMES;
  return all.slice(0, MOST_NAMES).join(' ') + (more > 0 ? ` and ${more} more` : '');
}

function reasons({ refusals }: Used): string {
  return refusals.length > 0 ? refusals.map(({ reason, calls }) => `${reason} ${calls}`).join(', ') : 'no grant';
}

function mostHindered(one: Used, other: Used): number {
  return other.masked + other.refused - one.masked - one.refused;
}

const LONGEST_LINE = 100;

function inOneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line;
}

import type { Answered, Visit } from './visit.ts';

/** What was used of a subgraph since a moment, as the endpoint counts it from the record. */
export interface Usage {
  readonly subgraph: string;
  readonly owner: string;
  readonly calls: number;
  readonly consumers: readonly {
    readonly department: string;
    readonly application: string;
    readonly purpose: string | null;
    readonly calls: number;
    readonly masked: number;
    readonly refused: number;
    readonly rows: number;
    readonly last: string;
  }[];
  readonly items: readonly {
    readonly coordinate: string;
    readonly calls: number;
    readonly masked: number;
    readonly refused: number;
    readonly refusals: readonly { readonly reason: string; readonly calls: number }[];
  }[];
  readonly unused: readonly { readonly coordinate: string }[];
}

/** Days that are looked back, as `hub usage` does. */
export const USAGE_DAYS = 35;
const DAY_MS = 86_400_000;

const FIELDS = `subgraph owner calls
  consumers { department application purpose calls masked refused rows last }
  items { coordinate calls masked refused refusals { reason calls } }
  unused { coordinate }`;

/** Asks for the use of several subgraphs at once. @param names as the hub registered them. */
export async function usageOf(visit: Visit, names: readonly string[], now = Date.now()): Promise<Answered<Usage[]>> {
  if (names.length === 0) return { status: 200, data: [], errors: [] };
  const asked = names.map((_, index) => `u${index}: usage(subgraph: $s${index}, since: $since) { ...Used }`);
  const variables = names.map((_, index) => `$s${index}: String!`).join(', ');
  const { data, ...answer } = await visit.ask<Record<string, Usage | null>>(
    `query Use($since: DateTime!, ${variables}) { ${asked.join(' ')} } fragment Used on SubgraphUsage { ${FIELDS} }`,
    {
      since: new Date(now - USAGE_DAYS * DAY_MS).toISOString(),
      ...Object.fromEntries(names.map((name, index) => [`s${index}`, name])),
    },
  );
  return { ...answer, data: Object.values(data ?? {}).filter((usage) => usage !== null) };
}

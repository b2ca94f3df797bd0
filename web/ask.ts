import { z } from 'zod';
import { isAggregateOnly } from '../lib/caller.ts';
import type { SignedIn } from './layout.ts';
import { type Answered, PageProblem } from './visit.ts';

/** A question to /graphql, as a browser or any other client would send it. */
export interface Question {
  /** The whole header; absent, nobody is signed in. */
  readonly authorization?: string | undefined;
  /** Which of the purposes that the token allows it is for. */
  readonly purpose?: string | undefined;
  /** As JSON was parsed: `query`, `variables`, `operationName`. */
  readonly body: unknown;
  readonly address: string;
  readonly requestId: string;
  readonly signal: AbortSignal;
}

/** Asks the endpoint through its one door; never rejects. */
export type Ask = (question: Question) => Promise<{
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}>;

const answered = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z
    .array(
      z.object({
        message: z.string(),
        path: z.array(z.union([z.string(), z.number()])).optional(),
        extensions: z.record(z.string(), z.unknown()).optional(),
      }),
    )
    .default([]),
  extensions: z.record(z.string(), z.unknown()).optional(),
});

/**
 * Asks for a page.
 * @returns the answer, which may be partial.
 * @throws PageProblem where there is none: not signed in any more, not for this role, asked too often, out of order.
 */
export async function askFor<Data>(ask: Ask, question: Question, caller?: SignedIn): Promise<Answered<Data>> {
  const { status, body } = await ask(question);
  const read = answered.safeParse(parsed(body));
  if (!read.success) throw new PageProblem('DOWN');
  const { data, errors, extensions } = read.data;
  const answer = { status, errors, extensions, data: data as Data | null | undefined };
  if (data !== undefined) return answer;
  const [first] = errors;
  const code = first?.extensions?.['code'];
  if (status === 401) throw new PageProblem('EXPIRED', first?.message);
  if (status === 429) throw new PageProblem('BUSY', first?.message);
  if (status === 403) throw new PageProblem('NOT_ALLOWED', first?.message);
  if (status >= 500) throw new PageProblem('DOWN', first?.message);
  // For who sees numbers only, the rest of the schema is as if it did not exist.
  if (code === 'GRAPHQL_VALIDATION_FAILED' && caller && isAggregateOnly(caller)) throw new PageProblem('NOT_ALLOWED');
  if (code === 'GRAPHQL_VALIDATION_FAILED' || code === 'GRAPHQL_PARSE_FAILED')
    throw new PageProblem('NOT_FOUND', first?.message);
  return answer;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (thrown) {
    // Something between here and the gateway answered in its place: the page says that the hub is away.
    if (thrown instanceof SyntaxError) return undefined;
    throw thrown;
  }
}

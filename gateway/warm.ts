import { setImmediate as turn } from 'node:timers/promises';
import { GraphQLError, parse } from 'graphql';
import type { Planner } from './plan.ts';

/** Milliseconds of planning before a release is served: what is planned by then is what is asked most. */
const BUDGET_MS = 500;

/**
 * Plans for a new release what was asked of the one before, the operations used last first, so that a release is not felt by
 * who asks the same again. Other requests are answered between two plans.
 */
export async function warm({ plan }: Pick<Planner, 'plan'>, texts: Iterable<string>): Promise<void> {
  let spent = 0;
  for (const text of [...texts]) {
    if (spent > BUDGET_MS) return;
    const started = performance.now();
    try {
      plan({ document: parse(text, { noLocation: true }), text });
    } catch (thrown) {
      // What the new release no longer has is not asked of it in this form.
      if (!(thrown instanceof GraphQLError)) throw thrown;
    }
    spent += performance.now() - started;
    await turn();
  }
}

import { setImmediate as turn } from 'node:timers/promises';
import { parse } from 'graphql';
import type { Planner } from './plan.ts';

/** Milliseconds of planning before a release is served: what is planned by then is what is asked most. */
const BUDGET_MS = 500;

/**
 * Plans for a new release what was asked of the one before, the operations used last first, so that a release is not felt by
 * who asks the same again. Other requests are answered between two plans.
 * @param onFailed told what cannot be planned. It must never hold the release up: the planner takes what it is given for valid,
 * and fails in ways of its own on what was valid before, such as the fields of an object that became a value. Whoever asks it
 * again is told so by validation.
 */
export async function warm(
  { plan }: Pick<Planner, 'plan'>,
  texts: Iterable<string>,
  onFailed: (thrown: unknown) => void,
): Promise<void> {
  let spent = 0;
  for (const text of [...texts]) {
    if (spent > BUDGET_MS) return;
    const started = performance.now();
    try {
      plan({ document: parse(text, { noLocation: true }), text });
    } catch (thrown) {
      onFailed(thrown);
    }
    spent += performance.now() - started;
    await turn();
  }
}

import { complaints } from './complaints.ts';
import type { Filling } from './filling.ts';

/** The departments that joined with `hub new-subgraph`, one line each. */
export const fillings: readonly Filling[] = [complaints];

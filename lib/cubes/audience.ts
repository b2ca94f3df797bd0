import { type Caller, isAggregateOnly } from '../caller.ts';

/**
 * Who a protected table is made for. GENERAL: departments and the public. LEADER: a leader's office, whose duty it is to know
 * more (a lower threshold), and which sees what GENERAL sees as well.
 */
export type Audience = 'GENERAL' | 'LEADER';

/** The widest first: what it sees is known to the others too. */
export const AUDIENCES: readonly Audience[] = ['GENERAL', 'LEADER'];

/** Fewest respondents of a cell that is shown; OECD/UNECE glossary of disclosure control: 3 or 5, and 10 for health and low income. */
const THRESHOLD: Readonly<Record<Audience, number>> = { GENERAL: 5, LEADER: 3 };
const SENSITIVE_THRESHOLD = 10;

export function thresholdOf(audience: Audience, { sensitive }: { readonly sensitive: boolean }): number {
  return sensitive ? SENSITIVE_THRESHOLD : THRESHOLD[audience];
}

/**
 * The audience of a caller, from its verified roles alone: nothing of a request can choose it. The stricter role wins, so that
 * a token for the public never sees a leader's tables.
 */
export function audienceOf(caller: Pick<Caller, 'roles'>): Audience {
  return isAggregateOnly(caller) && !caller.roles.includes('public') ? 'LEADER' : 'GENERAL';
}

export interface SupervisedRequest {
  readonly owner: string;
  readonly state: string;
  /** RFC 3339. */
  readonly requestedAt: string;
  readonly decidedAt: string | null;
}

/** How a department answers what it is asked. */
export interface Answers {
  readonly owner: string;
  readonly pending: number;
  readonly approved: number;
  readonly refused: number;
  /** When the request was made that waits longest, RFC 3339. */
  readonly oldest: string | undefined;
  /** Days from a request to its decision, on the average; undefined where none was decided. */
  readonly meanDays: number | undefined;
}

const DAY_MS = 86_400_000;

/** By owner, those with the most waiting first. */
export function answersOf(requests: readonly SupervisedRequest[]): readonly Answers[] {
  const owners = [...new Set(requests.map(({ owner }) => owner))];
  return owners
    .map((owner) => {
      const own = requests.filter((request) => request.owner === owner);
      const inState = (state: string): readonly SupervisedRequest[] => own.filter((request) => request.state === state);
      const waiting = inState('PENDING').map(({ requestedAt }) => requestedAt);
      const took = own.flatMap(({ requestedAt, decidedAt }) =>
        decidedAt === null ? [] : [(Date.parse(decidedAt) - Date.parse(requestedAt)) / DAY_MS],
      );
      return {
        owner,
        pending: waiting.length,
        approved: inState('APPROVED').length,
        refused: inState('REFUSED').length,
        oldest: waiting.sort()[0],
        meanDays: took.length === 0 ? undefined : took.reduce((sum, days) => sum + days, 0) / took.length,
      };
    })
    .sort((a, b) => b.pending - a.pending || a.owner.localeCompare(b.owner));
}

import type { GraphQLResolveInfo } from 'graphql';
import { askedFields, projectionOf } from '../../lib/asked-fields.ts';
import type { Page, PageArguments } from '../../lib/connection.ts';
import { HubError } from '../../lib/errors.ts';
import { shuffledPage } from '../../lib/shuffled-page.ts';
import { withinDivision } from '../../lib/within-division.ts';
import { PLACE, COMPLAINT_NEEDS, type HotlineContext } from './loaders.ts';
import type { ComplaintRecord, ComplaintState } from './models.ts';

interface ComplaintsArguments extends PageArguments {
  readonly division: string;
  readonly state?: ComplaintState | null;
}

/** The root fields. A look-up that finds nothing is null, whether there is no such row or it is not for this caller. */
export const queries = {
  complaint: (_: unknown, args: { number: string }, { loaders }: HotlineContext, info: GraphQLResolveInfo) => {
    const number = args.number.trim();
    if (!/^[A-Z0-9-]{4,40}$/.test(number))
      throw new HubError('BAD_USER_INPUT', 'number: not a number of this register. Give its letters and digits.');
    return loaders.complaintByNumber(projectionOf(askedFields(info), COMPLAINT_NEEDS)).load(number);
  },

  complaints: (
    _: unknown,
    args: ComplaintsArguments,
    { loaders, cursors }: HotlineContext,
    info: GraphQLResolveInfo,
  ): Promise<Page<ComplaintRecord>> =>
    shuffledPage(loaders.models.complaints, {
      list: 'complaints',
      filter: { ...withinDivision(args.division, PLACE), ...(args.state && { state: args.state }) },
      within: loaders.scope,
      projection: projectionOf(askedFields(info, ['edges', 'node']), COMPLAINT_NEEDS),
      arguments: args,
      cursors,
    }),
};

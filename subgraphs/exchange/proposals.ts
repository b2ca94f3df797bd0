import type { PageArguments } from '../../lib/connection.ts';
import { both } from '../../lib/row-scope.ts';
import { searchPage } from '../../lib/search-page.ts';
import { approveProposal, pendingProposal, refuseProposal } from '../../sharing/publishing/decide-proposal.ts';
import type { ProposalRecord } from '../../sharing/store/publishing-models.ts';
import type { ExchangeContext } from './grants.ts';
import { decidingOfficer, type Officer, refuseSamePerson } from './officer.ts';
import { refused, statement } from './refused.ts';
import { visibleProposals } from './visible.ts';

type ProposalsArguments = PageArguments & { readonly state?: ProposalRecord['state'] | null };

export const proposalQueries = {
  proposals: (_: unknown, { state, ...args }: ProposalsArguments, { loaders, signed, cursors }: ExchangeContext) =>
    searchPage<ProposalRecord>(loaders.proposals, {
      list: 'proposals',
      filter: both(visibleProposals(signed), state ? { state } : {}),
      sort: { at: -1, _id: -1 },
      arguments: args,
      cursors,
    }),
  proposal: (_: unknown, { id }: { id: string }, { loaders, signed }: ExchangeContext) =>
    loaders.proposals.findOne({ $and: [{ _id: id }, visibleProposals(signed)] }).lean(),
};

export const proposalMutations = {
  async approveProposal(_: unknown, { proposal: id }: { proposal: string }, context: ExchangeContext) {
    const deciding = await decidingOn(id, context);
    const { proposal } = await approveProposal(context.loaders, id, {
      deciding,
      keys: context.loaders.releaseKeys,
    });
    return proposal;
  },
  async refuseProposal(
    _: unknown,
    { proposal: id, reason }: { proposal: string; reason: string },
    context: ExchangeContext,
  ) {
    const deciding = await decidingOn(id, context);
    const { text, problems } = statement('reason', reason);
    if (problems.length > 0) throw refused(...problems);
    return refuseProposal(context.loaders, id, { deciding, reason: text, keys: context.loaders.releaseKeys });
  },
};

export const proposal = {
  __resolveReference: ({ id }: { id: string }, context: ExchangeContext) =>
    proposalQueries.proposal(null, { id }, context),
  id: (record: ProposalRecord) => record._id,
  approvedBy: ({ approvals }: ProposalRecord) => approvals.map(({ owner }) => owner),
};

/**
 * The officer who decides, never the person who proposed, nor one who approved for another owner: one alone must not loosen
 * what departments protect.
 */
async function decidingOn(id: string, { loaders, signed }: ExchangeContext) {
  const { department, name }: Officer = decidingOfficer(signed);
  const { officer, approvals } = await pendingProposal(loaders, id, {
    owner: department,
    keys: loaders.releaseKeys,
  });
  refuseSamePerson(signed, officer);
  for (const given of approvals) if (given.owner !== department) refuseSamePerson(signed, given.officer);
  return { department, officer: name, at: new Date() };
}

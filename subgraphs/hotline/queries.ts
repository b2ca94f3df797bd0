import type { GraphQLResolveInfo } from 'graphql';
import { askedFields, projectionOf } from '../../lib/asked-fields.ts';
import type { Page, PageArguments } from '../../lib/connection.ts';
import { HubError } from '../../lib/errors.ts';
import { shuffledPage } from '../../lib/shuffled-page.ts';
import { withinDivision } from '../../lib/within-division.ts';
import { COMPLAINT_NEEDS, type HotlineContext, PLACE } from './loaders.ts';
import type { ComplaintRecord, ComplaintState } from './models.ts';
import { topicOf, topics } from './topics.ts';

interface ComplaintsArguments extends PageArguments {
  readonly division: string;
  readonly topic?: string | null;
  readonly state?: ComplaintState | null;
}

/** The root fields. A look-up that finds nothing is null, whether there is no such complaint or it is not for this caller. */
export const queries = {
  complaint: (_: unknown, args: { number: string }, { loaders }: HotlineContext, info: GraphQLResolveInfo) => {
    const number = args.number.trim();
    if (!/^\d{18}$/.test(number))
      throw new HubError('BAD_USER_INPUT', 'number: not a number of the hotline. Give its 18 digits.');
    return loaders.complaintByNumber(projectionOf(askedFields(info), COMPLAINT_NEEDS)).load(number);
  },

  complaints: (
    _: unknown,
    args: ComplaintsArguments,
    { loaders, cursors }: HotlineContext,
    info: GraphQLResolveInfo,
  ): Promise<Page<ComplaintRecord>> => {
    const { division, topic, state } = args;
    return shuffledPage(loaders.models.complaints, {
      list: 'complaints',
      filter: { ...withinDivision(division, PLACE), ...ofTopic(topic), ...(state && { state }) },
      within: loaders.scope,
      projection: projectionOf(askedFields(info, ['edges', 'node']), COMPLAINT_NEEDS),
      arguments: args,
      cursors,
    });
  },

  complaintTopics: () => topics,
};

/** A topic, or all topics of a group. */
function ofTopic(code: string | null | undefined): Record<string, unknown> {
  if (code === null || code === undefined) return {};
  const topic = topicOf(code.trim());
  if (!topic)
    throw new HubError('BAD_USER_INPUT', 'topic: not in the list of topics. Give a code that complaintTopics shows.');
  if (topic.group !== null) return { topic: topic.code };
  return { topic: { $in: topics.filter(({ group }) => group === topic.code).map((each) => each.code) } };
}

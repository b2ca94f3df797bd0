import type { RoutedSubgraph } from '../../schema/compose.ts';
import { HubError } from '../../lib/errors.ts';
import { canonicalSdl } from '../../schema/link-names.ts';
import { readInForce } from '../../sharing/publishing/in-force.ts';
import { verifyPublishing } from '../../sharing/publishing/proof.ts';
import { type Acting, checkCandidate, publish, type PublishOutcome } from '../../sharing/publishing/publish.ts';
import { rollBack } from '../../sharing/publishing/roll-back.ts';
import { transferSubgraph } from '../../sharing/publishing/transfer.ts';
import { withdrawSubgraph } from '../../sharing/publishing/withdraw.ts';
import { keysOf, ownSubgraph } from '../../sharing/store/registration-store.ts';
import type { ExchangeContext } from './grants.ts';
import { problemOfUrl } from './endpoint-url.ts';
import { type Officer, operatingOfficer, publishingOfficer } from './officer.ts';
import { checkDepartment } from './registrations.ts';
import { refused, statement } from './refused.ts';

/** This subgraph: what publishes, grants and records. */
const EXCHANGE = 'exchange';

interface SubgraphInput {
  readonly subgraph: string;
  readonly sdl: string;
  readonly url?: string | null;
}

interface PublishArguments {
  readonly input: SubgraphInput;
  readonly after: number;
  readonly proof: string;
  readonly message: string;
  readonly breaking?: string | null;
}

export const publishMutations = {
  async checkSubgraph(_: unknown, { input }: { input: SubgraphInput }, context: ExchangeContext) {
    const candidate = await candidateOf(input, publishingOfficer(context.signed), context);
    return checkCandidate(context.loaders, candidate, { keys: context.loaders.releaseKeys, at: new Date() });
  },

  async publishSubgraph(_: unknown, given: PublishArguments, context: ExchangeContext) {
    const { input, after, proof, message, breaking } = given;
    const officer = publishingOfficer(context.signed);
    const candidate = await candidateOf(input, officer, context);
    const acting = actingOf(officer, message);
    const reason = reasonOf(breaking);
    await verifyPublishing(
      proof,
      {
        subgraph: candidate.name,
        sdl: input.sdl,
        url: input.url ?? '',
        after,
        message,
        breaking: breaking ?? undefined,
      },
      { keys: await keysOf(context.loaders, officer.department), at: acting.at },
    );
    const { releaseKeys: keys } = context.loaders;
    return publication(await publish(context.loaders, candidate, { acting, after, breaking: reason, keys }));
  },

  async rollBack(_: unknown, { number, message }: { number: number; message: string }, context: ExchangeContext) {
    const acting = actingOf(operatingOfficer(context.signed), message);
    return publication(await rollBack(context.loaders, number, { acting, keys: context.loaders.releaseKeys }));
  },

  async withdrawSubgraph(
    _: unknown,
    { name, message, breaking }: { name: string; message: string; breaking?: string | null },
    { signed, loaders }: ExchangeContext,
  ) {
    const acting = actingOf(operatingOfficer(signed), message);
    if (name === EXCHANGE) throw refused('name: the hub cannot do without exchange. Name another subgraph.');
    const reason = reasonOf(breaking);
    return publication(await withdrawSubgraph(loaders, name, { acting, breaking: reason, keys: loaders.releaseKeys }));
  },

  async transferSubgraph(
    _: unknown,
    { name, owner, reason }: { name: string; owner: string; reason: string },
    context: ExchangeContext,
  ) {
    const acting = actingOf(operatingOfficer(context.signed), reason, 'reason');
    checkDepartment('owner', owner);
    const { releaseKeys: keys } = context.loaders;
    return publication(await transferSubgraph(context.loaders, { name, to: owner }, { acting, keys }));
  },
};

/** What would be published, with the owner and, where none is given, the URL that the hub knows. */
async function candidateOf(
  { subgraph, sdl, url }: SubgraphInput,
  { department }: Officer,
  { loaders }: ExchangeContext,
): Promise<RoutedSubgraph> {
  const { owner } = await ownSubgraph(loaders, subgraph, department);
  const { subgraphs } = await readInForce(loaders, loaders.releaseKeys);
  const known = subgraphs.find(({ name }) => name === subgraph)?.url;
  if (!url && known === undefined)
    throw refused('url: missing, and no release says where this subgraph answers. Give the URL of its endpoint.');
  const problem = url ? problemOfUrl(url, loaders.production) : undefined;
  if (problem) throw refused(problem);
  return { name: subgraph, owner, sdl: canonical(sdl), url: url ?? known ?? '' };
}

/** Under the names of the hub's own links, whatever the owner calls the directives. What cannot be read is for the check to say. */
function canonical(sdl: string): string {
  try {
    return canonicalSdl(sdl);
  } catch (thrown) {
    if (thrown instanceof HubError) throw refused(`sdl: ${thrown.message}`);
    return sdl;
  }
}

function reasonOf(breaking: string | null | undefined): string | undefined {
  if (!breaking) return undefined;
  const { text, problems } = statement('breaking', breaking);
  if (problems.length > 0) throw refused(...problems);
  return text;
}

function actingOf({ department, name }: Officer, message: string, argument = 'message'): Acting {
  const said = statement(argument, message);
  if (said.problems.length > 0) throw refused(...said.problems);
  return { department, officer: name, message: said.text, at: new Date() };
}

function publication(outcome: PublishOutcome) {
  const { kind } = outcome;
  return {
    outcome: kind,
    ...('release' in outcome && { release: outcome.release }),
    ...('proposal' in outcome && { proposal: outcome.proposal }),
    ...('checked' in outcome && { check: outcome.checked }),
  };
}

import { HubError } from '../../lib/errors.ts';
import type { SignedContext } from '../../lib/signed-context.ts';
import { latestNumber } from '../../sharing/store/release-store.ts';
import { readUsage } from '../../sharing/store/usage.ts';
import { usageReport } from '../../sharing/store/usage-report.ts';
import { rollUp } from '../../sharing/store/usage-roll-up.ts';
import type { ExchangeContext } from './grants.ts';
import { refused } from './refused.ts';
import { AUDITOR, runsHub } from './visible.ts';

const DAY_MS = 86_400_000;
const LONGEST_DAYS = 366;
/** Operations that are shown: who asks wants the slow ones. */
const SLOWEST = 50;
/** Whoever reads does a part of what is left to be rolled up. */
const HELP_MS = 500;

export const usageQueries = {
  async usage(_: unknown, { subgraph, since }: { subgraph: string; since: Date }, context: ExchangeContext) {
    const { loaders, signed } = context;
    const now = new Date();
    if (since > now) throw refused('since: lies ahead. Give a moment that is past.');
    if (now.getTime() - since.getTime() > LONGEST_DAYS * DAY_MS)
      throw refused(`since: longer ago than ${LONGEST_DAYS} days. Give a later moment.`);
    const number = await latestNumber(loaders);
    const release = await loaders.releases.findById(number, { subgraphs: 1 }).lean();
    const found = release?.subgraphs.find(({ name }) => name === subgraph);
    if (!found || !mayLook(signed, found.owner)) throw notYours();
    await rollUp(loaders, { now, forMs: HELP_MS });
    const report = usageReport(await readUsage(loaders, since), await publishedBy(context, subgraph));
    return {
      ...{ subgraph, owner: found.owner, release: number, since, until: now },
      ...report,
      operations: report.operations.slice(0, SLOWEST),
      deprecated: report.items.filter(({ deprecated }) => deprecated !== undefined),
    };
  },
};

/** The owner, who runs the hub, and auditors. */
function mayLook(signed: SignedContext, owner: string): boolean {
  const { department, roles } = signed.caller;
  return owner === department || roles.includes(AUDITOR) || runsHub(signed);
}

/**
 * What callers see of a subgraph: the catalogue is stored with the release in force, from its policy. Whoever turns a page has not
 * used the subgraph that happens to stand first among those with pages.
 */
async function publishedBy({ loaders }: ExchangeContext, subgraph: string) {
  const [items, resources] = await Promise.all([
    loaders.catalogue
      .find({ subgraph, shared: { $ne: true } }, { class: 1, deprecated: 1 })
      .sort({ _id: 1 })
      .lean(),
    loaders.catalogueResources.find({ subgraph }, { _id: 1 }).lean(),
  ]);
  return {
    items: items.map(({ _id, class: shared, deprecated }) => ({ coordinate: _id, class: shared, deprecated })),
    resources: new Set(resources.map(({ _id }) => _id)),
  };
}

/** The same for a subgraph of another department as for none. */
function notYours(): HubError {
  return new HubError(
    'NOT_FOUND',
    'subgraph: none of this name is published by your department. Check the name, or ask its owner or an auditor.',
  );
}

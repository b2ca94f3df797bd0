import type { Release } from '../../gateway/server.ts';
import { buildSupergraph } from '../../gateway/supergraph.ts';
import { localTransport } from '../../lib/local-transport.ts';
import { compose } from '../../schema/compose.ts';
import type { SmallHub, SmallSubgraph } from './small-hub.ts';

/** Another release for a hub, of this subgraph alone, answered by the servers that the hub has. */
export function releaseOver(
  { servers }: Pick<SmallHub, 'servers'>,
  subgraph: Pick<SmallSubgraph, 'name' | 'owner' | 'sdl'>,
): Release {
  const { supergraphSdl, policy } = compose([{ ...subgraph, url: `local:${subgraph.name}` }]);
  const transports = new Map(servers.map((server) => [server.name, localTransport(server)]));
  return { supergraph: buildSupergraph(supergraphSdl), table: policy, transports };
}

/** The operations that the planner of a release is given from here on. */
export function plannedOf({ supergraph: { planner } }: Release): readonly string[] {
  const planned: string[] = [];
  const build = planner.buildQueryPlan.bind(planner);
  planner.buildQueryPlan = (...args: Parameters<typeof build>) => {
    planned.push(args[0].toString());
    return build(...args);
  };
  return planned;
}

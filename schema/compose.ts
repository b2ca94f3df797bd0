import { composeServices } from '@apollo/composition';
import { type GraphQLError, parse } from 'graphql';
import { HubError, messageOf } from '../lib/errors.ts';
import { parsedSubgraph } from './documents.ts';
import { refuseForeignKeys } from './foreign-keys.ts';
import { withHeader } from './header.ts';
import { refuseIdleInterfacePolicies } from './interface-policies.ts';
import { refuseTakenRows } from './kept-rows.ts';
import type { PolicyTable, SubgraphSource } from './policy-table.ts';
import { readPolicy } from './read-policy.ts';
import { refuseUnconfirmable } from './row-scoped-types.ts';

export interface RoutedSubgraph extends SubgraphSource {
  /** Where it answers over HTTP, as the supergraph's join__Graph shows it. */
  readonly url: string;
}

export interface Composition {
  readonly supergraphSdl: string;
  readonly policy: PolicyTable;
}

/**
 * Composes the subgraphs into one supergraph and reads its policy table from their own SDL.
 * @throws HubError COMPOSITION_FAILED with one line per problem, or POLICY_CONFLICT.
 */
export function compose(subgraphs: readonly RoutedSubgraph[]): Composition {
  const policy = readPolicy(subgraphs);
  const parsed = subgraphs.map(parsedSubgraph);
  refuseUnconfirmable(parsed, policy);
  refuseForeignKeys(parsed, policy);
  refuseTakenRows(parsed, policy);
  refuseIdleInterfacePolicies(parsed, policy);
  const services = subgraphs.map(({ name, sdl, url }) => ({ name, url, typeDefs: parse(withHeader(sdl)) }));
  const supergraphSdl = composed(services);
  return { supergraphSdl, policy };
}

function composed(services: Parameters<typeof composeServices>[0]): string {
  let result: ReturnType<typeof composeServices>;
  try {
    result = composeServices(services);
  } catch (thrown) {
    // The composer throws on some schemas instead of reporting (a renamed directive, for one): still an error of the schema.
    throw failed([messageOf(thrown)]);
  }
  if (result.errors) throw failed(result.errors.map((error: GraphQLError) => error.message));
  return result.supergraphSdl;
}

function failed(problems: readonly string[]): HubError {
  return new HubError(
    'COMPOSITION_FAILED',
    `The subgraphs do not compose:\n${problems.map((problem) => `- ${problem}`).join('\n')}`,
    {
      problems,
    },
  );
}

import { composeServices } from '@apollo/composition';
import { type GraphQLError, parse } from 'graphql';
import { HubError, messageOf } from '../lib/errors.ts';
import { parsedSubgraph } from './documents.ts';
import { refuseForeignKeys } from './foreign-keys.ts';
import { refuseForeignOverrides } from './foreign-overrides.ts';
import { HEADER_LINES, withHeader } from './header.ts';
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
  refuseForeignOverrides(parsed);
  refuseTakenRows(parsed, policy);
  refuseIdleInterfacePolicies(parsed, policy);
  const services = subgraphs.map(({ name, sdl, url }) => ({ name, url, typeDefs: parse(withHeader(sdl)) }));
  const supergraphSdl = composed(services);
  return { supergraphSdl, policy };
}

/** A place in a subgraph's own SDL, counted from 1. */
export interface Place {
  readonly subgraph: string;
  readonly line: number;
  readonly column: number;
}

/** Why subgraphs do not compose, and every definition that has a part in it. */
export interface CompositionProblem {
  readonly message: string;
  readonly places: readonly Place[];
}

function composed(services: Parameters<typeof composeServices>[0]): string {
  let result: ReturnType<typeof composeServices>;
  try {
    result = composeServices(services);
  } catch (thrown) {
    // The composer throws on some schemas instead of reporting (a renamed directive, for one): still an error of the schema.
    throw failed([{ message: messageOf(thrown), places: [] }]);
  }
  if (result.errors) throw failed(result.errors.map(located));
  return result.supergraphSdl;
}

function located(error: GraphQLError): CompositionProblem {
  const places = (error.nodes ?? []).flatMap((node) => {
    // The composer names the subgraph on each node it knows it of.
    const { subgraph } = node as { readonly subgraph?: string };
    const line = (node.loc?.startToken.line ?? 0) - HEADER_LINES;
    return subgraph === undefined || line < 1 ? [] : [{ subgraph, line, column: node.loc?.startToken.column ?? 1 }];
  });
  return { message: error.message, places };
}

function failed(problems: readonly CompositionProblem[]): HubError {
  const listed = problems.map(({ message, places }) => `- ${message}${places.map(placed).join('')}`);
  return new HubError('COMPOSITION_FAILED', `The subgraphs do not compose:\n${listed.join('\n')}`, { problems });
}

const placed = ({ subgraph, line, column }: Place): string => `\n  at ${subgraph}:${line}:${column}`;

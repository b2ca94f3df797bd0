import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { Asker, Granted } from './grants.ts';
import type { World } from './world.ts';

/** One question under the policy as it stands. */
export interface Case {
  readonly world: World;
  /** The schema as callers know it. */
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly caller: Asker;
  readonly grants: readonly Granted[];
  readonly stale: boolean;
  readonly at: number;
}

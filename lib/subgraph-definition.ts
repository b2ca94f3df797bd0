import type { Connection } from 'mongoose';
import type { CubeDefinition } from './cubes/cube-definition.ts';
import type { CursorCodec } from './cursor.ts';
import type { JWTVerifyGetKey } from 'jose';
import { HubError } from './errors.ts';
import type { ResourceUpdates } from './resource-updates.ts';
import type { SignedContext, SigningKey } from './signed-context.ts';

/** What every resolver of a subgraph receives; one per operation, so that loaders never outlive their caller. */
export interface SubgraphContext<Loaders = unknown> {
  readonly signed: SignedContext;
  readonly loaders: Loaders;
  readonly cursors: CursorCodec;
  readonly signal: AbortSignal;
}

export interface OpenedSubgraph<Loaders = unknown> {
  /** By type: its field resolvers, `__resolveReference` included, or a GraphQLScalarType. */
  readonly resolvers: Readonly<Record<string, object>>;
  /**
   * Fresh loaders for one operation. A DataLoader remembers what it loaded: shared between callers it would hand one
   * caller's rows to another.
   */
  loaders(signed: SignedContext): Loaders;
  /** When its resources were last brought up to date, where that is not what importers noted in its store. */
  freshness?(): Promise<ResourceUpdates>;
}

/** What a subgraph has from the process that runs it, beside its store. */
export interface HostServices {
  readonly releaseKeys: ReleaseKeys;
  /** Milliseconds that a check of a schema may take. */
  readonly checkWithinMs: number;
  /** Whether real data may be behind it. */
  readonly production: boolean;
}

/** What releases are signed and verified with; only the process of `exchange` has the key that signs. */
export interface ReleaseKeys {
  readonly signing: () => Promise<SigningKey>;
  readonly verifying: JWTVerifyGetKey;
}

const noKey = (): Promise<never> =>
  Promise.reject(new HubError('KEYS_REFUSED', 'This process has no key of releases.'));

export const NO_SERVICES: HostServices = {
  releaseKeys: { signing: noKey, verifying: noKey },
  checkWithinMs: 5_000,
  production: true,
};

/** A department's subgraph: what it publishes, and how it answers once its store is open. */
export interface SubgraphDefinition<Loaders = unknown> {
  readonly name: string;
  /** Department code of the owner. */
  readonly owner: string;
  readonly title: string;
  /** The database it is kept in, where that is not one of its own name. */
  readonly database?: string;
  /** The SDL as its owner writes it, without the header that publishing adds. */
  readonly sdl: string;
  /** What it counts, for tables that are released by period; nothing when absent. */
  readonly cubes?: readonly CubeDefinition[] | undefined;
  open(connection: Connection, services: HostServices): OpenedSubgraph<Loaders>;
}

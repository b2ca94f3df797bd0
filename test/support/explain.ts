import type { Connection } from 'mongoose';
import type { Read } from './subgraph.ts';

interface Stage {
  readonly stage?: string;
  readonly indexName?: string;
  readonly inputStage?: Stage;
  readonly inputStages?: readonly Stage[];
}

export interface Plan {
  /** Names of the indexes that are read, or COLLSCAN. */
  readonly indexes: readonly string[];
  /** Whether rows are sorted after they were found. */
  readonly sorts: boolean;
  readonly docsExamined: number;
}

/** How the store answers a read, by its own account. */
export async function planOf(connection: Connection, read: Read): Promise<Plan> {
  const [collection = '', method = ''] = read.name.split('.');
  const command =
    method === 'aggregate'
      ? { aggregate: collection, pipeline: read.query, cursor: {} }
      : method === 'countDocuments'
        ? { aggregate: collection, pipeline: [{ $match: read.query }], cursor: {} }
        : { find: collection, filter: read.query, sort: read.sort ?? {} };
  const answer = (await connection.db?.command({ explain: command, verbosity: 'executionStats' })) as {
    queryPlanner: { winningPlan: Stage };
    executionStats: { totalDocsExamined: number };
  };
  const stages = flatten(answer.queryPlanner.winningPlan);
  return {
    indexes: stages.flatMap(({ stage, indexName }) => (stage === 'COLLSCAN' ? ['COLLSCAN'] : (indexName ?? []))),
    sorts: stages.some(({ stage }) => stage === 'SORT'),
    docsExamined: answer.executionStats.totalDocsExamined,
  };
}

function flatten(stage: Stage): Stage[] {
  return [stage, ...[stage.inputStage ?? [], stage.inputStages ?? []].flat().flatMap(flatten)];
}

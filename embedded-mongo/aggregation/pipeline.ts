/** Aggregation pipelines: each stage is a function of a stream of documents. */
import { CommandError, unsupported } from '../errors.ts';
import { type Document, isDocument } from '../values/document.ts';
import type { Run, Stage, StageContext } from './stage.ts';
import { STAGES } from './stages.ts';

/** Stages that MongoDB has and this store has not. */
const REFUSED = new Set([
  ...[
    '$out',
    '$merge',
    '$geoNear',
    '$graphLookup',
    '$unionWith',
    '$bucketAuto',
    '$redact',
    '$sample',
    '$setWindowFields',
  ],
  ...[
    '$densify',
    '$fill',
    '$documents',
    '$collStats',
    '$indexStats',
    '$planCacheStats',
    '$search',
    '$searchMeta',
    '$vectorSearch',
  ],
  ...['$currentOp', '$listSessions', '$listLocalSessions'],
]);

/** Compiles a pipeline; an unknown stage or operator is refused before anything is read. */
export function compilePipeline(pipeline: unknown, context: StageContext): Run {
  const stages = stagesOf(pipeline).map(({ name, argument }) =>
    stageNamed(name)(argument, { ...context, compilePipeline }),
  );
  return (documents) => stages.reduce<Iterable<Document>>((stream, run) => run(stream), documents);
}

export function runPipeline(documents: Iterable<Document>, pipeline: unknown, context: StageContext = {}): Document[] {
  return [...compilePipeline(pipeline, context)(documents)];
}

export function stagesOf(pipeline: unknown): { name: string; argument: unknown }[] {
  if (!Array.isArray(pipeline)) throw new CommandError(14, 'TypeMismatch', "'pipeline' must be an array");
  return (pipeline as unknown[]).map((stage) => {
    const [entry, ...more] = isDocument(stage) ? Object.entries(stage) : [];
    if (!entry || more.length > 0) {
      throw new CommandError(
        40323,
        'Location40323',
        'A pipeline stage specification object must contain exactly one field.',
      );
    }
    return { name: entry[0], argument: entry[1] };
  });
}

function stageNamed(name: string): Stage {
  const stage = STAGES[name];
  if (stage) return stage;
  if (REFUSED.has(name)) throw unsupported(`the aggregation stage ${name}`);
  throw new CommandError(40324, 'Location40324', `Unrecognized pipeline stage name: '${name}'`);
}

/** What a stage is, and what it is given. */
import type { Document } from '../values/document.ts';
import type { Variables } from './expression.ts';

/** How a stage reads another collection of the same database; indexes are used. */
export type Join = (collection: string, filter: Document) => Iterable<Document>;

export type StageContext = {
  readonly variables?: Variables | undefined;
  readonly join?: Join | undefined;
};
export type Run = (documents: Iterable<Document>) => Iterable<Document>;
/** Also given the means to compile the pipelines that some stages hold. */
export type Nested = StageContext & { readonly compilePipeline: (pipeline: unknown, context: StageContext) => Run };
export type Stage = (argument: unknown, context: Nested) => Run;

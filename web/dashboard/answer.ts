import { z } from 'zod';

const text = z.string();
const suppression = z.enum(['PRIMARY', 'SECONDARY']).nullish();
const number = z.number().nullish();

const about = z
  .object({
    unit: text.nullish(),
    source: text.nullish(),
    title: text.nullish(),
    definition: text.nullish(),
    asOf: text.nullish(),
    period: text.nullish(),
    release: number,
  })
  .nullish();

/** A cell of a table; which of the dimensions it has depends on the table that was asked for. */
const cell = z.object({
  sex: text.nullish(),
  ageBand: text.nullish(),
  industry: text.nullish(),
  landUse: text.nullish(),
  topic: z.object({ code: text, title: text }).nullish(),
  state: text.nullish(),
  retention: text.nullish(),
  count: number,
  suppressed: suppression,
  areaSquareMetres: number,
  areaSuppressed: suppression,
  revenueFen: number,
  revenueSuppressed: suppression,
  about,
});

const cells = z.array(cell).nullish();

const derived = z
  .object({
    value: number,
    unit: text.nullish(),
    definition: text.nullish(),
    missing: z.array(text).nullish(),
  })
  .nullish();

const at = z
  .object({
    period: text.nullish(),
    residentsPerEnterprise: derived,
    enterprisesPerTenThousandResidents: derived,
    parcelAreaPerResident: derived,
    complaintsPerTenThousandResidents: derived,
    shareAged60AndOver: derived,
    residentsGrowth: derived,
    enterprisesGrowth: derived,
  })
  .nullish();

const totals = {
  code: text,
  name: text.nullish(),
  residents: cells,
  legalPersons: cells,
  parcels: cells,
  complaints: cells,
  archives: cells,
  at,
};

const part = z.object(totals);

const children = z.object({ edges: z.array(z.object({ node: part.nullish() }).nullish()).nullish() }).nullish();

const series = z
  .object({
    indicator: z
      .object({
        code: text,
        name: text.nullish(),
        definition: text.nullish(),
        unit: text.nullish(),
        department: text.nullish(),
      })
      .nullish(),
    points: z
      .array(
        z.object({
          period: text.nullish(),
          value: number,
          status: text.nullish(),
          publishedOn: text.nullish(),
        }),
      )
      .nullish(),
    breaks: z
      .array(
        z.object({
          period: text.nullish(),
          from: z.array(text).nullish(),
          to: z.array(text).nullish(),
          reason: text.nullish(),
        }),
      )
      .nullish(),
  })
  .nullish();

/** A division with its tables; its series stand under the codes of their indicators. */
const whole = z
  .object({
    ...totals,
    level: text.nullish(),
    bySex: cells,
    byAge: cells,
    pyramid: cells,
    byIndustry: cells,
    byLandUse: cells,
    byTopic: cells,
    byState: cells,
    byRetention: cells,
    children,
  })
  .catchall(z.unknown());

const failure = z.object({
  message: text,
  path: z.array(z.union([text, z.number()])).nullish(),
  extensions: z
    .object({
      code: text.nullish(),
      subgraph: text.nullish(),
      reason: text.nullish(),
      owner: text.nullish(),
    })
    .nullish(),
});

/** The answer to the dashboard's operation, as GraphQL over HTTP gives it: data and errors may both be there. */
export const answerSchema = z.object({
  data: z
    .object({
      division: whole.nullish(),
      prefecture: z.object({ ...totals, children }).nullish(),
      beside: whole.nullish(),
      against: whole.nullish(),
    })
    .nullish(),
  errors: z.array(failure).nullish(),
});

export const seriesSchema = series;

export type Answer = z.infer<typeof answerSchema>;
export type Cell = z.infer<typeof cell>;
export type About = z.infer<typeof about>;
export type Part = z.infer<typeof part>;
export type Whole = z.infer<typeof whole>;
export type Series = z.infer<typeof series>;
export type Failure = z.infer<typeof failure>;

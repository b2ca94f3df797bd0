import { Schema } from 'mongoose';
import type { Connection, Model } from 'mongoose';

export type Frequency = 'YEAR' | 'QUARTER' | 'MONTH';

export type IndicatorRecord = {
  /** The indicator's code. */
  _id: string;
  name: string;
  /** The caliber (口径): what is counted, and how. */
  definition: string;
  unit: string;
  frequency: Frequency;
  /** Whether the value of an area is the sum of those of its parts; absent, that is not known and nothing is added up. */
  additive?: boolean;
  /** The department that answers for the figure. */
  department: string;
};

type ObservationStatus = 'PRELIMINARY' | 'REVISED' | 'FINAL';

/** One published value. A revision is a further record of a higher vintage; nothing is overwritten. */
export type ObservationRecord = {
  /** `${indicator}:${division}:${period}:${vintage}` */
  _id: string;
  indicator: string;
  division: string;
  /** '2024', '2024-Q3' or '2024-09', by the indicator's frequency. */
  period: string;
  value: number;
  unit: string;
  /** 1 for the first publication, one more for each revision. */
  vintage: number;
  status: ObservationStatus;
  source: string;
  publishedOn: string;
};

const stored = { autoIndex: false, autoCreate: false, versionKey: false, id: false } as const;
const text = { type: String, required: true } as const;
const number = { type: Number, required: true } as const;

const indicatorFields = {
  _id: text,
  name: text,
  definition: text,
  unit: text,
  frequency: text,
  additive: Boolean,
  department: text,
};

const indicatorSchema = new Schema<IndicatorRecord>(indicatorFields, stored).index({ department: 1, _id: 1 });

const observationFields = {
  _id: text,
  indicator: text,
  division: text,
  period: text,
  value: number,
  unit: text,
  vintage: number,
  status: text,
  source: text,
  publishedOn: text,
};

const observationSchema = new Schema<ObservationRecord>(observationFields, stored)
  // Newest period first and, within it, the latest vintage first: reading forward gives what is in force.
  .index({ indicator: 1, division: 1, period: -1, vintage: -1 })
  .index({ division: 1, period: -1, indicator: 1, vintage: -1 });

export type StatisticsModels = {
  readonly indicators: Model<IndicatorRecord>;
  readonly observations: Model<ObservationRecord>;
};

/**
 * The statistics models on this connection; the same models on every call.
 * Indexes are not built here: whoever opens the store calls `syncIndexes` on each model.
 */
export function models(connection: Connection): StatisticsModels {
  return {
    indicators: connection.model<IndicatorRecord>('Indicator', indicatorSchema, 'indicators'),
    observations: connection.model<ObservationRecord>('Observation', observationSchema, 'observations'),
  };
}

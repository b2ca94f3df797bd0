import { Schema } from 'mongoose';
import type { Connection, Model } from 'mongoose';

export type DivisionLevel = 'PROVINCE' | 'PREFECTURE' | 'COUNTY' | 'TOWNSHIP' | 'VILLAGE';

/** One code of GB/T 2260 (and GB/T 10114 below the county) during the time it had this name and parent. */
export type DivisionRecord = {
  /** `${code}@${validFrom}`: a code that is altered has several records. */
  _id: string;
  code: string;
  name: string;
  level: DivisionLevel;
  /** Code of the division above; null for a province. */
  parent: string | null;
  /** First day, 'YYYY-MM-DD'; the table's earliest day where the true beginning is older. */
  validFrom: string;
  /** First day no longer valid; null while in use. */
  validTo: string | null;
  predecessors: string[];
  successors: string[];
};

export type OwnerKind = 'PERSON' | 'LEGAL_PERSON' | 'STATE' | 'COLLECTIVE';

/** Rings of [longitude, latitude]; the first position of a ring is repeated as its last. */
export type PolygonGeometry = { type: 'Polygon'; coordinates: [number, number][][] };

export type ParcelRecord = {
  /** 19-character parcel code: county 6, cadastral district 3, sub-district 3, kind of right 2, sequence 5. */
  _id: string;
  county: string;
  division: string;
  /** GB/T 21010-2017, four digits. */
  landUse: string;
  areaSquareMetres: number;
  geometry: PolygonGeometry;
  /** The datum of the coordinates (EPSG:4490). GeoJSON cannot say it, so it is declared beside the geometry. */
  datum: 'CGCS2000';
  ownerKind: OwnerKind;
  /** Person reference or credit code; absent for land of the state or a collective. */
  ownerRef?: string;
  certificateNumber: string;
  registeredOn: string;
};

const stored = { autoIndex: false, autoCreate: false, versionKey: false, id: false } as const;
const text = { type: String, required: true } as const;
const optionalText = { type: String, default: null } as const;

const divisionFields = {
  _id: text,
  code: text,
  name: text,
  level: text,
  parent: optionalText,
  validFrom: text,
  validTo: optionalText,
  predecessors: [String],
  successors: [String],
};

const divisionSchema = new Schema<DivisionRecord>(divisionFields, stored)
  .index({ code: 1, validFrom: 1 })
  .index({ parent: 1, code: 1, _id: 1 })
  .index({ level: 1, code: 1, _id: 1 })
  .index({ name: 1, code: 1, _id: 1 });

const polygonFields = { type: { ...text, enum: ['Polygon'] }, coordinates: { type: [[[Number]]], required: true } };
const polygonSchema = new Schema<PolygonGeometry>(polygonFields, { _id: false });

const parcelFields = {
  _id: text,
  county: text,
  division: text,
  landUse: text,
  areaSquareMetres: { type: Number, required: true },
  geometry: { type: polygonSchema, required: true },
  datum: { ...text, enum: ['CGCS2000'] },
  ownerKind: text,
  ownerRef: String,
  certificateNumber: text,
  registeredOn: text,
};

const parcelSchema = new Schema<ParcelRecord>(parcelFields, stored)
  .index({ county: 1, _id: 1 })
  // Sums by county are answered from this index alone on a MongoDB server.
  .index({ county: 1, landUse: 1, ownerKind: 1, areaSquareMetres: 1 })
  .index({ division: 1 })
  .index({ ownerRef: 1 }, { sparse: true })
  .index({ geometry: '2dsphere' });

export type GeospatialModels = {
  readonly divisions: Model<DivisionRecord>;
  readonly parcels: Model<ParcelRecord>;
};

/**
 * The geospatial models on this connection; the same models on every call.
 * Indexes are not built here: whoever opens the store calls `syncIndexes` on each model.
 */
export function models(connection: Connection): GeospatialModels {
  return {
    divisions: connection.model<DivisionRecord>('Division', divisionSchema, 'divisions'),
    parcels: connection.model<ParcelRecord>('Parcel', parcelSchema, 'parcels'),
  };
}

import { landUses } from '../../lib/codes/land-use.ts';
import { parseCreditCode } from '../../lib/codes/uscc.ts';
import { invalid, valid } from '../../lib/codes/verdict.ts';
import { models } from '../../subgraphs/geospatial/models.ts';
import type { OwnerKind } from '../../subgraphs/geospatial/models.ts';
import { choice, code, decimalNumber, division, optional, pastDate, pattern, required, text } from './fields.ts';
import { parsePolygon } from './geometry.ts';
import { fault } from './resource.ts';
import type { Resource } from './resource.ts';

const owners = { PERSON: '自然人 个人', LEGAL_PERSON: '法人 单位', STATE: '国家', COLLECTIVE: '集体 农民集体' };
/** Ways of saying CGCS2000 in degrees. */
const cgcs2000 = ['CGCS2000', '2000国家大地坐标系', 'EPSG:4490', 'urn:ogc:def:crs:EPSG::4490'];

/**
 * Parcels by parcel code, from GeoJSON. RFC 7946 has no place for the datum and means WGS84, so the datum is declared in
 * the features, in the collection (`datum` or the older `crs`), or by the caller; geometry without that is refused, since
 * GCJ-02 looks the same and lies up to 500 metres aside.
 */
export const parcels: Resource = {
  name: 'parcels',
  title: '宗地基础信息',
  store: 'geospatial',
  formats: ['geojson', 'ndjson'],
  keyField: '_id',
  hasGeometry: true,
  fields: [
    required(
      'parcelCode',
      '宗地代码 code',
      pattern(
        /^\d{12}[A-Z]{2}\d{5}$/,
        'A parcel code has 12 digits, two capital letters for the kind of right and 5 digits.',
      ),
    ),
    required('landUse', '地类编码 地类代码 土地用途', code(landUses, 'GB/T 21010-2017')),
    required('division', '行政区划代码 行政区划', division([6, 9, 12])),
    required('areaSquareMetres', '面积 宗地面积', (value, context) => {
      const area = decimalNumber(value, context);
      return area.kind === 'VALID' && Number(area.value) <= 0
        ? invalid('FORMAT', 'The area is not above zero; give square metres.')
        : area;
    }),
    required('ownerKind', '权利人类型', choice(owners)),
    optional('ownerRef', '权利人标识', text(40)),
    required('certificateNumber', '不动产权证号 权证号', text(60)),
    required('registeredOn', '登记日期', pastDate),
    required('datum', '坐标系 大地基准 crs', (value) =>
      cgcs2000.includes(value)
        ? valid('CGCS2000')
        : invalid('DATUM', 'The geometry is in another datum; transform it to CGCS2000 (EPSG:4490) first.'),
    ),
    required('geometry', '几何', () => invalid('TYPE', 'The geometry is text; give a GeoJSON geometry.')),
  ],
  model: (connection) => models(connection).parcels as never,
  prepare(row) {
    const { parcelCode, geometry, ...rest } = row as {
      parcelCode: string;
      geometry: unknown;
      division: string;
      ownerKind: OwnerKind;
      ownerRef?: string;
    };
    const polygon = parsePolygon(geometry);
    if (polygon.kind === 'INVALID') return fault('geometry', polygon.reason, polygon.message);
    if (!ownerFits(rest.ownerKind, rest.ownerRef)) {
      return fault(
        'ownerRef',
        'REFERENCE',
        'The owner does not fit its kind: a person reference for PERSON, a credit code for LEGAL_PERSON, nothing for STATE and COLLECTIVE.',
      );
    }
    if (!parcelCode.startsWith(rest.division.slice(0, 6))) {
      return fault('division', 'DISAGREES', 'The parcel code begins with another county; correct whichever is wrong.');
    }
    const stated = { ...rest, _id: parcelCode, county: rest.division.slice(0, 6), geometry: polygon.value };
    return { kind: 'VALID', key: parcelCode, stated, initial: {} };
  },
};

function ownerFits(kind: OwnerKind, ref: string | undefined): boolean {
  if (kind === 'PERSON') return ref !== undefined && /^[0-9a-f]{32}$/.test(ref);
  if (kind === 'LEGAL_PERSON') return ref !== undefined && parseCreditCode(ref).kind === 'VALID';
  return ref === undefined;
}

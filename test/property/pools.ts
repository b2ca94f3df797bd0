import type { Mask } from '../../schema/policy-table.ts';
import type { Scalar } from './world.ts';

/** A kind of values, with the mask that fits it. */
export interface Pool {
  readonly name: string;
  readonly scalar: string;
  readonly mask?: Mask;
  /** Few of a kind, so that filters meet several rows; some that a mask cannot read. */
  readonly values: readonly Scalar[];
}

export const POOLS: readonly Pool[] = [
  { name: 'name', scalar: 'String', mask: 'NAME', values: ['张三丰', '李四', '欧阳修', '王', '𠮷田'] },
  { name: 'date', scalar: 'String', mask: 'YEAR', values: ['1949-12-31', '1990-05-06', '2003-02-28', '不详'] },
  {
    name: 'number',
    scalar: 'String',
    mask: 'RESIDENT_NUMBER',
    values: ['11010519491231002X', '532301199005060017', '530102030228001', '无'],
  },
  { name: 'phone', scalar: 'String', mask: 'PHONE', values: ['13812345678', '087833000001', '110'] },
  { name: 'address', scalar: 'String', mask: 'ADDRESS', values: ['云南省楚雄市鹿城镇北路1号', '禄丰县金山镇', '某处'] },
  { name: 'code', scalar: 'String', mask: 'TAIL', values: ['91532300MA6K000001', 'A-17', '53230000000012'] },
  { name: 'amount', scalar: 'Float', mask: 'AMOUNT', values: [63_500, 0.5, -1_200, 2_000_000] },
  {
    name: 'place',
    scalar: 'Geo',
    mask: 'GRID',
    values: [
      { type: 'Point', coordinates: [101.5467, 25.0331] },
      {
        type: 'LineString',
        coordinates: [
          [101.51, 25.02],
          [101.537, 25.049],
        ],
      },
    ],
  },
  { name: 'quantity', scalar: 'Int', values: [0, 3, 17] },
  { name: 'flag', scalar: 'Boolean', values: [true, false] },
];

/** Codes of 楚雄州 and of another province; 532331 is what 532302 was before 2021. Null: nobody knows where. */
const DIVISION: Pool = {
  name: 'division',
  scalar: 'String',
  values: ['532301', '532302', '532331', '532322', '110101', null],
};
const NONE: Pool = { name: 'none', scalar: 'String', values: [] };

export function poolNamed(name: string): Pool {
  return [...POOLS, DIVISION].find((pool) => pool.name === name) ?? NONE;
}

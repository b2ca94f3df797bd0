import { describe, expect, it } from 'vitest';
import { type AppliedMask, maskValue } from '../../sharing/policy/mask.ts';

const CASES: readonly [AppliedMask, unknown, unknown][] = [
  ['RESIDENT_REGION', '11010519491231002X', '110105************'],
  ['RESIDENT_REGION', '110105491231002', '110105*********'],
  ['RESIDENT_REGION', 'H1234567', '********'],
  ['RESIDENT_NUMBER', '11010519491231002X', '110105********002X'],
  ['RESIDENT_NUMBER', '110105491231002', '110105*****1002'],
  ['RESIDENT_NUMBER', 'H1234567', '********'],
  ['RESIDENT_NUMBER', '', ''],
  ['NAME', '张三', '张*'],
  ['NAME', '欧阳修远', '欧*'],
  ['NAME', '阿卜杜拉·买买提', '阿*'],
  ['NAME', '张', '*'],
  ['NAME', '', '*'],
  ['NAME', '𠮷田', '𠮷*'],
  ['PHONE', '13812341234', '138****1234'],
  ['PHONE', '3300123', '*******'],
  ['PHONE', '0878-3300123', '087*****0123'],
  ['ADDRESS', '云南省楚雄彝族自治州楚雄市鹿城镇东门村1号', '云南省楚雄彝族自治州楚雄市鹿城镇***'],
  ['ADDRESS', '双柏县大庄镇干海子村3组', '双柏县大庄镇***'],
  ['ADDRESS', '无处可查', '***'],
  ['YEAR', '1949-12-31', '1949-01-01'],
  ['YEAR', 'not a date', null],
  ['AMOUNT', 7_400, 5_000],
  ['AMOUNT', 1_999, 1_000],
  ['AMOUNT', 20, 20],
  ['AMOUNT', -350, -200],
  ['AMOUNT', 0, 0],
  ['AMOUNT', Number.NaN, null],
  ['AMOUNT', '7400', null],
  ['TAIL', '云(2020)楚雄市不动产权第0012345号', '*******************345号'],
  ['TAIL', '123', '***'],
  ['GRID', { type: 'Point', coordinates: [101.5461, 25.0429] }, { type: 'Point', coordinates: [101.54, 25.04] }],
  [
    'GRID',
    {
      type: 'Polygon',
      coordinates: [
        [
          [101.541, 25.041],
          [101.542, 25.041],
          [101.542, 25.042],
          [101.541, 25.041],
        ],
      ],
      datum: 'CGCS2000',
    },
    {
      type: 'Polygon',
      coordinates: [
        [
          [101.54, 25.04],
          [101.55, 25.04],
          [101.55, 25.05],
          [101.54, 25.05],
          [101.54, 25.04],
        ],
      ],
      datum: 'CGCS2000',
    },
  ],
  ['GRID', { type: 'Polygon', coordinates: [] }, null],
];

describe('masks', () => {
  it.each(CASES)('%s shows %j as %j', (mask, value, shown) => {
    expect(maskValue(mask, value)).toEqual(shown);
  });

  it('keep lists and null, and turn what they cannot read into null', () => {
    for (const mask of new Set(CASES.map(([each]) => each))) {
      expect(maskValue(mask, null)).toBeNull();
      expect(maskValue(mask, undefined)).toBeNull();
      expect(maskValue(mask, true)).toBeNull();
      expect(maskValue(mask, [null])).toEqual([null]);
    }
    expect(maskValue('NAME', ['张三', null])).toEqual(['张*', null]);
  });

  it('never show the whole of a value that has something to hide', () => {
    for (const [mask, value] of CASES)
      if (typeof value === 'string' && value.length > 1) expect(maskValue(mask, value)).not.toBe(value);
  });
});

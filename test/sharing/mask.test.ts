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
  // Only digits end a number of fifteen; an x of either case one of eighteen. Anything else is no resident number.
  ['RESIDENT_NUMBER', '11010519491231002x', '110105********002x'],
  ['RESIDENT_NUMBER', '11010519491231002A', '******************'],
  ['RESIDENT_NUMBER', '1101051949123100', '****************'],
  ['RESIDENT_NUMBER', '1101054912310021', '****************'],
  ['RESIDENT_NUMBER', '1110105491231002', '****************'],
  ['RESIDENT_NUMBER', '111010519491231002X', '*******************'],
  ['RESIDENT_NUMBER', '11010519491231002X1', '*******************'],
  ['RESIDENT_NUMBER', 'M12345678', '*********'],
  ['RESIDENT_REGION', '11010519491231002A', '******************'],
  ['RESIDENT_REGION', '111010519491231002X', '*******************'],
  ['RESIDENT_REGION', '11010519491231002X1', '*******************'],
  ['NAME', '张三', '张*'],
  ['NAME', '欧阳修远', '欧*'],
  ['NAME', '阿卜杜拉·买买提', '阿*'],
  ['NAME', '张', '*'],
  ['NAME', '', '*'],
  ['NAME', '𠮷田', '𠮷*'],
  ['NAME', '  张三 ', '张*'],
  ['NAME', ' 张 ', '*'],
  ['NAME', '   ', '*'],
  ['NAME', 'Smith John', 'S*'],
  ['PHONE', '13812341234', '138****1234'],
  ['PHONE', '3300123', '*******'],
  ['PHONE', '0878-3300123', '087*****0123'],
  ['PHONE', '', ''],
  ['PHONE', '1381234123', '**********'],
  ['PHONE', 13_812_341_234, null],
  ['ADDRESS', '云南省楚雄彝族自治州楚雄市鹿城镇东门村1号', '云南省楚雄彝族自治州楚雄市鹿城镇***'],
  ['ADDRESS', '双柏县大庄镇干海子村3组', '双柏县大庄镇***'],
  ['ADDRESS', '无处可查', '***'],
  ['ADDRESS', '', '***'],
  ['ADDRESS', '大庄镇干海子村3组', '大庄镇***'],
  ['ADDRESS', '永平街道北浦社区12号', '永平街道***'],
  ['ADDRESS', '云南省楚雄市', '云南省楚雄市***'],
  ['ADDRESS', '楚雄市环城东路88号', '楚雄市***'],
  ['ADDRESS', '昆明市五华区莲华街道学府路253号', '昆明市五华区莲华街道***'],
  ['ADDRESS', '内蒙古自治区锡林郭勒盟西乌珠穆沁旗高日罕镇', '内蒙古自治区锡林郭勒盟西乌珠穆沁旗高日罕镇***'],
  // A block, a hotel or a village may be named like a division.
  ['ADDRESS', '楚雄市永安路12号城东镇大酒店', '楚雄市***'],
  ['ADDRESS', '楚雄市环城东路88号阳光小区3栋', '楚雄市***'],
  ['ADDRESS', '楚雄市阳光小区3栋幸福街道办', '楚雄市***'],
  ['ADDRESS', '楚雄市８８号阳光镇', '楚雄市***'],
  ['ADDRESS', '环城东路十二号乡村酒店', '***'],
  ['ADDRESS', '永安路12号城东镇', '***'],
  ['YEAR', '1949-12-31', '1949-01-01'],
  ['YEAR', 'not a date', null],
  ['YEAR', 'born 1949-12-31', null],
  ['YEAR', '1949-12-3', null],
  ['YEAR', '1949-12', null],
  ['YEAR', '1949-12-31T08:00:00Z', '1949-01-01'],
  ['YEAR', 1949, null],
  ['AMOUNT', 7_400, 5_000],
  ['AMOUNT', 1_999, 1_000],
  ['AMOUNT', 20, 20],
  ['AMOUNT', -350, -200],
  ['AMOUNT', 0, 0],
  ['AMOUNT', 1, 1],
  ['AMOUNT', 0.7, 0],
  ['AMOUNT', -0.7, 0],
  ['AMOUNT', 5_000, 5_000],
  ['AMOUNT', 4_999, 2_000],
  ['AMOUNT', 10, 10],
  ['AMOUNT', Number.POSITIVE_INFINITY, null],
  ['AMOUNT', Number.NaN, null],
  ['AMOUNT', '7400', null],
  ['TAIL', '云(2020)楚雄市不动产权第0012345号', '*******************345号'],
  ['TAIL', '123', '***'],
  ['TAIL', '1234', '****'],
  ['TAIL', '12345', '*2345'],
  ['TAIL', '', ''],
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
  ['GRID', { type: 'Point', coordinates: ['101.5', 25.1] }, null],
  ['GRID', { type: 'Point', coordinates: [101.5, null] }, null],
  ['GRID', { type: 'Point', coordinates: { x: 101.5, y: 25.1 } }, null],
  ['GRID', { type: 'Point' }, null],
  ['GRID', 'POINT(101.5461 25.0429)', null],
  ['GRID', 101.5461, null],
  // West and south of nought it is the lower corner as well; a line becomes the box around it, wider than high here.
  ['GRID', { type: 'Point', coordinates: [-0.005, -0.005] }, { type: 'Point', coordinates: [-0.01, -0.01] }],
  [
    'GRID',
    {
      type: 'LineString',
      coordinates: [
        [101.571, 25.061],
        [101.515, 25.049],
        [101.533, 25.075],
      ],
    },
    {
      type: 'Polygon',
      coordinates: [
        [
          [101.51, 25.04],
          [101.58, 25.04],
          [101.58, 25.08],
          [101.51, 25.08],
          [101.51, 25.04],
        ],
      ],
    },
  ],
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
    expect(maskValue('AMOUNT', [[7_400], [null, 3]])).toEqual([[5_000], [null, 2]]);
  });

  it('never show the whole of a value that has something to hide', () => {
    for (const [mask, value] of CASES)
      if (typeof value === 'string' && value.length > 1) expect(maskValue(mask, value)).not.toBe(value);
  });
});

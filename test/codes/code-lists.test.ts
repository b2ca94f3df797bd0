import { describe, expect, it } from 'vitest';
import { archiveOpensOn } from '../../lib/codes/archive-opening.ts';
import { bigrams } from '../../lib/codes/bigrams.ts';
import { addDays, addYears, parseCalendarDate } from '../../lib/codes/calendar-date.ts';
import { ethnicGroups } from '../../lib/codes/ethnic-groups.ts';
import { industrySections, sectionOfClass, sectorOfClass } from '../../lib/codes/industry.ts';
import { landUseClasses, landUses } from '../../lib/codes/land-use.ts';
import { maritalStatuses } from '../../lib/codes/marital-status.ts';
import { documentKinds } from '../../lib/codes/official-documents.ts';
import { provinces } from '../../lib/codes/provinces.ts';
import { isStateSecret, secrecyLevels } from '../../lib/codes/secrecy.ts';
import { sexes } from '../../lib/codes/sex.ts';

describe('code lists', () => {
  it('knows the 56 nationalities by their codes, and the two codes beside them', () => {
    expect(ethnicGroups.size).toBe(58);
    expect(new Set(ethnicGroups.values()).size).toBe(58);
    expect(
      ['01', '02', '03', '04', '05', '06', '07', '08', '14', '18', '20', '56', '97'].map((code) =>
        ethnicGroups.get(code),
      ),
    ).toEqual([
      '汉族',
      '蒙古族',
      '回族',
      '藏族',
      '维吾尔族',
      '苗族',
      '彝族',
      '壮族',
      '白族',
      '傣族',
      '傈僳族',
      '基诺族',
      '其他',
    ]);
    expect(ethnicGroups.has('57')).toBe(false);
  });

  it('knows sexes, marital statuses, provinces and the 15 kinds of documents', () => {
    expect([...sexes.keys()]).toEqual(['0', '1', '2', '9']);
    expect([...maritalStatuses.keys()]).toEqual(['10', '20', '21', '22', '23', '30', '40', '90']);
    expect(provinces.size).toBe(34);
    expect(new Set(documentKinds).size).toBe(15);
  });

  it('knows the 12 classes and 73 kinds of land use', () => {
    expect(landUseClasses.size).toBe(12);
    expect(landUses.size).toBe(73);
    expect(['0103', '0702', '0810', '1103', '1202'].map((code) => landUses.get(code))).toEqual([
      '旱地',
      '农村宅基地',
      '公园与绿地',
      '水库水面',
      '设施农用地',
    ]);
  });

  it('tells state secrets from what a hub may hold', () => {
    expect(secrecyLevels.filter(isStateSecret)).toEqual(['秘密', '机密', '绝密']);
  });
});

describe('industries, GB/T 4754-2017', () => {
  it('has 20 sections that hold the 97 divisions without gap or overlap', () => {
    expect([...industrySections.keys()].join('')).toBe('ABCDEFGHIJKLMNOPQRST');
    let next = 1;
    for (const { from, to } of industrySections.values()) {
      expect(from).toBe(next);
      next = to + 1;
    }
    expect(next).toBe(98);
  });

  it('finds the section from the class', () => {
    expect(sectionOfClass('0111')?.letter).toBe('A');
    expect(sectionOfClass('13')?.letter).toBe('C');
    expect(sectionOfClass('439')?.letter).toBe('C');
    expect(sectionOfClass('9700')?.letter).toBe('T');
    expect(sectionOfClass('98')).toBeUndefined();
    expect(sectionOfClass('00')).toBeUndefined();
    expect(sectionOfClass('A01')).toBeUndefined();
  });

  it('counts services for farming, mining and repair as tertiary', () => {
    expect(['0111', '0511', '0610', '1110', '1310', '4310', '44', '4710', '5111'].map(sectorOfClass)).toEqual([
      'PRIMARY',
      'TERTIARY',
      'SECONDARY',
      'TERTIARY',
      'SECONDARY',
      'TERTIARY',
      'SECONDARY',
      'SECONDARY',
      'TERTIARY',
    ]);
  });
});

describe('dates', () => {
  it('reads the usual ways of writing a day and refuses days that are none', () => {
    for (const text of ['2024-02-29', '20240229', '2024/2/29', '2024.2.29', '2024年2月29日']) {
      expect(parseCalendarDate(text)).toEqual({ kind: 'VALID', value: '2024-02-29' });
    }
    expect(parseCalendarDate('2023-02-29')).toMatchObject({ reason: 'NOT_A_DAY' });
    expect(parseCalendarDate('1900-02-29')).toMatchObject({ reason: 'NOT_A_DAY' });
    expect(parseCalendarDate('2024-00-10')).toMatchObject({ reason: 'NOT_A_DAY' });
    expect(parseCalendarDate('29.2.2024')).toMatchObject({ reason: 'FORMAT' });
    expect(parseCalendarDate('')).toMatchObject({ reason: 'FORMAT' });
  });

  it('counts years and days through leap years', () => {
    expect(addYears('2000-02-29', 25)).toBe('2025-02-28');
    expect(addYears('2000-02-29', 4)).toBe('2004-02-29');
    expect(addDays('2023-12-31', 1)).toBe('2024-01-01');
    expect(addDays('2024-03-01', -1)).toBe('2024-02-29');
  });

  it('opens an archived item on the day after 25 full years', () => {
    expect(archiveOpensOn('1999-05-20', '公开')).toBe('2024-05-21');
    expect(archiveOpensOn('2000-02-29', '内部')).toBe('2025-03-01');
    expect(archiveOpensOn('1999-05-20', '机密')).toBe('2024-05-21');
    expect(archiveOpensOn('1999-05-20', '绝密')).toBe('2029-05-21');
  });
});

describe('bigrams', () => {
  it('cuts a title into overlapping pairs without spaces, punctuation and repeats', () => {
    expect(bigrams('关于 禄丰（市）')).toEqual(['关于', '于禄', '禄丰', '丰市']);
    expect(bigrams('哈哈哈')).toEqual(['哈哈']);
    expect(bigrams('州')).toEqual(['州']);
    expect(bigrams('ＡＢc')).toEqual(['ab', 'bc']);
    expect(bigrams('——')).toEqual([]);
  });
});

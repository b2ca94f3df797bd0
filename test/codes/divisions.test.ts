import { describe, expect, it } from 'vitest';
import { countyCodesInScope, predecessorsOf, successorsOf } from '../../lib/codes/division-changes.ts';
import { allRecords, levelOf, recordsOf } from '../../lib/codes/division-table.ts';
import { countiesOf, divisionAt, divisionName, parentOf } from '../../lib/codes/divisions.ts';

const today = '2025-06-01';
const whole = (...codes: string[]) => codes.map((code) => ({ code, whole: true }));
const part = (...codes: string[]) => codes.map((code) => ({ code, whole: false }));

describe('divisions as at a date', () => {
  it('follows 禄丰 from county to city in 2021', () => {
    expect(divisionAt('532331', '2020-12-31')).toMatchObject({
      kind: 'IN_FORCE',
      division: { name: '禄丰县' },
      certain: true,
    });
    expect(divisionAt('532331', '2022-01-01')).toMatchObject({ kind: 'ABOLISHED', certain: true });
    expect(divisionAt('532302', '2020-12-31')).toMatchObject({ kind: 'NOT_YET_IN_FORCE' });
    expect(divisionAt('532302', today)).toMatchObject({ kind: 'IN_FORCE', division: { name: '禄丰市' } });
    expect(successorsOf('532331', today)).toEqual(whole('532302'));
    expect(predecessorsOf('532302')).toEqual(whole('532331'));
  });

  it('says so where only the year of a change is known', () => {
    expect(divisionAt('532302', '2021-03-01')).toMatchObject({ kind: 'IN_FORCE', certain: false });
    expect(divisionAt('532331', '2021-03-01')).toMatchObject({ kind: 'ABOLISHED', certain: false });
    expect(divisionAt('532322', '1980-05-05')).toMatchObject({ kind: 'IN_FORCE', certain: true });
    expect(divisionAt('653228', '2024-12-26')).toMatchObject({ kind: 'NOT_YET_IN_FORCE', certain: true });
    expect(divisionAt('653228', '2024-12-27')).toMatchObject({ kind: 'IN_FORCE', certain: true });
  });

  it('follows 临沧 from prefecture to city in 2003', () => {
    expect(successorsOf('533500', today)).toEqual(whole('530900'));
    expect(successorsOf('533521', today)).toEqual(whole('530902'));
    expect(successorsOf('533526', today)).toEqual(whole('530925'));
    expect(predecessorsOf('530902')).toEqual(whole('533521'));
    expect(divisionName('533526', '1984-06-01')).toBe('双江县');
  });

  it('merges and splits the districts of 伊春 in 2019', () => {
    expect(successorsOf('230702', today)).toEqual(whole('230717'));
    expect(successorsOf('230708', today)).toEqual(whole('230717'));
    expect(successorsOf('230711', today)).toEqual(part('230717', '230718'));
    expect(successorsOf('230711', '2018-12-31')).toEqual(whole('230711'));
    expect(predecessorsOf('230717')).toEqual([...whole('230702', '230708'), ...part('230711')]);
    expect(predecessorsOf('230718')).toEqual([...whole('230706'), ...part('230711')]);
    expect(predecessorsOf('230751')).toEqual(whole('230705', '230709'));
    expect(predecessorsOf('230724')).toEqual(whole('230707', '230710', '230715'));
    expect(predecessorsOf('230725')).toEqual([...whole('230713'), ...part('230721', '230781', '239005')]);
    const abolished = ['02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12', '13', '14', '15', '16'];
    const reached = abolished.flatMap((end) => successorsOf(`2307${end}`, today).map(({ code }) => code));
    expect([...new Set(reached)].sort()).toEqual(
      ['17', '18', '19', '23', '24', '25', '26', '51'].map((end) => `2307${end}`),
    );
  });

  it('splits the suburb of 长春 five ways in 1995', () => {
    expect(successorsOf('220111', today)).toEqual(part('220102', '220103', '220104', '220105', '220106'));
    expect(divisionName('220105', '1995-07-05')).toBe('二道河子区');
    expect(divisionName('220105', '1995-07-06')).toBe('二道区');
    expect(successorsOf('220105', today)).toEqual(whole('220105'));
  });

  it('moves 公主岭 to 长春 in 2020, after three other codes', () => {
    expect(successorsOf('220321', today)).toEqual([...part('220100'), ...whole('220184')]);
    expect(successorsOf('220381', '2019-12-31')).toEqual([...part('220100'), ...whole('220381')]);
    expect(predecessorsOf('220184')).toEqual(whole('220319', '220321', '220381', '222121', '229001'));
    expect(parentOf('220381', '2019-01-01')).toBe('220300');
    expect(parentOf('220184', today)).toBe('220100');
  });

  it('founds 和康 and 和安 at the end of 2024 from parts of two counties that stay', () => {
    expect(predecessorsOf('653228')).toEqual(part('653223'));
    expect(predecessorsOf('653229')).toEqual(part('653221'));
    expect(successorsOf('653223', today)).toEqual([...whole('653223'), ...part('653228')]);
    expect(successorsOf('653223', '2024-12-26')).toEqual(whole('653223'));
  });

  it('comes through codes that were given back and taken again', () => {
    expect(successorsOf('222521', today)).toEqual(whole('220182'));
    expect(divisionAt('220121', '1982-06-01')).toMatchObject({ kind: 'ABOLISHED' });
    expect(divisionAt('220121', '1984-06-01')).toMatchObject({ kind: 'IN_FORCE' });
  });
});

describe('what the table does not know', () => {
  it('is answered UNKNOWN with the reason, never guessed', () => {
    expect(divisionAt('532399', today)).toMatchObject({ kind: 'UNKNOWN', reason: 'NO_SUCH_CODE' });
    expect(divisionAt('159999', today)).toMatchObject({ kind: 'UNKNOWN', reason: 'NOT_COVERED' });
    expect(divisionAt('110101', today)).toMatchObject({ kind: 'IN_FORCE', division: { source: 'SNAPSHOT' } });
    expect(divisionAt('110101', '2010-01-01')).toMatchObject({ kind: 'UNKNOWN', reason: 'NO_HISTORY' });
    expect(divisionAt('53230', today)).toMatchObject({ kind: 'UNKNOWN', reason: 'NOT_A_CODE' });
    expect(successorsOf('159999', today)).toEqual([]);
  });

  it('leaves out codes that only the statistics bureau uses', () => {
    expect(recordsOf('220171')).toEqual([]);
    expect(recordsOf('620201')).toEqual([]);
    expect(recordsOf('441900')).toMatchObject([{ name: '东莞市', level: 'PREFECTURE' }]);
  });
});

describe('levels, parents and scopes', () => {
  it('tells the level by the shape of the code', () => {
    expect(['530000', '532300', '532301', '532301101', '532301101000', '532301101001', '53'].map(levelOf)).toEqual([
      'PROVINCE',
      'PREFECTURE',
      'COUNTY',
      'TOWNSHIP',
      'TOWNSHIP',
      'VILLAGE',
      undefined,
    ]);
  });

  it('finds the division above', () => {
    expect(parentOf('532301101001', today)).toBe('532301101');
    expect(parentOf('532301101', today)).toBe('532301');
    expect(parentOf('532301', today)).toBe('532300');
    expect(parentOf('532300', today)).toBe('530000');
    expect(parentOf('530000', today)).toBeNull();
    expect(parentOf('110101', today)).toBe('110000');
    expect(parentOf('229001', '1990-06-01')).toBe('220000');
  });

  it('lists the ten counties of 楚雄 then and now', () => {
    const names = (at: string) => countiesOf('532300', at).map(({ name }) => name);
    expect(names(today)).toHaveLength(10);
    expect(names(today)).toContain('禄丰市');
    expect(names('2015-01-01')).toContain('禄丰县');
    expect(names('1981-01-01')).toContain('禄劝县');
  });

  it('scopes rows by county with its predecessors, but not by prefix', () => {
    const codes = countyCodesInScope('532300', today);
    expect(codes).toContain('532331');
    expect(codes).toContain('532321');
    expect(codes).not.toContain('532330');
    expect(countyCodesInScope('532302', today)).toEqual(['532302', '532331']);
    expect(countyCodesInScope('230717', today)).toEqual(['230702', '230708', '230717']);
  });

  it('holds a table in which every county has a parent and every change a date', () => {
    for (const record of allRecords()) {
      expect(record.validFrom).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      expect(record.validTo === null || record.validFrom < record.validTo).toBe(true);
      for (const transfer of record.transfers) expect(transfer.code).toMatch(/^\d{6}$/);
      expect(record.level).toBe(levelOf(record.code));
    }
  });
});

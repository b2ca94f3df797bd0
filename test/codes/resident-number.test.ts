import { describe, expect, it } from 'vitest';
import { composeResidentNumber, legacyResidentNumber, parseResidentNumber } from '../../lib/codes/resident-number.ts';

function parsed(text: string) {
  const verdict = parseResidentNumber(text);
  if (verdict.kind !== 'VALID') throw new Error(`expected a valid number, got ${verdict.reason}`);
  return verdict.value;
}

function refusal(text: string, at?: string) {
  const verdict = parseResidentNumber(text, at);
  return verdict.kind === 'INVALID' ? verdict.reason : verdict.kind;
}

describe('resident numbers, GB 11643', () => {
  it('reads the examples of the standard', () => {
    expect(parsed('11010519491231002X')).toEqual({
      number: '11010519491231002X',
      kind: 'CITIZEN',
      legacy: false,
      areaAtFirstIssue: '110105',
      birthDate: '1949-12-31',
      sex: '2',
      sequence: '002',
    });
    expect(parsed('440524188001010014')).toMatchObject({ birthDate: '1880-01-01', sex: '1' });
  });

  it('takes a small x as X and nothing else for it', () => {
    expect(parsed('11010519491231002x').number).toBe('11010519491231002X');
    expect(refusal('11010519491231002Y')).toBe('CHARACTERS');
    expect(refusal('1101051949123100２X')).toBe('CHARACTERS');
    expect(refusal('1101051949X2310021')).toBe('CHARACTERS');
  });

  it('finds one wrong digit and two digits in the wrong order', () => {
    expect(refusal('110105194912310021')).toBe('CHECK_CHARACTER');
    expect(refusal('11010519491231003X')).toBe('CHECK_CHARACTER');
    expect(refusal('11015019491231002X')).toBe('CHECK_CHARACTER');
  });

  it('refuses birth dates that are no days, which id-validator accepts', () => {
    expect(refusal(composeResidentNumber('530111', '1980-02-30', '001'))).toBe('BIRTH_DATE');
    expect(refusal(composeResidentNumber('530111', '1981-02-29', '001'))).toBe('BIRTH_DATE');
    expect(refusal(composeResidentNumber('530111', '1900-02-29', '001'))).toBe('BIRTH_DATE');
    expect(refusal(composeResidentNumber('530111', '1990-13-01', '001'))).toBe('BIRTH_DATE');
    expect(refusal(composeResidentNumber('530111', '1990-04-31', '001'))).toBe('BIRTH_DATE');
    expect(refusal(composeResidentNumber('530111', '2000-02-29', '001'))).toBe('VALID');
    expect(refusal(composeResidentNumber('530111', '1984-02-29', '001'))).toBe('VALID');
  });

  it('refuses a birth date later than the given day only', () => {
    const number = composeResidentNumber('532301', '2024-05-02', '013');
    expect(refusal(number, '2024-05-01')).toBe('BORN_IN_THE_FUTURE');
    expect(refusal(number, '2024-05-02')).toBe('VALID');
  });

  it('keeps abolished areas valid for life and refuses areas that never issued', () => {
    expect(parsed(composeResidentNumber('532331', '1975-08-09', '027')).areaAtFirstIssue).toBe('532331');
    expect(parsed(composeResidentNumber('220111', '1960-01-02', '014')).sex).toBe('2');
    expect(refusal(composeResidentNumber('160101', '1975-08-09', '027'))).toBe('AREA');
    expect(refusal(composeResidentNumber('000000', '1975-08-09', '027'))).toBe('AREA');
  });

  it('tells residence permits and foreign permanent residents from citizens', () => {
    expect(parsed(composeResidentNumber('810000', '1990-01-01', '001')).kind).toBe('HONG_KONG_PERMIT');
    expect(parsed(composeResidentNumber('820000', '1990-01-01', '001')).kind).toBe('MACAO_PERMIT');
    expect(parsed(composeResidentNumber('830000', '1990-01-01', '001')).kind).toBe('TAIWAN_PERMIT');
    expect(parsed(composeResidentNumber('953840', '1990-01-01', '001')).kind).toBe('FOREIGN_PERMANENT_RESIDENT');
    expect(refusal(composeResidentNumber('810101', '1990-01-01', '001'))).toBe('AREA');
    expect(refusal(composeResidentNumber('999840', '1990-01-01', '001'))).toBe('AREA');
  });

  it('upgrades 15-digit numbers, those of centenarians to the century before', () => {
    const upgraded = parsed('110105491231002');
    expect(upgraded).toMatchObject({ number: '11010519491231002X', legacy: true, birthDate: '1949-12-31', sex: '2' });
    expect(parsed('532321981231997')).toMatchObject({ birthDate: '1898-12-31', sex: '1' });
    expect(legacyResidentNumber('11010519491231002X')).toBe('110105491231002');
    expect(refusal('110105491331002')).toBe('BIRTH_DATE');
    expect(refusal('810000900101001')).toBe('AREA');
  });

  it('says what is wrong without repeating the number', () => {
    expect(refusal('1101051949123100')).toBe('LENGTH');
    expect(refusal('')).toBe('LENGTH');
    const verdict = parseResidentNumber('110105194912310021');
    expect(verdict.kind === 'INVALID' && verdict.message).toMatch(/last character.*certificate/);
    expect(JSON.stringify(verdict)).not.toContain('19491231');
  });
});

import { describe, expect, it } from 'vitest';
import { formatOrgCode, orgCodeCheck, parseOrgCode } from '../../lib/codes/org-code.ts';
import { composeCreditCode, creditCodeCheck, parseCreditCode } from '../../lib/codes/uscc.ts';

function refusal(text: string) {
  const verdict = parseCreditCode(text);
  return verdict.kind === 'INVALID' ? verdict.reason : verdict.kind;
}

const known = [
  '91350100M000100Y43',
  '91110000802100433B',
  '914403001922038216',
  '9144030071526726XG',
  '91330100799655058B',
];

describe('unified social credit codes, GB 32100', () => {
  it.each(known)('accepts the known code %s', (code) => {
    expect(parseCreditCode(code)).toMatchObject({ kind: 'VALID', value: { code, orgCode: code.slice(8, 17) } });
  });

  it('refuses the often quoted worked example, which is one character too long', () => {
    expect(refusal('91350100M000100Y4Z')).toBe('CHARACTERS');
  });

  it('refuses what the widely copied snippets compute', () => {
    // They map letters by their place in ASCII (ord − 55) and leave out "31 −": the check comes out as D, not 3.
    const weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
    const body = '91350100M000100Y4';
    const values = Array.from(body, (character) => Number.parseInt(character, 36));
    const wrong = values.reduce((sum, value, index) => sum + value * (weights[index] ?? 0), 0) % 31;
    const wrongCheck = '0123456789ABCDEFGHJKLMNPQRTUWXY'.charAt(wrong);
    expect(wrongCheck).not.toBe('3');
    expect(refusal(body + wrongCheck)).toBe('CHECK_CHARACTER');
    expect(refusal(`${body}D`)).toBe('CHECK_CHARACTER');
    expect(creditCodeCheck(body)).toBe('3');
  });

  it('tests both check characters', () => {
    // Organisation code broken, its own check character made to fit.
    const body = '91110000802100434';
    expect(refusal(body + creditCodeCheck(body))).toBe('ORGANISATION_CODE');
    expect(refusal('91110000802100433C')).toBe('CHECK_CHARACTER');
  });

  it('refuses the letters that look like digits, small letters and wrong lengths', () => {
    for (const letter of 'IOSVZ') expect(refusal(`91110000${letter}02100433B`)).toBe('CHARACTERS');
    expect(refusal('91110000802100433b')).toBe('CHARACTERS');
    expect(refusal('9111A000802100433B')).toBe('CHARACTERS');
    expect(refusal('91110000802100433')).toBe('LENGTH');
    expect(refusal('91160100802100433B')).toBe('DIVISION');
  });

  it('names the registrar and does not guess one it does not know', () => {
    const code = (registrar: string) =>
      parseCreditCode(composeCreditCode({ registrar, category: '1', division: '532300', orgBody: 'MA6K1234' }));
    expect(code('9')).toMatchObject({ value: { registrar: 'MARKET_REGULATION', division: '532300' } });
    expect(code('1')).toMatchObject({ value: { registrar: 'ESTABLISHMENT_OFFICE' } });
    expect(code('N')).toMatchObject({ kind: 'VALID', value: { registrar: 'UNKNOWN' } });
  });
});

describe('organisation codes, GB 11714', () => {
  it.each(['D2143569-X', '80210043-3', '71526726-X', '19220382-1', 'M000100Y-4'])('accepts %s', (printed) => {
    const code = printed.replace('-', '');
    expect(parseOrgCode(printed)).toEqual({ kind: 'VALID', value: code });
    expect(parseOrgCode(code)).toEqual({ kind: 'VALID', value: code });
    expect(formatOrgCode(code)).toBe(printed);
  });

  it('writes X for ten and 0 for eleven', () => {
    expect(orgCodeCheck('D2143569')).toBe('X');
    expect(orgCodeCheck('00000000')).toBe('0');
  });

  it('refuses a wrong check character and a wrong form', () => {
    expect(parseOrgCode('D2143569-1')).toMatchObject({ reason: 'CHECK_CHARACTER' });
    expect(parseOrgCode('d2143569-X')).toMatchObject({ reason: 'FORMAT' });
    expect(parseOrgCode('D2143569--X')).toMatchObject({ reason: 'FORMAT' });
  });
});

import { describe, expect, it } from 'vitest';
import { effectiveDivisions, intersectionOf, unconfirmed, unionOf } from '../../sharing/policy/row-scope.ts';

const TODAY = '2026-11-22';

describe('the divisions of a grant', () => {
  it.each<[string, string, readonly string[]]>([
    ['532331', 'became 禄丰市 and nothing else went into that', ['532302', '532331']],
    ['532302', 'is in force', ['532302']],
    ['532300', 'is a prefecture in force', ['532300']],
    ['230711', 'was split', ['230711']],
    ['532301101001', 'is a village', ['532301101001']],
    ['999999', 'is nobody’s', ['999999']],
  ])('follow a code only where it is the same area under another: %s %s', (code, _why, expected) => {
    expect(effectiveDivisions([code], TODAY)).toEqual(expected);
  });

  it('follow nothing before the day of the change', () => {
    expect(effectiveDivisions(['532331'], '2020-12-31')).toEqual(['532331']);
  });

  it('wait for their owner’s word after a split or a merger, and name what the area became', () => {
    const [split] = unconfirmed(['230711'], TODAY);
    expect(split?.code).toBe('230711');
    expect(split?.successors).toEqual(['230717', '230718']);
    expect(unconfirmed(['999999', '532301'], TODAY)).toEqual([]);
    expect(unconfirmed(['532331', '532301', '532300'], TODAY)).toEqual([]);
  });

  it('wait no longer once their owner has named any part of what the area became', () => {
    for (const confirmed of ['230717', '230718', '230717101']) {
      expect(unconfirmed(['532301', '230711', confirmed], TODAY)).toEqual([]);
      expect(unconfirmed([confirmed, '230711'], TODAY)).toEqual([]);
    }
    expect(unconfirmed(['230711', '532301', '110717', '230700'], TODAY)).toEqual([
      { code: '230711', successors: ['230717', '230718'] },
    ]);
  });

  it('do not reach the other half of a merger', () => {
    const merged = ['230702', '230703'].filter((code) => unconfirmed([code], TODAY).length > 0);
    expect(merged.length).toBeGreaterThan(0);
    for (const code of merged) expect(effectiveDivisions([code], TODAY)).toEqual([code]);
  });
});

describe('scopes together', () => {
  const everywhere = ['*'];
  it.each([
    [
      [['532301'], ['532302']],
      ['532301', '532302'],
    ],
    [[['532300'], ['532301']], ['532300']],
    [[['532301'], everywhere], everywhere],
    [[['532301101'], ['532301']], ['532301']],
    [[], []],
  ])('%j reach as far as one of them: %j', (scopes, expected) => {
    expect(unionOf(scopes)).toEqual(expected);
  });

  it.each([
    [['532300'], ['532301', '532302'], ['532301', '532302']],
    [['532301'], ['532302'], []],
    [everywhere, ['532301'], ['532301']],
    [['532301'], everywhere, ['532301']],
    [['532301101', '532302'], ['532301'], ['532301101']],
    [[], everywhere, []],
    [['530000'], ['532300'], ['532300']],
    [['532301', '532322'], ['532301', '532323'], ['532301']],
    [['532301101', '532322'], ['532301', '532900'], ['532301101']],
  ])('%j and %j share %j: nowhere is not everywhere', (one, other, expected) => {
    expect(intersectionOf(one, other)).toEqual(expected);
    expect(intersectionOf(other, one)).toEqual(expected);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Answer, Cell } from '../../web/dashboard/answer.ts';
import { sampleAnswer } from './dashboard-answers.ts';
import { look, TABLES } from './dashboard-visit.ts';

/**
 * What leaves the page, whatever a visitor does: its markup with the data of its charts, and every export. A hidden number must
 * not be in it, nor anything that depends on it.
 */
async function everything(answer: Answer, search: string): Promise<string> {
  const { page, csv } = await look(answer, search);
  return [page, ...(await Promise.all(TABLES.map(csv)))].join('\n');
}

/** Every number of an answer that disclosure control may hide, with the names of its two fields. */
interface Place {
  readonly cell: Record<string, unknown>;
  readonly value: string;
  readonly suppressed: string;
}

const PAIRS = [
  ['count', 'suppressed'],
  ['areaSquareMetres', 'areaSuppressed'],
  ['revenueFen', 'revenueSuppressed'],
] as const;

function placesIn(value: unknown): Place[] {
  if (Array.isArray(value)) return value.flatMap(placesIn);
  if (typeof value !== 'object' || value === null) return [];
  const cell = value as Record<string, unknown>;
  const own = PAIRS.filter(([number]) => typeof cell[number] === 'number').map(([number, suppressed]) => ({
    cell,
    value: number,
    suppressed,
  }));
  return [...own, ...Object.values(cell).flatMap(placesIn)];
}

const SEARCHES = [
  'division=532300',
  'division=532301&with=532302&measure=complaints',
  'division=532300&against=2026-10&measure=area',
] as const;

const wishes = {
  'division=532300': { division: '532300' },
  'division=532301&with=532302&measure=complaints': { division: '532301', beside: '532302' },
  'division=532300&against=2026-10&measure=area': { division: '532300', against: '2026-10' },
} as const;

/** The answer with some numbers hidden; `sent` is what a broken sender would put into their place. */
function hidden(search: keyof typeof wishes, picks: readonly number[], sent: (pick: number) => number | null): Answer {
  const answer = structuredClone(sampleAnswer(wishes[search]));
  const places = placesIn(answer.data);
  for (const pick of picks) {
    const place = places[pick % places.length];
    if (!place) throw new Error('the sample has numbers');
    place.cell[place.value] = sent(pick);
    place.cell[place.suppressed] = pick % 2 === 0 ? 'PRIMARY' : 'SECONDARY';
  }
  return answer;
}

const picks = fc.uniqueArray(fc.nat(4_000), { minLength: 1, maxLength: 60 });

describe('a hidden number', () => {
  it('changes nothing of the page, its charts and its exports, whatever it is', { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...SEARCHES), picks, fc.nat(90_000), async (search, chosen, other) => {
        const without = await everything(
          hidden(search, chosen, () => null),
          search,
        );
        const small = await everything(
          hidden(search, chosen, (pick) => (pick % 9) + 1),
          search,
        );
        const large = await everything(
          hidden(search, chosen, (pick) => 100_000 + pick * 7 + other),
          search,
        );
        expect(small).toBe(without);
        expect(large).toBe(without);
      }),
      { numRuns: 40 },
    );
  });

  it('would be told by the page if it were not marked: the test sees what it looks for', async () => {
    const search = SEARCHES[0];
    const answer = sampleAnswer(wishes[search]);
    const plain = await everything(answer, search);
    const [cell] = answer.data?.division?.residents ?? [];
    if (!cell) throw new Error('the sample has residents');
    cell.count = 8_765_432;
    expect(await everything(answer, search)).not.toBe(plain);
    expect(await everything(answer, search)).toContain('8,765,432');
  });

  it('is not what is left of a total', { timeout: 120_000 }, async () => {
    const tables = ['bySex', 'byAge', 'byIndustry', 'byLandUse', 'byTopic', 'byState', 'byRetention'] as const;
    const totals = {
      bySex: 'residents',
      byAge: 'residents',
      byIndustry: 'legalPersons',
      byLandUse: 'parcels',
      byTopic: 'complaints',
      byState: 'complaints',
      byRetention: 'archives',
    } as const;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...tables), fc.nat(20), async (table, pick) => {
        const answer = sampleAnswer();
        const division = answer.data?.division;
        const cells: Cell[] = division?.[table] ?? [];
        const cell = cells[pick % cells.length];
        const total = division?.[totals[table]]?.[0];
        if (!cell || !total) throw new Error('the sample has all tables');
        // A number of its own, that nothing else on the page is.
        const secret = 31_415_926 + pick;
        const others = cells.filter((each) => each !== cell);
        total.count = secret + others.reduce((sum, { count }) => sum + (count ?? 0), 0);
        Object.assign(cell, { count: null, suppressed: 'PRIMARY', areaSquareMetres: null, areaSuppressed: 'PRIMARY' });
        const text = (await everything(answer, 'division=532300')).replaceAll(',', '');
        expect(text).toContain(String(total.count));
        expect(text).not.toContain(String(secret));
        const share = (secret / total.count) * 100;
        expect(text).not.toContain(`${share.toFixed(1)}%`);
      }),
      { numRuns: 30 },
    );
  });

  it('gives its row no place: rows stand by code, bars and colours by what is shown', async () => {
    const search = SEARCHES[0];
    const answer = sampleAnswer(wishes[search]);
    const [first, second] = answer.data?.division?.byIndustry ?? [];
    if (!first || !second) throw new Error('the sample has industries');
    Object.assign(second, { count: 5_000_000, suppressed: 'PRIMARY', revenueFen: null, revenueSuppressed: 'PRIMARY' });
    const { csv } = await look(answer, search);
    const lines = (await csv('industry')).split('\r\n').map((line) => line.split(',')[0]);
    expect(lines.slice(1, 4)).toEqual(['"Agriculture', 'Mining', 'Manufacturing']);
  });
});

describe('an export', () => {
  it('begins with the mark of its encoding and keeps what is hidden hidden, with the reason', async () => {
    const answer = sampleAnswer();
    Object.assign(answer.data?.division?.byState?.[0] ?? {}, { count: null, suppressed: 'SECONDARY' });
    const { csv } = await look(answer, '', 'zh-CN');
    const text = await csv('states');
    expect(text.startsWith('\uFEFF办理状态,热线诉求（件）,占比\r\n办理中,—（连带保护）,—（连带保护）\r\n')).toBe(true);
    expect(text).toContain('来源: ');
    expect(text).toContain('口径: 十二个月内受理的诉求');
    expect(text).toContain('第 3 期统计发布');
  });

  it('never holds a formula, whatever a name is', async () => {
    const answer = sampleAnswer();
    const edges = answer.data?.division?.children?.edges ?? [];
    const names = ['=HYPERLINK("http://x")', '+1', '-1+1', '@SUM(A1)', '\t=1', ' =1', 'a,"b"\r\nc'];
    for (const [index, name] of names.entries()) Object.assign(edges[index]?.node ?? {}, { name });
    const { csv } = await look(answer);
    const lines = await csv('counties');
    expect(lines).not.toMatch(/(^|[,"])\s*[=+@]/m);
    expect(lines).not.toMatch(/(^|,)"?\s*-1\+1/m);
    expect(lines).toContain(`"'=HYPERLINK(""http://x"")"`);
    expect(lines).toContain('"a,""b""\r\nc"');
  });

  it('exists for every table of the page and for no other', async () => {
    const { csv } = await look(sampleAnswer({ division: '532301' }), 'division=532301');
    for (const table of [...TABLES, 'townships']) expect((await csv(table)).length).toBeGreaterThan(50);
    await expect(csv('constructor')).rejects.toThrow('NOT_FOUND');
  });
});

describe('a name out of the data', () => {
  it('is text, in the page as in the data of its charts', async () => {
    const answer = sampleAnswer();
    const evil = '</script><script>alert(1)</script><img src=x onerror=alert(1)>';
    Object.assign(answer.data?.division ?? {}, { name: evil });
    Object.assign(answer.data?.division?.byTopic?.[0]?.topic ?? {}, { title: evil });
    Object.assign(answer.data?.division?.children?.edges?.[0]?.node ?? {}, { name: evil });
    const { page } = await look(answer);
    expect(page).not.toContain('<script>alert');
    expect(page).not.toContain('<img');
    expect(page).toContain('&lt;/script&gt;');
    expect(page).toContain('\\u003c/script\\u003e');
  });
});

import { describe, expect, it } from 'vitest';
import type { Answer } from '../../web/dashboard/answer.ts';
import { classesOf, classOf } from '../../web/dashboard/classes.ts';
import type { Figure } from '../../web/dashboard/figure.ts';
import { dashboardPages } from '../../web/dashboard/page.ts';
import { operationOf } from '../../web/dashboard/query.ts';
import { tilesOf } from '../../web/dashboard/tiles.ts';
import type { Answered } from '../../web/visit.ts';
import { sampleAnswer } from './dashboard-answers.ts';
import { NOW, visitOf } from './dashboard-visit.ts';

const MONTH_MS = 31 * 24 * 3_600_000;
const shown = (value: number): Figure => ({ kind: 'SHOWN', value });
const HIDDEN: Figure = { kind: 'HIDDEN', by: 'PRIMARY' };

describe('the question', () => {
  it('has a text of its own for levels and comparisons, and for nothing else', () => {
    const text = (wish: Parameters<typeof operationOf>[0], now = NOW) =>
      operationOf(wish, { now, latest: '2026-11' }).query;
    expect(text({ division: '532301' })).toBe(text({ division: '532302', period: '2026-10' }, NOW + 3 * MONTH_MS));
    const texts = ['532300', '532301', '532301100'].flatMap((division) => [
      text({ division }),
      text({ division, beside: '532302' }),
      text({ division, against: '2026-10' }),
    ]);
    expect(new Set(texts).size).toBe(9);
  });

  it('declares the variables it uses and no others', () => {
    const { query, variables } = operationOf({ division: '532300' }, { now: NOW, latest: '2026-11' });
    const [head, body] = [query.slice(0, query.indexOf(') {')), query.slice(query.indexOf(') {'))];
    for (const name of Object.keys(variables))
      expect([head.includes(`$${name}:`), body.includes(`$${name}`)]).toEqual([true, true]);
    expect(variables).toMatchObject({
      fromMonth: '2023-10',
      toMonth: '2026-11',
      fromQuarter: '2023-Q4',
      toYear: '2026',
    });
  });

  it('is asked once, and once more only when the latest release is another than at the last look', async () => {
    let released = '2026-11';
    const months: unknown[] = [];
    const [page] = dashboardPages({ home: '532300', now: () => NOW });
    const visit = {
      ...visitOf(sampleAnswer(), '/dashboard', 'en'),
      ask: <Data>(_query: string, variables: Readonly<Record<string, unknown>> = {}) => {
        months.push(variables['at']);
        const answer: Answer = sampleAnswer();
        for (const cell of answer.data?.division?.residents ?? []) if (cell.about) cell.about.period = released;
        return Promise.resolve({ status: 200, ...answer } as unknown as Answered<Data>);
      },
    };
    await page?.show(visit);
    expect(months).toEqual(['2026-11']);
    released = '2026-12';
    await page?.show(visit);
    expect(months).toEqual(['2026-11', '2026-11', '2026-12']);
    await page?.show(visit);
    expect(months).toEqual(['2026-11', '2026-11', '2026-12', '2026-12']);
  });
});

describe('colour classes', () => {
  it('hold about equally many shown numbers, and begin and end with one', () => {
    const values = [9, 1, 4, 7, 2, 8, 3, 6, 5, 10];
    const classes = classesOf([...values.map(shown), HIDDEN]);
    expect(classes.map(({ from, to }) => [from, to])).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
      [7, 8],
      [9, 10],
    ]);
    expect(classOf(shown(7), classes)?.number).toBe(4);
    expect(classOf(HIDDEN, classes)).toBeUndefined();
  });

  it('are no more than there are different numbers', () => {
    expect(classesOf([shown(3), shown(3), HIDDEN])).toEqual([{ number: 1, from: 3, to: 3 }]);
    expect(classesOf([HIDDEN])).toEqual([]);
  });
});

describe('the tiles of the map', () => {
  const places = (codes: readonly string[]) =>
    [...tilesOf(codes).values()].map(({ column, row }) => `${column},${row}`);
  const counties = [1, 2, 22, 23, 24, 25, 26, 27, 28, 29].map((number) => String(532_300 + number));

  it('have places of their own for the counties of 楚雄, the northernmost on top', () => {
    expect(new Set(places(counties)).size).toBe(10);
    expect(tilesOf(counties).get('532327')).toEqual({ column: 1, row: 0 });
  });

  it('have places of their own for any other list', () => {
    const codes = Array.from({ length: 47 }, (_, index) => String(532_301_100 + index));
    expect(new Set(places(codes)).size).toBe(47);
  });
});

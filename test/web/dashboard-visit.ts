import type { Answer } from '../../web/dashboard/answer.ts';
import { dashboardPages } from '../../web/dashboard/page.ts';
import type { Language } from '../../web/language.ts';
import type { Answered, Visit } from '../../web/visit.ts';

/** Noon of 2026-11-22 in China. */
export const NOW = Date.parse('2026-11-22T04:00:00Z');

export interface Looked {
  /** The main part of the page. */
  readonly page: string;
  /** Exports by the name of their table. */
  readonly csv: (table: string) => Promise<string>;
}

/** Looks at the dashboard as one who gets this answer, whatever is asked. */
export async function look(answer: Answer, search = '', language: Language = 'en'): Promise<Looked> {
  const [dashboard, csv] = dashboardPages({ home: '532300', now: () => NOW });
  if (!dashboard || !csv) throw new Error('the dashboard has two pages');
  const shown = await dashboard.show(visitOf(answer, `/dashboard?${search}`, language));
  if (shown.kind !== 'page') throw new Error('not a page');
  return {
    page: String(shown.main),
    async csv(table) {
      const file = await csv.show(visitOf(answer, `/dashboard.csv?${search}&table=${table}`, language));
      if (file.kind !== 'file') throw new Error('not a file');
      return file.body;
    },
  };
}

export function visitOf(answer: Answer, path: string, language: Language): Visit {
  return {
    language,
    theme: 'auto',
    path,
    origin: 'http://127.0.0.1:4000',
    query: new URLSearchParams(path.split('?')[1]),
    ask: <Data>() => Promise.resolve({ status: 200, ...answer } as unknown as Answered<Data>),
  };
}

/** Every table that can be exported from the page of a prefecture or a county. */
export const TABLES = ['key', 'counties', 'age', 'sex', 'industry', 'land', 'topics', 'states', 'retention', 'GE001'];

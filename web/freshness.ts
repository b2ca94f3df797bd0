import { badge } from './parts.ts';
import { type Html, html } from './html.ts';
import { formatMoment, type Language, type Texts } from './language.ts';

/** How up to date a resource is, as its subgraph says; null where nobody knows. */
export interface Freshness {
  /** RFC 3339. */
  readonly updatedAt: string | null;
  readonly due: string | null;
  readonly overdue: boolean | null;
}

export const FRESHNESS = 'updatedAt due overdue';

const TEXTS: Texts<Readonly<Record<'fresh' | 'overdue' | 'unknown' | 'updated' | 'due', string>>> = {
  'zh-CN': {
    fresh: '按期更新',
    overdue: '逾期未更新',
    unknown: '更新时间不详',
    updated: '更新于',
    due: '应于此前更新：',
  },
  en: { fresh: 'Up to date', overdue: 'Overdue', unknown: 'Freshness not known', updated: 'updated', due: 'due by' },
};

/** In a word, whether a resource keeps the update cycle that its owner promised. */
export function freshnessBadge({ overdue, updatedAt }: Freshness, language: Language): Html {
  const words = TEXTS[language];
  if (overdue === true) return badge(words.overdue, 'bad');
  return updatedAt === null ? badge(words.unknown, 'plain') : badge(words.fresh, 'good');
}

/** The same with its times. */
export function freshnessWords(freshness: Freshness, language: Language): Html {
  const words = TEXTS[language];
  const { updatedAt, due } = freshness;
  return html`${freshnessBadge(freshness, language)}
    <span class="soft">
      ${updatedAt !== null && `${words.updated} ${formatMoment(updatedAt)}`}
      ${due !== null && html`<br />${words.due} ${formatMoment(due)}`}
    </span>`;
}

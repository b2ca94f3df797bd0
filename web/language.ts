/** The languages of the pages. */
export type Language = 'zh-CN' | 'en';

export const LANGUAGES: readonly Language[] = ['zh-CN', 'en'];

/** The words of a page in each language; every one of them has all. */
export type Texts<Words> = Readonly<Record<Language, Words>>;

/** Chinese where nobody says anything else: it is the language of the data. */
const DEFAULT: Language = 'zh-CN';

export function isLanguage(text: unknown): text is Language {
  return LANGUAGES.some((language) => language === text);
}

/**
 * The language of a visit.
 * @param kept what the visitor chose on an earlier page.
 * @param accepted the header Accept-Language, such as `en-GB,en;q=0.9,zh;q=0.5`.
 */
export function chooseLanguage(kept: string | undefined, accepted: string | undefined): Language {
  if (isLanguage(kept)) return kept;
  const wishes = (accepted ?? '').split(',').flatMap((wish) => {
    const { tag, weight } = /^\s*(?<tag>[\w*-]+)\s*(;\s*q=(?<weight>[\d.]+)\s*)?$/.exec(wish)?.groups ?? {};
    return tag === undefined ? [] : [{ tag: tag.toLowerCase(), weight: Number(weight ?? 1) }];
  });
  for (const { tag } of wishes.filter(({ weight }) => weight > 0).sort((a, b) => b.weight - a.weight)) {
    if (tag === 'zh' || tag.startsWith('zh-')) return 'zh-CN';
    if (tag === 'en' || tag.startsWith('en-')) return 'en';
  }
  return DEFAULT;
}

/** Clocks of the departments, wherever the server stands. */
const timeZone = 'Asia/Shanghai';

const LOCALES: Texts<string> = { 'zh-CN': 'zh-CN', en: 'en-GB' };

/** Formats are made once: each takes longer to make than hundreds of numbers to write. */
const DAYS: Texts<Intl.DateTimeFormat> = {
  'zh-CN': new Intl.DateTimeFormat(LOCALES['zh-CN'], { timeZone, year: 'numeric', month: 'long', day: 'numeric' }),
  en: new Intl.DateTimeFormat(LOCALES.en, { timeZone, year: 'numeric', month: 'short', day: 'numeric' }),
};
const MOMENTS = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
const numbers = new Map<string, Intl.NumberFormat>();

/** A day, such as 2026年11月22日 or 22 Nov 2026. @param moment RFC 3339, or a day such as 2026-11-22. */
export function formatDay(moment: string | Date, language: Language): string {
  return DAYS[language].format(new Date(moment));
}

/** A moment to the minute, such as 2026-11-22 15:30, in China's time. */
export function formatMoment(moment: string | Date): string {
  return MOMENTS.format(new Date(moment));
}

/** A number with its thousands set apart, such as 1,234.5. */
export function formatNumber(value: number, language: Language, digits = 0): string {
  return numberFormat(language, { maximumFractionDigits: digits }).format(value);
}

/** A share of one as per cent, such as 12.5%. */
export function formatShare(share: number, language: Language): string {
  return numberFormat(language, { maximumFractionDigits: 1, style: 'percent' }).format(share);
}

function numberFormat(
  language: Language,
  options: { readonly maximumFractionDigits: number; readonly style?: 'percent' },
): Intl.NumberFormat {
  const name = `${language} ${options.maximumFractionDigits} ${options.style ?? 'decimal'}`;
  const format =
    numbers.get(name) ?? new Intl.NumberFormat(LOCALES[language], { minimumFractionDigits: 0, ...options });
  numbers.set(name, format);
  return format;
}

import { formatNumber, formatShare, type Language } from '../language.ts';
import { departmentName } from '../names.ts';
import type { Figure, Gap } from './figure.ts';
import type { Column, Format, Row } from './table.ts';
import { fill, WORDS } from './texts.ts';

/** How the numbers of a cell are written: a row's own way, except in columns of shares and changes. */
export function formatAt(column: Column, row: Row): Format {
  return row.own && column.format.kind === 'NUMBER' ? row.own.format : column.format;
}

/** The number as people read it; a dash where there is none. */
export function formatFigure(figure: Figure, format: Format, language: Language): string {
  if (figure.kind !== 'SHOWN') return WORDS[language].notShown;
  if (format.kind === 'NUMBER') return formatNumber(figure.value, language, format.digits);
  const text = formatShare(figure.value, language);
  return format.kind === 'CHANGE' && figure.value > 0 ? `+${text}` : text;
}

/** Why there is no number, in a word or two; undefined where there is one. */
export function reasonOf(figure: Figure, language: Language): string | undefined {
  if (figure.kind === 'SHOWN') return undefined;
  const words = WORDS[language];
  if (figure.kind === 'HIDDEN') return figure.by === 'PRIMARY' ? words.primary : words.secondary;
  return shortReason(figure.gap, language);
}

function shortReason(gap: Gap, language: Language): string {
  const words = WORDS[language];
  if (gap.kind === 'DOWN') return fill(words.down, { department: departmentName(gap.department, language) });
  if (gap.kind === 'FAILED') return fill(words.failed, { department: departmentName(gap.department, language) });
  const reasons = {
    NOT_SHARED: words.withheld,
    PARTIAL_SCOPE: words.withheld,
    INPUT_MISSING: words.inputMissing,
    NO_RELEASE: words.noReleaseOf,
    REFUSED: words.withheld,
    NO_DATA: words.noData,
  } as const;
  return reasons[gap.kind];
}

/** Why a panel is empty, as a sentence. @param since when the department was first found not to answer. */
export function explanationOf(gap: Gap, language: Language, since: string | undefined): string {
  const words = WORDS[language];
  switch (gap.kind) {
    case 'DOWN':
      return fill(words.downSince, { department: departmentName(gap.department, language), since: since ?? '' });
    case 'NOT_SHARED':
      return fill(words.notShared, { department: departmentName(gap.department, language), reason: gap.reason });
    case 'PARTIAL_SCOPE':
      return words.partialScope;
    case 'NO_RELEASE':
    case 'REFUSED':
      return `${shortReason(gap, language)} ${gap.message}`;
    default:
      return shortReason(gap, language);
  }
}

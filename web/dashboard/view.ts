import type { Language } from '../language.ts';
import type { Whole } from './answer.ts';
import type { Words } from './texts.ts';
import type { GapOf } from './totals.ts';

/** One division at one period: what the page is about, or what it is compared with. */
export interface Side {
  readonly label: string;
  readonly data: Whole | null | undefined;
  readonly gapOf: GapOf;
}

/** What all tables of a page are made from. */
export interface View {
  readonly language: Language;
  readonly words: Words;
  readonly subject: Side;
  /** Another division at the same time. */
  readonly beside?: Side | undefined;
  /** The same division at another time. */
  readonly against?: Side | undefined;
}

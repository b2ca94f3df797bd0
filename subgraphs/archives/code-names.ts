import type { DocumentKind, Urgency } from '../../lib/codes/official-documents.ts';
import type { Retention } from '../../lib/codes/retention.ts';
import type { SecrecyLevel } from '../../lib/codes/secrecy.ts';

/** Stored Chinese words and the names the schema gives them; the types fail to compile when a word has no name. */
export const KIND: Readonly<Record<DocumentKind, string>> = {
  决议: 'RESOLUTION',
  决定: 'DECISION',
  命令: 'ORDER',
  公报: 'COMMUNIQUE',
  公告: 'ANNOUNCEMENT',
  通告: 'PUBLIC_NOTICE',
  意见: 'OPINION',
  通知: 'NOTICE',
  通报: 'CIRCULAR',
  报告: 'REPORT',
  请示: 'REQUEST',
  批复: 'REPLY',
  议案: 'MOTION',
  函: 'LETTER',
  纪要: 'MINUTES',
};

export const URGENCY: Readonly<Record<Urgency, string>> = { 特急: 'EXTRA_URGENT', 加急: 'URGENT', 平件: 'ORDINARY' };

export const SECRECY: Readonly<Record<SecrecyLevel, string>> = {
  公开: 'OPEN',
  国内: 'DOMESTIC',
  内部: 'INTERNAL',
  秘密: 'SECRET',
  机密: 'CONFIDENTIAL',
  绝密: 'TOP_SECRET',
};

export const RETENTION: Readonly<Record<Retention, string>> = {
  永久: 'PERMANENT',
  '30年': 'THIRTY_YEARS',
  '10年': 'TEN_YEARS',
};

/** The name of a stored word; null for one that the list does not hold, which must not fail the row. */
export function nameOf(names: Readonly<Record<string, string>>, word: string): string | null {
  return Object.hasOwn(names, word) ? (names[word] ?? null) : null;
}

/** The stored word of a name. */
export function wordOf(names: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.entries(names).find(([, candidate]) => candidate === name)?.[0];
}

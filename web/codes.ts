import type { Language, Texts } from './language.ts';

type Codes = Texts<Readonly<Record<string, string>>>;

const CLASSES: Codes = {
  'zh-CN': { UNCONDITIONAL: '无条件共享', CONDITIONAL: '有条件共享', WITHHELD: '不予共享' },
  en: { UNCONDITIONAL: 'Unconditional', CONDITIONAL: 'Conditional', WITHHELD: 'Withheld' },
};

const CYCLES: Codes = {
  'zh-CN': {
    REAL_TIME: '实时',
    DAILY: '每日',
    WEEKLY: '每周',
    MONTHLY: '每月',
    QUARTERLY: '每季度',
    YEARLY: '每年',
    AS_NEEDED: '不定期',
  },
  en: {
    REAL_TIME: 'Real time',
    DAILY: 'Daily',
    WEEKLY: 'Weekly',
    MONTHLY: 'Monthly',
    QUARTERLY: 'Quarterly',
    YEARLY: 'Yearly',
    AS_NEEDED: 'As needed',
  },
};

const ACCESS: Codes = {
  'zh-CN': { FREE: '可直接使用', GRANTED: '已授权', MASKED: '脱敏显示', REFUSED: '未授权' },
  en: { FREE: 'Free to use', GRANTED: 'Granted', MASKED: 'Masked', REFUSED: 'Not granted' },
};

const USES: Codes = {
  'zh-CN': { OUTPUT: '显示', LOOKUP: '按值查找', VERIFY: '核验', FILTER: '筛选' },
  en: { OUTPUT: 'Show', LOOKUP: 'Look up', VERIFY: 'Verify', FILTER: 'Filter' },
};

const REASONS: Codes = {
  'zh-CN': {
    NO_GRANT: '没有授权',
    NO_PURPOSE: '未说明使用目的',
    WITHHELD: '依法不予共享',
    NOT_CLASSIFIED: '未分类',
    NOT_AN_ACTOR: '角色不符',
    OFFICER_REQUIRED: '须署明经办人',
    AGGREGATE_ONLY: '仅限统计',
    ACCESS_REQUIREMENT: '不符合访问要求',
    POLICY_STALE: '授权信息暂不可用',
  },
  en: {
    NO_GRANT: 'No grant',
    NO_PURPOSE: 'No purpose cited',
    WITHHELD: 'Withheld by law',
    NOT_CLASSIFIED: 'Not classified',
    NOT_AN_ACTOR: 'Not this role',
    OFFICER_REQUIRED: 'Officer must be named',
    AGGREGATE_ONLY: 'For counting only',
    ACCESS_REQUIREMENT: 'Access requirement not met',
    POLICY_STALE: 'Grants not known at present',
  },
};

const STATES: Codes = {
  'zh-CN': {
    PENDING: '待批复',
    APPROVED: '已同意',
    REFUSED: '已退回',
    NOT_YET: '未生效',
    IN_FORCE: '生效中',
    ENDED: '已到期',
    REVOKED: '已撤销',
  },
  en: {
    PENDING: 'Pending',
    APPROVED: 'Approved',
    REFUSED: 'Refused',
    NOT_YET: 'Not yet in force',
    IN_FORCE: 'In force',
    ENDED: 'Ended',
    REVOKED: 'Revoked',
  },
};

const RELEASES: Codes = {
  'zh-CN': { STARTED: '启动', PUBLISHED: '发布', ROLLED_BACK: '回退', TRANSFERRED: '移交', WITHDRAWN: '撤下' },
  en: {
    STARTED: 'Started',
    PUBLISHED: 'Published',
    ROLLED_BACK: 'Rolled back',
    TRANSFERRED: 'Transferred',
    WITHDRAWN: 'Withdrawn',
  },
};

const ALL = {
  class: CLASSES,
  cycle: CYCLES,
  access: ACCESS,
  use: USES,
  reason: REASONS,
  state: STATES,
  release: RELEASES,
};

/** What people call a code of the schema; the code itself where the pages do not know it yet. */
export function codeName(kind: keyof typeof ALL, code: string, language: Language): string {
  return ALL[kind][language][code] ?? code;
}

export type Tone = 'good' | 'warn' | 'bad' | 'info' | 'plain';

const TONES: Readonly<Record<string, Tone>> = {
  UNCONDITIONAL: 'good',
  CONDITIONAL: 'info',
  WITHHELD: 'bad',
  FREE: 'good',
  GRANTED: 'good',
  MASKED: 'warn',
  REFUSED: 'bad',
  PENDING: 'warn',
  APPROVED: 'good',
  IN_FORCE: 'good',
  NOT_YET: 'info',
  REVOKED: 'bad',
};

export function toneOf(code: string): Tone {
  return TONES[code] ?? 'plain';
}

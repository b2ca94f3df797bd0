import type { WantedToken } from '../../lib/dev-token.ts';
import type { Texts } from '../../web/language.ts';

/** Somebody one can sign in as in development. */
export interface Person {
  readonly id: string;
  /** What they do, and what they can try. */
  readonly role: Texts<string>;
  readonly token: Omit<WantedToken, 'expires'> & { readonly officer: string };
}

/** One for each kind of user. They exist in development alone, and their grants are those of `development-grants.ts`. */
export const PEOPLE: readonly Person[] = [
  {
    id: 'leader',
    role: {
      'zh-CN': '副州长：看全州统计，看不到任何个人',
      en: 'Vice governor: statistics of the prefecture, never a person',
    },
    token: {
      department: 'government-office',
      application: 'dashboard',
      officer: '杨副州长',
      purpose: 'leaders-statistics',
      roles: ['leader'],
    },
  },
  {
    id: 'civil-affairs',
    role: {
      'zh-CN': '民政局经办人：查目录，申请共享',
      en: 'Civil affairs officer: the catalogue, requests for sharing',
    },
    token: {
      department: 'civil-affairs',
      application: 'relief',
      officer: '李敏',
      purpose: 'low-income-check',
      roles: ['sharing-applicant'],
    },
  },
  {
    id: 'public-security',
    role: {
      'zh-CN': '公安局：批复共享申请，发布数据模式',
      en: 'Public security: decides on requests, publishes its schema',
    },
    token: {
      department: 'public-security',
      application: 'registry',
      officer: '张伟',
      purpose: 'household-registration',
      roles: ['sharing-officer', 'schema-publisher'],
    },
  },
  {
    id: 'public-security-second',
    role: { 'zh-CN': '公安局复核人：批准本局提案', en: 'Public security, second officer: approves proposals' },
    token: {
      department: 'public-security',
      application: 'registry',
      officer: '赵琳',
      purpose: 'household-registration',
      roles: ['sharing-officer'],
    },
  },
  {
    id: 'operator',
    role: { 'zh-CN': '数据局运维：发布、子图与用量', en: 'Data bureau operator: releases, subgraphs, use' },
    token: {
      department: 'data-bureau',
      application: 'console',
      officer: '王强',
      purpose: 'audit',
      roles: ['hub-operator'],
    },
  },
  {
    id: 'auditor',
    role: { 'zh-CN': '审计局：监督各部门的共享与使用', en: 'Auditor: supervises sharing and use of all departments' },
    token: {
      department: 'audit-office',
      application: 'supervision',
      officer: '周静',
      purpose: 'audit',
      roles: ['auditor'],
    },
  },
];

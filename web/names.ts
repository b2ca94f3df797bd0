import { purposes } from '../lib/codes/purposes.ts';
import type { Language, Texts } from './language.ts';

/** Departments that many hubs have. One that is not in the list is called by its code, as the hub knows it. */
const DEPARTMENTS: Readonly<Record<string, Texts<string>>> = {
  'archives-bureau': { 'zh-CN': '档案局', en: 'Archives Bureau' },
  'audit-office': { 'zh-CN': '审计局', en: 'Audit Office' },
  'civil-affairs': { 'zh-CN': '民政局', en: 'Civil Affairs Bureau' },
  'data-bureau': { 'zh-CN': '数据局', en: 'Data Bureau' },
  education: { 'zh-CN': '教育局', en: 'Education Bureau' },
  'government-office': { 'zh-CN': '政府办公室', en: 'Government Office' },
  'health-commission': { 'zh-CN': '卫生健康委员会', en: 'Health Commission' },
  'human-resources': { 'zh-CN': '人力资源和社会保障局', en: 'Human Resources Bureau' },
  'government-hotline': { 'zh-CN': '12345 热线办', en: '12345 Hotline Office' },
  housing: { 'zh-CN': '住房和城乡建设局', en: 'Housing Bureau' },
  'market-regulation': { 'zh-CN': '市场监督管理局', en: 'Market Regulation Bureau' },
  'natural-resources': { 'zh-CN': '自然资源局', en: 'Natural Resources Bureau' },
  'public-security': { 'zh-CN': '公安局', en: 'Public Security Bureau' },
  'statistics-bureau': { 'zh-CN': '统计局', en: 'Statistics Bureau' },
  'tax-bureau': { 'zh-CN': '税务局', en: 'Tax Bureau' },
};

/** What people call a department. */
export function departmentName(code: string, language: Language): string {
  return (Object.hasOwn(DEPARTMENTS, code) ? DEPARTMENTS[code]?.[language] : undefined) ?? code;
}

/** A purpose as the list of purposes has it, in Chinese; its code in English, as laws name it in Chinese alone. */
export function purposeName(code: string, language: Language): string {
  if (language === 'en') return code.replaceAll('-', ' ');
  return purposes.find((purpose) => purpose.code === code)?.title ?? code;
}

import type { Texts } from '../language.ts';

interface Words {
  readonly title: string;
  readonly asked: string;
  readonly department: string;
  readonly application: string;
  readonly officer: string;
  readonly purpose: string;
  readonly roles: string;
  readonly grants: string;
  readonly grantColumns: readonly string[];
  readonly requests: string;
  readonly requestColumns: readonly string[];
  readonly refusals: string;
  readonly refusalColumns: readonly string[];
  readonly use: string;
  readonly useColumns: readonly string[];
  readonly unlimited: string;
  readonly rows: string;
  readonly persons: string;
  readonly confirm: string;
  readonly more: string;
  refusalsSaid(entries: number): string;
  items(count: number): string;
}

export const TEXTS: Texts<Words> = {
  'zh-CN': {
    title: '我的权限',
    asked: '申请已送交提供部门，办理情况见下。',
    department: '部门',
    application: '应用',
    officer: '经办人',
    purpose: '使用目的',
    roles: '角色',
    grants: '已获授权',
    grantColumns: ['编号', '提供部门', '使用目的与应用', '信息项', '行政区划', '到期', '今日已用', '状态'],
    requests: '共享申请',
    requestColumns: ['编号', '提供部门', '使用目的', '信息项', '申请时间', '状态', '批复意见'],
    refusals: '被拒绝的信息项',
    refusalColumns: ['信息项', '原因', '次数', '最近一次'],
    use: '最近的查询（留痕）',
    useColumns: ['时间', '使用目的', '结果', '显示行数', '涉及人数', '被拒项数'],
    unlimited: '不限量',
    rows: '行',
    persons: '人',
    confirm: '区划已变更，待提供部门确认：',
    more: '仅显示前 200 项授权，其余请用 grants 查询。',
    refusalsSaid: (entries) => `取自本部门最近 ${entries} 次查询。`,
    items: (count) => `${count} 项`,
  },
  en: {
    title: 'My access',
    asked: 'Your request is with its owners; what becomes of it is shown below.',
    department: 'Department',
    application: 'Application',
    officer: 'Officer',
    purpose: 'Purpose',
    roles: 'Roles',
    grants: 'Grants',
    grantColumns: ['Number', 'Owner', 'Purpose and application', 'Items', 'Divisions', 'Ends', 'Used today', 'State'],
    requests: 'Requests',
    requestColumns: ['Number', 'Owner', 'Purpose', 'Items', 'Asked', 'State', 'What the owner says'],
    refusals: 'Items refused',
    refusalColumns: ['Item', 'Why', 'Times', 'Last'],
    use: 'Latest look-ups, as recorded',
    useColumns: ['When', 'Purpose', 'Outcome', 'Rows shown', 'Persons', 'Items refused'],
    unlimited: 'Not limited',
    rows: 'rows',
    persons: 'persons',
    confirm: 'Divisions have changed; the owner has to confirm:',
    more: 'The first 200 grants are shown; ask the query grants for the rest.',
    refusalsSaid: (entries) => `From the latest ${entries} look-ups of your department.`,
    items: (count) => `${count} items`,
  },
};

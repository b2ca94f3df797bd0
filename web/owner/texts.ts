import type { Texts } from '../language.ts';

interface Words {
  readonly title: string;
  readonly nothingOwned: string;
  readonly requests: string;
  readonly noRequests: string;
  readonly purpose: string;
  readonly basis: string;
  readonly divisions: string;
  readonly term: string;
  readonly quota: string;
  readonly noQuota: string;
  readonly asked: string;
  readonly reason: string;
  readonly approve: string;
  readonly refuse: string;
  readonly revoke: string;
  readonly proposals: string;
  readonly noProposals: string;
  readonly owners: string;
  readonly approvedBy: string;
  readonly rights: string;
  readonly rightColumns: readonly string[];
  readonly gains: string;
  readonly gainColumns: readonly string[];
  readonly use: string;
  readonly useColumns: readonly string[];
  readonly itemsUsed: string;
  readonly itemColumns: readonly string[];
  readonly unused: string;
  readonly grants: string;
  readonly grantColumns: readonly string[];
  readonly releases: string;
  readonly releaseColumns: readonly string[];
  readonly inForce: string;
  useSaid(days: number, calls: string): string;
  items(used: number, unused: number): string;
  restores(release: number | null): string;
}

export const TEXTS: Texts<Words> = {
  'zh-CN': {
    title: '数据管理',
    nothingOwned: '本部门未提供子图，以下仅列出与本部门有关的事项。',
    requests: '待批复的共享申请',
    noRequests: '没有待批复的申请。',
    purpose: '使用目的',
    basis: '使用依据',
    divisions: '行政区划',
    term: '期限',
    quota: '每日上限（行 / 人）',
    noQuota: '未限定',
    asked: '申请时间与经办人',
    reason: '意见（退回、撤销时必填）',
    approve: '同意',
    refuse: '退回',
    revoke: '撤销',
    proposals: '待批准的发布提案',
    noProposals: '没有待批准的提案。',
    owners: '须批准的部门：',
    approvedBy: '已批准：',
    rights: '放宽的权限',
    rightColumns: ['信息项', '变化', '原来', '今后'],
    gains: '谁将多看到什么',
    gainColumns: ['谁', '信息项', '今后可以'],
    use: '谁在使用',
    useColumns: ['部门与应用', '使用目的', '调用', '显示行数', '脱敏', '被拒', '最近一次'],
    itemsUsed: '各信息项的使用',
    itemColumns: ['信息项', '调用', '脱敏', '被拒', '被拒原因'],
    unused: '无人使用的信息项',
    grants: '本部门给出的授权',
    grantColumns: ['编号', '使用部门', '使用目的', '信息项', '到期', '状态', '撤销'],
    releases: '发布',
    releaseColumns: ['编号', '时间', '方式', '子图', '发布者', '说明'],
    inForce: '现行',
    useSaid: (days, calls) => `最近 ${days} 天共 ${calls} 次调用。`,
    items: (used, unused) => `各信息项：${used} 项有人使用，${unused} 项无人使用`,
    restores: (release) => `恢复发布 #${release ?? ''}`,
  },
  en: {
    title: 'My data',
    nothingOwned: 'Your department keeps no subgraph; what follows concerns it all the same.',
    requests: 'Requests to answer',
    noRequests: 'No request waits for an answer.',
    purpose: 'Purpose',
    basis: 'Legal basis',
    divisions: 'Divisions',
    term: 'Term',
    quota: 'A day at most (rows / persons)',
    noQuota: 'Not limited',
    asked: 'Asked, by',
    reason: 'Reason (needed to refuse or revoke)',
    approve: 'Approve',
    refuse: 'Refuse',
    revoke: 'Revoke',
    proposals: 'Proposals to decide on',
    noProposals: 'No proposal waits for a decision.',
    owners: 'To be approved by:',
    approvedBy: 'approved by:',
    rights: 'What it loosens',
    rightColumns: ['Item', 'What', 'Before', 'After'],
    gains: 'Who would see more',
    gainColumns: ['Who', 'Item', 'Could then'],
    use: 'Who uses it',
    useColumns: ['Department and application', 'Purpose', 'Calls', 'Rows shown', 'Masked', 'Refused', 'Last'],
    itemsUsed: 'Use of each item',
    itemColumns: ['Item', 'Calls', 'Masked', 'Refused', 'Why refused'],
    unused: 'Items that nobody uses',
    grants: 'Grants given',
    grantColumns: ['Number', 'Consumer', 'Purpose', 'Items', 'Ends', 'State', 'Revoke'],
    releases: 'Releases',
    releaseColumns: ['Number', 'When', 'How', 'Subgraph', 'By', 'Why'],
    inForce: 'in force',
    useSaid: (days, calls) => `${calls} calls in the last ${days} days.`,
    items: (used, unused) => `Item by item: ${used} used, ${unused} not used by anybody`,
    restores: (release) => `Bring back release #${release ?? ''}`,
  },
};

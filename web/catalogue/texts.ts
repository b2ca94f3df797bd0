import type { Texts } from '../language.ts';

interface Words {
  readonly title: string;
  readonly said: string;
  readonly search: string;
  readonly example: string;
  readonly find: string;
  readonly owner: string;
  readonly everyOwner: string;
  readonly resources: string;
  readonly items: string;
  readonly item: string;
  readonly meaning: string;
  readonly class: string;
  readonly mine: string;
  readonly personal: string;
  readonly more: string;
  readonly cycle: string;
  readonly code: string;
  readonly rows: string;
  readonly rowScoped: string;
  readonly allRows: string;
  readonly query: string;
  readonly request: string;
  readonly requestSaid: string;
  readonly choose: string;
  readonly whoMay: string;
  readonly why: string;
  readonly howTo: string;
  readonly since: string;
  readonly uses: string;
  readonly everybody: string;
  readonly withGrant: string;
  readonly ownerOnly: string;
  readonly masked: string;
  readonly back: string;
  readonly until: string;
  readonly noQuery: string;
  readonly freshness: string;
  readonly purpose: string;
  readonly basis: string;
  readonly divisions: string;
  readonly divisionsSaid: string;
  readonly days: string;
  readonly rowsPerDay: string;
  readonly subjectsPerDay: string;
  readonly optional: string;
  readonly send: string;
  readonly sent: string;
  readonly noItems: string;
  itemsOf(count: string): string;
}

export const TEXTS: Texts<Words> = {
  'zh-CN': {
    title: '信息资源目录',
    said: '目录由现行发布自动生成：目录中有的都能申请，能申请的都在目录中。',
    search: '搜索',
    example: '如 户籍、residentNumber',
    find: '查找',
    owner: '提供部门',
    everyOwner: '全部部门',
    resources: '信息资源',
    items: '信息项',
    item: '信息项',
    meaning: '含义',
    class: '共享属性',
    mine: '我能否使用',
    personal: '个人信息',
    more: '结果较多，请缩小搜索范围。',
    cycle: '更新周期',
    code: '资源代码',
    rows: '行范围',
    rowScoped: '按行政区划授权',
    allRows: '不分区划',
    query: '在查询台打开示例查询',
    request: '申请共享',
    requestSaid: '勾选所需信息项及用途，然后填写申请。',
    choose: '申请',
    whoMay: '谁能使用',
    why: '原因与办法',
    howTo: '如何申请（接口方式）',
    since: '首次发布',
    uses: '可申请的用途',
    everybody: '各部门',
    withGrant: '获授权的部门',
    ownerOnly: '仅提供部门',
    masked: '未授权时脱敏',
    back: '返回目录',
    until: '至',
    noQuery: '没有以该资源为结果的查询；请从相关资源进入。',
    freshness: '更新情况',
    purpose: '使用目的',
    basis: '使用依据',
    divisions: '行政区划代码',
    divisionsSaid: '多个代码用空格或逗号分隔，如 532301 532302',
    days: '使用期限（天）',
    rowsPerDay: '每日行数上限',
    subjectsPerDay: '每日人数上限',
    optional: '可不填',
    send: '提交申请',
    sent: '申请已送交提供部门。可在“我的权限”查看办理情况。',
    noItems: '请先在资源页面勾选信息项。',
    itemsOf: (count) => `${count} 个信息项`,
  },
  en: {
    title: 'Catalogue',
    said: 'Made from the release in force: whatever is in it can be asked for, and nothing else can.',
    search: 'Search',
    example: 'such as 户籍 or residentNumber',
    find: 'Find',
    owner: 'Owner',
    everyOwner: 'All departments',
    resources: 'Resources',
    items: 'Items',
    item: 'Item',
    meaning: 'Meaning',
    class: 'Sharing class',
    mine: 'May I use it',
    personal: 'Personal',
    more: 'There are more; narrow the search.',
    cycle: 'Update cycle',
    code: 'Resource code',
    rows: 'Rows',
    rowScoped: 'Granted by division',
    allRows: 'Not by division',
    query: 'Open an example at the query desk',
    request: 'Ask for sharing',
    requestSaid: 'Tick the items you need and what for, then fill in the request.',
    choose: 'Ask for',
    whoMay: 'Who may use it',
    why: 'Why, and what to do',
    howTo: 'How to apply by the interface',
    since: 'First released',
    uses: 'Uses that can be asked for',
    everybody: 'Every department',
    withGrant: 'Departments with a grant',
    ownerOnly: 'Its owner alone',
    masked: 'masked without one',
    back: 'To the catalogue',
    until: 'until',
    noQuery: 'No query begins at this resource; it is reached from others.',
    freshness: 'Freshness',
    purpose: 'Purpose',
    basis: 'Legal basis',
    divisions: 'Division codes',
    divisionsSaid: 'Separated by spaces or commas, such as 532301 532302',
    days: 'Term in days',
    rowsPerDay: 'Rows a day at most',
    subjectsPerDay: 'Persons a day at most',
    optional: 'optional',
    send: 'Send the request',
    sent: 'Sent to the owners. “My access” shows what becomes of it.',
    noItems: 'First tick items on the page of a resource.',
    itemsOf: (count) => `${count} items`,
  },
};

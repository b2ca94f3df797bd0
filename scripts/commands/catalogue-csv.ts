import type { Item, Resource } from './catalogue-read.ts';

/** Columns of the file, in the words of 政务信息资源目录编制指南 where it has them, and what is under each. */
const COLUMNS: readonly (readonly [name: string, cell: (item: Item, resource: Resource | undefined) => Cell])[] = [
  ['信息资源代码', (_, resource) => resource?.code],
  ['信息资源名称', (_, resource) => resource?.title],
  ['信息资源提供方', (item) => item.owner],
  ['信息资源摘要', (_, resource) => resource?.description],
  ['信息资源格式', (_, resource) => resource?.coreMetadata.format],
  ['更新周期', (_, resource) => resource?.updateCycle],
  ['关联资源代码', (_, resource) => resource?.coreMetadata.related.join(' ')],
  ['信息项', (item) => item.coordinate],
  ['数据类型', (item) => item.graphqlType],
  ['信息项说明', (item) => item.description],
  ['共享类型', (item) => item.class],
  ['不予共享依据', (item) => item.basis],
  ['脱敏方式', (item) => item.mask],
  ['可申请用途', (item) => item.uses.join(' ')],
  ['个人信息', (item) => (item.personal ? '是' : '否')],
  ['停用说明', (item) => item.deprecated],
  ['首次发布', (item) => item.since],
  ['发布日期', (item) => item.sinceAt.slice(0, 10)],
];

type Cell = string | number | null | undefined;

/** One row for each item with its resource, RFC 4180: lines end with CR LF, UTF-8. */
export function catalogueCsv(
  items: readonly Item[],
  resources: readonly Resource[],
  options: { bom: boolean },
): string {
  const byType = new Map(resources.map((each) => [each.type, each]));
  const rows = [
    COLUMNS.map(([name]) => name),
    ...items.map((item) => COLUMNS.map(([, cell]) => cell(item, byType.get(item.type)))),
  ];
  // Spreadsheet programs take UTF-8 for the machine's own code page where no mark says otherwise.
  return (options.bom ? '\uFEFF' : '') + rows.map((row) => `${row.map(cellText).join(',')}\r\n`).join('');
}

/** What spreadsheet programs take for the beginning of a formula, in both widths, after what they skip. */
const FORMULA = /^\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/u;

/** Descriptions are written by other departments: none may be run by the program that shows it (CWE-1236). */
function cellText(value: Cell): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' && FORMULA.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importFile } from '../../scripts/import/import-file.ts';
import { openImportStore } from './open-store.ts';
import type { ImportStore } from './open-store.ts';

let store: ImportStore;
beforeAll(async () => {
  store = await openImportStore();
});
afterAll(() => store.close());

const now = new Date('2025-12-01T00:00:00Z');
const HEADER =
  '工单编号,行政区划代码,诉求类型,诉求分类,诉求内容,来电人,来电号码,是否保密,承办单位信用代码,承办单位,受理时间,工单状态,办结时间,是否满意';
const GOOD =
  '202510152301000001,532301101001,求助,供水,已停水三天,张三,13800001234,否,,楚雄市住房和城乡建设局,2025-10-15T10:00:00+08:00,已办结,2025-10-17T10:00:00+08:00,满意';

const run = async (name: string, ...lines: readonly string[]) =>
  importFile({
    resource: 'complaints',
    file: await store.file(name, [HEADER, ...lines].join('\n')),
    connection: store.connection,
    now,
  });

describe('importing complaints', () => {
  it('reads codes by name, and works out the county and the last day for the answer', async () => {
    expect(await run('good.csv', GOOD)).toMatchObject({ rows: 1, inserted: 1, rejected: 0, ignoredColumns: [] });
    expect(await store.connection.collection('complaints').findOne()).toMatchObject({
      _id: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      number: '202510152301000001',
      county: '532301',
      kind: 'HELP',
      topic: '0101',
      confidential: false,
      satisfied: true,
      state: 'CLOSED',
      dueOn: '2025-10-22',
      receivedAt: new Date('2025-10-15T02:00:00Z'),
    });
  });

  it('changes nothing when the same file comes again, and only what differs when another does', async () => {
    expect(await run('again.csv', GOOD)).toMatchObject({ unchanged: 1, inserted: 0 });
    expect(await run('changed.csv', GOOD.replace('满意', '不满意'))).toMatchObject({ updated: 1 });
    expect(await store.connection.collection('complaints').findOne()).toMatchObject({ satisfied: false });
  });

  it('rejects each row that cannot be stored, with the field and the reason and never the value', async () => {
    const bad = [
      GOOD.replace('202510152301000001', '12345'),
      GOOD.replace('532301101001', '999999'),
      GOOD.replace('求助', '表扬'),
      GOOD.replace('供水', '9901'),
      GOOD.replace('13800001234', '12'),
      GOOD.replace('已办结', '办理中'),
      GOOD.replace('2025-10-17T10', '2025-10-14T10'),
      GOOD.replace('2025-10-15T10:00:00+08:00', '2025-10-15'),
    ];
    const result = await run('bad.csv', ...bad);
    expect(result).toMatchObject({ rows: 8, inserted: 0, updated: 0, rejected: 8 });
    const report = await readFile(result.rejects ?? '', 'utf8');
    const faults = report
      .trim()
      .split('\r\n')
      .slice(1)
      .map((line) => line.split(','))
      .map(([line, field, , reason]) => `${line ?? ''} ${field ?? ''} ${reason ?? ''}`);
    expect(faults).toEqual([
      '2 number FORMAT',
      '3 division NOT_COVERED',
      '4 kind UNKNOWN_CODE',
      '5 topic UNKNOWN_CODE',
      '6 callerPhone FORMAT',
      '7 closedAt DISAGREES',
      '8 closedAt DISAGREES',
      '9 receivedAt FORMAT',
    ]);
    expect(report).not.toContain('表扬');
  });
});

import { readFile } from 'node:fs/promises';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { composeResidentNumber, legacyResidentNumber } from '../../lib/codes/resident-number.ts';
import { importFile } from '../../scripts/import/import-file.ts';
import { models } from '../../subgraphs/population/models.ts';
import { openImportStore } from './open-store.ts';
import type { ImportStore } from './open-store.ts';

let store: ImportStore;
beforeAll(async () => {
  store = await openImportStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  await store.connection.collection('persons').deleteMany({});
});

const header = '公民身份号码,姓名,民族,行政区划代码,户籍地址,户号,联系电话';
const number = (serial: number) => composeResidentNumber('532301', '1986-04-05', String(serial).padStart(3, '0'));
const row = (serial: number, changes: { name?: string; phone?: string } = {}) =>
  `${number(serial)},${changes.name ?? '普家兴'},彝族,532301101001,楚雄市鹿城镇1号,10${serial},${changes.phone ?? '19000000001'}`;
const csv = (...rows: string[]) => [header, ...rows].join('\r\n');
const run = (file: string, options: Partial<Parameters<typeof importFile>[0]> = {}) =>
  importFile({
    resource: 'persons',
    file,
    connection: store.connection,
    now: new Date('2025-06-01T08:00:00Z'),
    ...options,
  });
const rejectsOf = async (path: string | null) => {
  const text = await readFile(path ?? '', 'utf8');
  return text
    .trim()
    .split('\r\n')
    .slice(1)
    .map((line) => line.split(','));
};

describe('importing persons', () => {
  it('stores good rows with what follows from them, under a reference that says nothing', async () => {
    const result = await run(await store.file('good.csv', `\uFEFF${csv(row(1), row(2))}\r\n`));
    expect(result).toMatchObject({
      kind: 'COMPLETE',
      encoding: 'utf8',
      rows: 2,
      inserted: 2,
      rejected: 0,
      rejects: null,
    });
    const stored = await models(store.connection)
      .persons.findOne({ residentNumber: number(1) })
      .lean();
    expect(stored).toMatchObject({
      name: '普家兴',
      sex: '1',
      birthDate: '1986-04-05',
      ethnicGroup: '07',
      county: '532301',
      division: '532301101001',
      householdNumber: 101,
      status: 'REGISTERED',
      updatedAt: new Date('2025-06-01T08:00:00Z'),
    });
    expect(stored?._id).toMatch(/^[0-9a-f]{32}$/);
  });

  it('brings the indexes into a store that no subgraph has opened, so that look-ups stay fast and numbers unique', async () => {
    await store.connection.dropCollection('persons');
    await run(await store.file('first.csv', csv(row(1))));
    const indexes = await store.connection.collection('persons').indexes();
    expect(indexes).toContainEqual(expect.objectContaining({ key: { residentNumber: 1 }, unique: true }));
  });

  it('changes nothing when the same file comes again, and only what differs when it has changed', async () => {
    const file = await store.file('again.csv', csv(row(1), row(2)));
    await run(file);
    const before = await store.connection.collection('persons').find().sort({ residentNumber: 1 }).toArray();
    const later = { now: new Date('2025-07-01T00:00:00Z') };
    expect(await run(file, later)).toMatchObject({ rows: 2, inserted: 0, updated: 0, unchanged: 2 });
    expect(await store.connection.collection('persons').find().sort({ residentNumber: 1 }).toArray()).toEqual(before);

    const changed = await store.file('changed.csv', csv(row(1), row(2, { phone: '19000000002' })));
    expect(await run(changed, later)).toMatchObject({ inserted: 0, updated: 1, unchanged: 1 });
    const [first, second] = await store.connection.collection('persons').find().sort({ residentNumber: 1 }).toArray();
    expect(first).toEqual(before[0]);
    expect(second).toMatchObject({ _id: before[1]?._id, phone: '19000000002', updatedAt: later.now });
  });

  it('takes an empty cell as "not stated" and leaves what is stored', async () => {
    await run(await store.file('full.csv', csv(row(1))));
    await run(await store.file('empty.csv', csv(row(1, { phone: '' }))));
    expect(await store.connection.collection('persons').findOne()).toMatchObject({ phone: '19000000001' });
  });

  it('knows one person under the 15-digit and the 18-digit number', async () => {
    await run(await store.file('legacy.csv', csv(row(1).replace(number(1), legacyResidentNumber(number(1))))));
    expect(await run(await store.file('upgraded.csv', csv(row(1))))).toMatchObject({ inserted: 0, unchanged: 1 });
  });

  it('gives the later of two lines for one person the last word', async () => {
    const result = await run(
      await store.file('twice.csv', csv(row(1), row(1, { name: '普佳兴' }), row(1, { name: '普佳兴' }))),
    );
    expect(result).toMatchObject({ rows: 3, inserted: 1, updated: 1, unchanged: 1 });
    expect(await store.connection.collection('persons').findOne()).toMatchObject({ name: '普佳兴' });
  });

  it('reads GB18030 without being told, four-byte characters included', async () => {
    const text = csv(row(1, { name: '岩·温' }), row(2, { name: '李𬱖' }));
    const result = await run(await store.file('gb.csv', iconv.encode(text, 'gb18030')));
    expect(result).toMatchObject({ encoding: 'gb18030', inserted: 2, rejected: 0 });
    const names = (await store.connection.collection('persons').find().sort({ residentNumber: 1 }).toArray()).map(
      ({ name }) => name as string,
    );
    expect(names).toEqual(['岩·温', '李𬱖']);
  });

  it('rejects what does not decode in the encoding it was told', async () => {
    const result = await run(
      await store.file('told.csv', iconv.encode(csv(row(1)).replace(header, header), 'gb18030')),
      { encoding: 'gb18030' },
    );
    expect(result.inserted).toBe(1);
    const broken = Buffer.concat([
      Buffer.from(`${header}\n${number(2)},`),
      Buffer.from([0xff, 0xfe]),
      Buffer.from(row(2).slice(21)),
    ]);
    const second = await run(await store.file('broken.csv', broken), { encoding: 'utf8' });
    expect(second).toMatchObject({ inserted: 0, rejected: 1 });
    expect((await rejectsOf(second.rejects)).map(([, field, , reason]) => [field, reason])).toEqual([
      ['name', 'ENCODING'],
    ]);
  });

  it('names every fault with line, field, kind of value, reason and fix, and never the value', async () => {
    const bad = [
      row(1).replace(number(1), `${number(1).slice(0, 17)}${number(1).endsWith('0') ? '1' : '0'}`),
      row(2).replace('532301101001', '532399101001'),
      row(3).replace('彝族', '火星族').replace('19000000001', '12345'),
      row(4).replace('普家兴', ''),
      `${row(5)},surplus`,
      row(6),
    ];
    const result = await run(await store.file('bad.csv', csv(...bad)));
    expect(result).toMatchObject({ rows: 6, inserted: 1, rejected: 5 });
    const rejects = await rejectsOf(result.rejects);
    expect(rejects.map(([line, field, kind, reason]) => [line, field, kind, reason])).toEqual([
      ['2', 'residentNumber', '18 digits', 'CHECK_CHARACTER'],
      ['3', 'division', '12 digits', 'NO_SUCH_CODE'],
      ['4', 'ethnicGroup', 'text of 3 characters', 'UNKNOWN_CODE'],
      ['4', 'phone', '5 digits', 'FORMAT'],
      ['5', 'name', 'empty', 'EMPTY'],
      ['6', '', 'line', 'CELLS'],
    ]);
    const text = await readFile(result.rejects ?? '', 'utf8');
    expect(text).not.toMatch(/19860405|火星|12345,|鹿城/);
    expect(rejects.every((columns) => columns.slice(4).join(',').length > 20)).toBe(true);
  });

  it('removes the reject file of an earlier run that has none now', async () => {
    const file = await store.file('mended.csv', csv(row(1).replace('彝族', '火星族')));
    const { rejects } = await run(file);
    expect(rejects).not.toBeNull();
    await store.file('mended.csv', csv(row(1)));
    expect((await run(file)).rejects).toBeNull();
    await expect(readFile(`${file}.rejects.csv`)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('refuses a birth date or a sex that contradicts the number', async () => {
    const wide = (cells: string) => `${header},出生日期,性别\n${row(1)},${cells}`;
    for (const [cells, field] of [
      ['1986-04-06,男', 'birthDate'],
      ['1986-04-05,女', 'sex'],
    ] as const) {
      const { rejects } = await run(await store.file('contradiction.csv', wide(cells)));
      expect((await rejectsOf(rejects)).map((columns) => [columns[1], columns[3]])).toEqual([[field, 'DISAGREES']]);
    }
    expect(await run(await store.file('agreement.csv', wide('1986年4月5日,男')))).toMatchObject({ inserted: 1 });
  });

  it('refuses a file that lacks columns, names the columns it did not use, and takes English headers', async () => {
    await expect(run(await store.file('short.csv', '姓名,民族\n普家兴,彝族'))).rejects.toMatchObject({
      code: 'MISSING_COLUMNS',
      message: expect.stringMatching(/公民身份号码.*户籍地址.*户号/) as string,
    });
    await expect(run(await store.file('nothing.csv', ''))).rejects.toMatchObject({ code: 'BAD_FILE' });
    const english = 'resident_number,Name,ethnicGroup,division,address,householdNumber,phone,remark';
    const result = await run(await store.file('english.csv', `${english}\n${row(1)},x`));
    expect(result).toMatchObject({ inserted: 1, ignoredColumns: ['remark'] });
  });

  it('loses nothing it has counted when it is interrupted, and completes when run again', async () => {
    const rows = Array.from({ length: 3_500 }, (_, index) => {
      const day = `19${60 + (index % 30)}-0${1 + (index % 9)}-1${index % 10}`;
      return row(1).replace(
        number(1),
        composeResidentNumber('532301', day, String(1 + Math.floor(index / 30)).padStart(3, '0')),
      );
    });
    const file = await store.file('long.csv', csv(...rows));
    const stop = new AbortController();
    const first = await run(file, { signal: stop.signal, onProgress: () => stop.abort() });
    expect(first.kind).toBe('INTERRUPTED');
    expect(first.rows).toBeLessThan(3_500);
    const count = () => store.connection.collection('persons').countDocuments();
    expect(await count()).toBe(first.inserted);
    const second = await run(file);
    expect(second).toMatchObject({ kind: 'COMPLETE', rows: 3_500, inserted: new Set(rows).size - first.inserted });
    expect(await count()).toBe(new Set(rows).size);
  });
});

import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cutFeatures } from '../../scripts/import/cut-features.ts';
import type { FeatureText } from '../../scripts/import/cut-features.ts';
import { importFile } from '../../scripts/import/import-file.ts';
import type { ImportOptions } from '../../scripts/import/import-file.ts';
import { openImportStore } from './open-store.ts';
import type { ImportStore } from './open-store.ts';

let store: ImportStore;
beforeAll(async () => {
  store = await openImportStore();
});
afterAll(() => store.close());

const ref = '0123456789abcdef0123456789abcdef';
const now = new Date('2025-06-01T00:00:00Z');
const run = (resource: string, file: string, options: Partial<ImportOptions> = {}) =>
  importFile({ resource, file, connection: store.connection, now, ...options });

/** Reasons of a reject file by field, in the order of the lines. */
async function reasons(path: string | null): Promise<string[]> {
  const text = await readFile(path ?? '', 'utf8');
  return text
    .trim()
    .split('\r\n')
    .slice(1)
    .map((line) => line.split(',').slice(0, 4))
    .map(([line, field, , reason]) => `${line ?? ''} ${field ?? ''} ${reason ?? ''}`);
}

describe('importing legal persons', () => {
  const good = {
    统一社会信用代码: '91110000802100433B',
    名称: '楚雄彝绣文化有限公司',
    类型: '企业',
    行业代码: '8810',
    登记状态: '存续',
    行政区划代码: '532301',
    住所: '楚雄市鹿城镇',
    成立日期: '2015-03-01',
    '注册资本（万元）': '100.29',
    法定代表人标识: ref,
  };
  const lines = (...rows: object[]) => rows.map((row) => JSON.stringify(row)).join('\n');

  it('derives what follows from the code, the name and the class, and keeps money to the fen', async () => {
    const result = await run('legal-persons', await store.file('good.ndjson', lines(good)));
    expect(result).toMatchObject({ inserted: 1, rejected: 0 });
    expect(await store.connection.collection('legalPersons').findOne()).toMatchObject({
      _id: '91110000802100433B',
      orgCode: '802100433',
      industry: 'R',
      county: '532301',
      capitalFen: 100_290_000,
      kind: 'ENTERPRISE',
      nameTokens: expect.arrayContaining(['彝绣', '绣文']) as string[],
    });
  });

  it('rejects the often copied invalid code, a class with its letter, capital given twice and lines that are no objects', async () => {
    const file = await store.file(
      'bad.ndjson',
      [
        lines(
          { ...good, 统一社会信用代码: '91350100M000100Y4Z' },
          { ...good, 行业代码: 'R8810' },
          { ...good, '注册资本（分）': 1 },
          { ...good, '注册资本（万元）': '0.0000001' },
          { ...good, 成立日期: '2025-06-02' },
          { ...good, 法定代表人标识: '532301198604050011' },
          { ...good, 名称: { text: 'x' } },
        ),
        '[1]',
        '{"broken',
      ].join('\n'),
    );
    const result = await run('legal-persons', file);
    expect(result).toMatchObject({ rows: 9, inserted: 0, rejected: 9 });
    expect(await reasons(result.rejects)).toEqual([
      '1 uscc CHARACTERS',
      '2 industryClass FORMAT',
      '3 capitalFen ONE_OF_TWO',
      '4 capitalTenThousandYuan TOO_FINE',
      '5 establishedOn IN_THE_FUTURE',
      '6 representativeRef FORMAT',
      '7 name TYPE',
      '8  JSON',
      '9  JSON',
    ]);
  });

  it('rejects a record that a unique index refuses, and goes on', async () => {
    await store.connection.collection('legalPersons').deleteMany({});
    const sameBody = { ...good, 统一社会信用代码: '93110000802100433K' };
    const { creditCodeCheck } = await import('../../lib/codes/uscc.ts');
    sameBody.统一社会信用代码 = `93110000802100433${creditCodeCheck('93110000802100433')}`;
    const third = { ...good, 统一社会信用代码: '914403001922038216' };
    const result = await run('legal-persons', await store.file('conflict.ndjson', lines(good, sameBody, third)));
    expect(result).toMatchObject({ rows: 3, inserted: 2, rejected: 1 });
    expect(await reasons(result.rejects)).toEqual(['2  CONFLICT']);
  });
});

describe('importing parcels', () => {
  const ring = [
    [101.5, 25.0],
    [101.501, 25.0],
    [101.501, 25.001],
    [101.5, 25.001],
    [101.5, 25.0],
  ];
  const properties = {
    宗地代码: '532301101001GB00001',
    地类编码: '0701',
    行政区划代码: '532301101001',
    面积: 11_200.5,
    权利人类型: '自然人',
    权利人标识: ref,
    不动产权证号: '云(2020)楚雄市不动产权第0000001号',
    登记日期: '2020-05-06',
  };
  const feature = (changes: object = {}, coordinates: unknown = [ring], type = 'Polygon') => ({
    type: 'Feature',
    properties: { ...properties, ...changes },
    geometry: { type, coordinates },
  });
  const collection = (features: object[], members: object = { datum: 'CGCS2000' }) =>
    JSON.stringify({ type: 'FeatureCollection', ...members, features });

  it('stores polygons whose datum is declared, by the collection, the feature or the caller', async () => {
    const parcels = store.connection.collection('parcels');
    const ways: [string, Partial<ImportOptions>][] = [
      [collection([feature()]), {}],
      [collection([feature()], { crs: { type: 'name', properties: { name: 'urn:ogc:def:crs:EPSG::4490' } } }), {}],
      [collection([feature({ datum: 'EPSG:4490' })], {}), {}],
      [collection([feature()], {}), { datum: 'CGCS2000' }],
    ];
    for (const [text, options] of ways) {
      await parcels.deleteMany({});
      expect(await run('parcels', await store.file('good.geojson', text), options)).toMatchObject({
        inserted: 1,
        rejected: 0,
      });
      expect(await parcels.findOne()).toMatchObject({
        _id: '532301101001GB00001',
        county: '532301',
        datum: 'CGCS2000',
        geometry: { type: 'Polygon', coordinates: [ring] },
      });
    }
    expect(await run('parcels', await store.file('good.geojson', ways[0]?.[0] ?? ''))).toMatchObject({ unchanged: 1 });
  });

  it('refuses geometry whose datum nobody declares, and geometry of another datum', async () => {
    const unlabelled = await run('parcels', await store.file('unlabelled.geojson', collection([feature()], {})));
    expect(await reasons(unlabelled.rejects)).toEqual(['1 datum EMPTY']);
    const shifted = await run(
      'parcels',
      await store.file('shifted.geojson', collection([feature()], { datum: 'GCJ-02' })),
    );
    expect(await reasons(shifted.rejects)).toEqual(['1 datum DATUM']);
  });

  it('rejects drawings and owners that cannot be right', async () => {
    const [a, b, c, d] = ring;
    const file = collection([
      feature({}, [[a, b, c, d]]),
      feature({}, [[a, c, b, d, a]]),
      feature({}, [ring.map(([x, y]) => [y, x])]),
      feature({}, [ring.map(([x, y]) => [(x ?? 0) * 1000, (y ?? 0) * 1000])]),
      feature({}, [101.5, 25.0], 'Point'),
      feature({}, [[a, b, c, d, ['x', 25], a]]),
      feature({ 权利人标识: '' }),
      feature({ 权利人类型: '国家' }),
      feature({ 权利人类型: '法人', 权利人标识: '91110000802100433C' }),
      feature({ 宗地代码: '532302101001GB00001' }),
      feature({ 地类编码: '0799' }),
      feature({ 面积: 0 }),
    ]);
    const result = await run('parcels', await store.file('bad.geojson', file));
    expect(result).toMatchObject({ rows: 12, inserted: 0, rejected: 12 });
    expect(await reasons(result.rejects)).toEqual([
      '1 geometry RING',
      '2 geometry CROSSES_ITSELF',
      '3 geometry AXES',
      '4 geometry OUTSIDE',
      '5 geometry TYPE',
      '6 geometry POSITION',
      '7 ownerRef REFERENCE',
      '8 ownerRef REFERENCE',
      '9 ownerRef REFERENCE',
      '10 division DISAGREES',
      '11 landUse UNKNOWN_CODE',
      '12 areaSquareMetres FORMAT',
    ]);
  });

  it('says where a file stops being a collection and keeps what came before', async () => {
    const parcels = store.connection.collection('parcels');
    await parcels.deleteMany({});
    const text = collection([feature(), feature({ 宗地代码: '532301101001GB00002' }), feature()]);
    await expect(run('parcels', await store.file('cut.geojson', text.slice(0, -200)))).rejects.toMatchObject({
      code: 'BAD_FILE',
      message: expect.stringContaining('in the middle, after feature 2') as string,
    });
    expect(await parcels.countDocuments()).toBe(2);
    for (const other of [
      '{"type":"FeatureCollection"}',
      '{"features":[]}',
      '[]',
      '{"properties":{"features":[{}]}}',
      '{"features":[1]}',
      '{"features":["a"]}',
    ]) {
      await expect(run('parcels', await store.file('none.geojson', other))).rejects.toMatchObject({ code: 'BAD_FILE' });
    }
  });

  it('cuts features at their own ends, whatever stands in their texts and wherever the file is read in pieces', async () => {
    const awkward = feature({ 不动产权证号: '云"{[\\\\]}"' });
    const text = collection([awkward, feature()], { datum: 'CGCS2000', note: '"features":[' });
    for (const size of [1, 7, 64, 100_000]) {
      const pieces = (async function* () {
        for (let at = 0; at < text.length; at += size) yield await Promise.resolve(text.slice(at, at + size));
      })();
      const cut: FeatureText[] = [];
      for await (const one of cutFeatures(pieces)) cut.push(one);
      expect(cut.map((one) => JSON.parse(one.text) as unknown)).toEqual([awkward, feature()]);
      expect(JSON.parse(cut[0]?.head ?? '')).toMatchObject({ datum: 'CGCS2000' });
    }
  });
});

describe('importing observations, archived items and documents', () => {
  it('reads periods as departments write them and keeps revisions beside each other', async () => {
    const header = '指标代码,行政区划代码,时期,数值,计量单位,版本,数据状态,数据来源,发布日期';
    const lines = [
      'GE001,532300,2024年,1832.6,亿元,1,初步,统计局,2025-01-26',
      'GE001,532300,2024,1841.2,亿元,2,最终,统计局,2025-05-26',
      'GE001,532300,2024年第三季度,1320.1,亿元,,,统计局,2024-10-26',
      'GE007,532331,2020年9月,41.2,亿元,,,统计局,2020-10-20',
      'GE007,532301,2024-13,41.2,亿元,,,统计局,2024-10-20',
      'GE007,532301,2024-09,"41,2",亿元,,,统计局,2024-10-20',
    ];
    const result = await run('observations', await store.file('observations.csv', [header, ...lines].join('\n')));
    expect(result).toMatchObject({ rows: 6, inserted: 4, rejected: 2 });
    expect(await reasons(result.rejects)).toEqual(['6 period FORMAT', '7 value FORMAT']);
    const ids = (await store.connection.collection('observations').find().toArray())
      .map(({ _id }) => String(_id))
      .sort();
    expect(ids).toEqual([
      'GE001:532300:2024-Q3:1',
      'GE001:532300:2024:1',
      'GE001:532300:2024:2',
      'GE007:532331:2020-09:1',
    ]);
  });

  it('computes opening dates and admits no state secret', async () => {
    const header = '档号,题名,全宗号,全宗名称,保管期限,密级,形成日期,行政区划代码,相关主体';
    const lines = [
      `X043-WS·1999-Y-BGS-0001,关于调整行政区划的批复,X043,楚雄市人民政府,永久,内部,1999-05-20,532301,PERSON:${ref};LEGAL_PERSON:91110000802100433B`,
      'X043-WS·1999-Y-BGS-0002,题名,X043,楚雄市人民政府,永久,机密,1999-05-20,532301,',
      'X043-WS·1999-Y-BGS-0003,题名,X043,楚雄市人民政府,50年,公开,1999-05-20,532301,PERSON:某某',
    ];
    const result = await run('archive-items', await store.file('items.csv', [header, ...lines].join('\n')));
    expect(result).toMatchObject({ inserted: 1, rejected: 2 });
    expect(await reasons(result.rejects)).toEqual([
      '3 secrecy STATE_SECRET',
      '4 retention UNKNOWN_CODE',
      '4 subjects REFERENCE',
    ]);
    expect(await store.connection.collection('archiveItems').findOne()).toMatchObject({
      opensOn: '2024-05-21',
      subjects: [
        { kind: 'PERSON', ref },
        { kind: 'LEGAL_PERSON', ref: '91110000802100433B' },
      ],
    });
  });

  it('keys documents by their number, brackets and all', async () => {
    const document = {
      发文字号: '楚政发〔2024〕12号',
      标题: '关于印发政务数据共享目录的通知',
      文种: '通知',
      发文机关: '楚雄彝族自治州人民政府',
      行政区划代码: '532300',
      成文日期: '2024-03-05',
      公开属性: '主动公开',
      文件摘要: 'a'.repeat(64),
      subjects: [{ kind: 'PERSON', ref }],
    };
    const text = [document, { ...document, 发文字号: '楚政发[2024]13号' }, { ...document, 文种: '布告' }]
      .map((one) => JSON.stringify(one))
      .join('\n');
    const result = await run('documents', await store.file('documents.ndjson', text));
    expect(result).toMatchObject({ inserted: 1, rejected: 2 });
    expect(await reasons(result.rejects)).toEqual(['2 documentNumber FORMAT', '3 kind UNKNOWN_CODE']);
    const stored = await store.connection.collection('documents').findOne();
    expect(stored).toMatchObject({
      documentNumber: '楚政发〔2024〕12号',
      urgency: '平件',
      secrecy: '公开',
      subjects: [{ kind: 'PERSON', ref }],
    });
    expect(String(stored?._id)).toMatch(/^532300-2024-12-[0-9a-f]{8}$/);
    expect(await run('documents', await store.file('documents.ndjson', text))).toMatchObject({
      inserted: 0,
      unchanged: 1,
    });
  });

  it('refuses resources and formats it does not know', async () => {
    const file = await store.file('x.csv', 'a');
    await expect(run('taxes', file)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message: expect.stringContaining('persons') as string,
    });
    await expect(run('parcels', file)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message: expect.stringContaining('geojson') as string,
    });
    await expect(run('persons', '/nowhere/x.csv')).rejects.toMatchObject({ code: 'BAD_FILE' });
    await expect(
      run('persons', await store.file('utf16.csv', Buffer.from('\uFEFFa,b', 'utf16le'))),
    ).rejects.toMatchObject({ code: 'BAD_FILE' });
  });
});

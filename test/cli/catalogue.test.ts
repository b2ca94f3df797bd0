import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SubgraphDefinition } from '../../lib/subgraph-definition.ts';
import { CONSUMER, type PublishingHub, publishingHub } from '../support/publishing-hub.ts';
import { hubHere } from './hub-command.ts';

const people: SubgraphDefinition = {
  name: 'people',
  owner: 'public-security',
  title: 'People',
  sdl: String.raw`"人口, \"as\" the register\nhas it."
type Person @key(fields: "id") @resource(code: "307003/000001", title: "=HYPERLINK(\"http://evil.example\")", updateCycle: REAL_TIME)
  @sharing(class: UNCONDITIONAL) {
  "+1\u001b[2J is no formula, nor an order to a terminal."
  id: ID!
  "＝1+1, in full width."
  name: String @sharing(class: CONDITIONAL, mask: NAME)
  "  @SUM(A1)"
  record: String @sharing(class: WITHHELD, basis: "-监狱法")
  secretRef: ID @inaccessible
  "Their car - with a dash inside."
  car: Car
}
"A car."
type Car @key(fields: "plate") @resource(code: "307012/000001", title: "机动车登记信息", updateCycle: AS_NEEDED)
  @sharing(class: WITHHELD, basis: "a law") { "车牌." plate: ID }
type Query { "Everybody." people: [Person] @sharing(class: UNCONDITIONAL) }
`,
  open: () => ({ loaders: () => ({}), resolvers: { Query: { people: () => [] } } }),
};

let hub: PublishingHub;
let server: Server;
let url: string;
let folder: string;
const tokens: unknown[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shuniu-'));
  hub = await publishingHub([people]);
  server = createServer((request, response) => {
    tokens.push(request.headers.authorization);
    void json(request)
      .then((body) => {
        const { query, variables } = body as { query: string; variables: Record<string, unknown> };
        return hub.ask(query, CONSUMER, variables);
      })
      .then(({ status, ...answer }) => response.writeHead(status).end(JSON.stringify(answer)));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
}, 60_000);
afterAll(async () => {
  server.close();
  await hub.close();
  await rm(folder, { recursive: true });
});

const run = (...args: string[]) => hubHere(['catalogue', ...args, '--url', url], { HUB_TOKEN: 'a.b.c' });
async function done(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

describe('hub catalogue', { timeout: 60_000 }, () => {
  it('lists resources and items with the token of its caller', async () => {
    const found = await done('list', '--search', '机动');
    const [head, ...rows] = found
      .trim()
      .split('\n')
      .map((row) => row.split(/ {2,}/));
    expect(head?.slice(0, 3)).toEqual(['TYPE', 'CODE', 'TITLE']);
    expect(rows).toEqual([
      ['Car', '307012/000001', '机动车登记信息', 'public-security', 'AS_NEEDED', 'WITHHELD', '1', '1'],
    ]);
    expect(tokens.at(-1)).toBe('Bearer a.b.c');
    const items = JSON.parse(
      await done('list', '--resource', 'Person', '--class', 'CONDITIONAL', '--json'),
    ) as object[];
    expect(items).toEqual([expect.objectContaining({ coordinate: 'Person.name', mask: 'NAME', since: 1 })]);
  });

  it('says where there is more', async () => {
    expect((await run('list', '--items', '--first', '1')).stderr).toContain('There are more');
  });

  it('shows an item with what the caller may see of it, and what to do for more', async () => {
    const shown = await done('show', 'Person.name');
    expect(shown).toContain('You may see: MASKED NAME');
    expect(shown).toContain('requestSharing(input:');
  });

  it('shows a resource by type or code with its items, and nothing that is not there', async () => {
    expect(await done('show', '307003/000001')).toBe(await done('show', 'Person'));
    const { items } = JSON.parse(await done('show', 'Person', '--json')) as { items: { field: string }[] };
    expect(items.map(({ field }) => field)).toEqual(['car', 'id', 'name', 'record']);
    expect(await run('show', 'Person.secretRef')).toMatchObject({ code: 1, stdout: '' });
    expect(await run('show', 'Nothing')).toMatchObject({ code: 1, stdout: '' });
  });

  it('prints no order to a terminal that a description holds', async () => {
    expect(await done('list', '--resource', 'Person')).not.toContain(String.fromCharCode(0x1b));
  });
});

describe('hub catalogue export --format csv', { timeout: 60_000 }, () => {
  it('has a row for each item of a resource, which a reader of RFC 4180 reads back', async () => {
    const text = await done('export', '--format', 'csv');
    expect(text.endsWith('\r\n')).toBe(true);
    const rows = parse(text, { columns: true, record_delimiter: '\r\n' }) as unknown as Record<string, string>[];
    expect(rows.find((row) => row['信息项'] === 'Person.car')).toMatchObject({
      ...{ 信息资源代码: '307003/000001', 信息资源提供方: 'public-security', 更新周期: 'REAL_TIME' },
      ...{ 信息资源摘要: '人口, "as" the register\nhas it.', 关联资源代码: '307012/000001', 首次发布: '1' },
      ...{ 数据类型: 'Car', 信息项说明: 'Their car - with a dash inside.', 共享类型: 'UNCONDITIONAL', 个人信息: '否' },
    });
    expect(rows.some((row) => row['信息项']?.startsWith('Query.'))).toBe(false);
    expect(text).not.toContain('secretRef');
    expect(await done('export', '--format', 'csv', '--all')).toContain('Query.people');
  });

  it('lets no cell be a formula, in no width, after no space', async () => {
    const rows = parse(await done('export', '--format', 'csv'), { record_delimiter: '\r\n' });
    const cells = rows.flat();
    expect(cells.filter((cell) => /^\s*[=+\-@＝＋－＠]/u.test(cell))).toEqual([]);
    expect(cells).toEqual(
      expect.arrayContaining([`'=HYPERLINK("http://evil.example")`, "'＝1+1, in full width.", "'-监狱法", "'@SUM(A1)"]),
    );
  });

  it('goes into a file, with a byte order mark where one is asked for', async () => {
    const out = join(folder, 'catalogue.csv');
    expect(await done('export', '--format', 'csv', '--bom', '--out', out)).toBe('');
    const text = await readFile(out, 'utf8');
    expect(text.startsWith('\uFEFF信息资源代码,')).toBe(true);
    expect(text.slice(1)).toBe(await done('export', '--format', 'csv'));
    const failed = await run('export', '--format', 'csv', '--out', join(folder, 'none', 'x.csv'));
    expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining('--out: cannot be written') as string });
  });
});

describe('hub catalogue export --format dcat-ap', { timeout: 60_000 }, () => {
  type Node = Record<string, unknown>;
  const BASE = 'https://hub.example/graphql';
  const EU = 'http://publications.europa.eu/resource/authority/';

  async function exported(): Promise<Node> {
    return JSON.parse(await done('export', '--format', 'dcat-ap', '--base', BASE)) as Node;
  }
  const dataset = (catalog: Node, code: string) =>
    (catalog['dcat:dataset'] as Node[]).find((each) => each['dct:identifier'] === code);

  it('has a data set with publisher, update cycle and rights for each resource', async () => {
    const catalog = await exported();
    expect(catalog).toMatchObject({ '@type': 'dcat:Catalog', 'dct:publisher': { '@type': 'foaf:Agent' } });
    const id = `${BASE}#dataset/307003%2F000001`;
    expect(dataset(catalog, '307003/000001')).toMatchObject({
      ...{ '@id': id, '@type': 'dcat:Dataset' },
      'dct:description': { '@value': '人口, "as" the register\nhas it.', '@language': 'zh' },
      'dct:publisher': { '@type': 'foaf:Agent', 'foaf:name': { '@value': 'public-security' } },
      'dct:accrualPeriodicity': { '@id': `${EU}frequency/UPDATE_CONT` },
      'dct:accessRights': { '@id': `${EU}access-right/RESTRICTED` },
      'dct:relation': [{ '@id': `${BASE}#dataset/307012%2F000001` }],
      'dcat:distribution': { 'dcat:accessURL': { '@id': BASE }, 'dcat:accessService': { '@id': `${BASE}#service` } },
    });
    expect(dataset(catalog, '307012/000001')).toMatchObject({
      'dct:title': { '@value': '机动车登记信息', '@language': 'zh' },
      'dct:accrualPeriodicity': { '@id': `${EU}frequency/IRREG` },
      'dct:accessRights': { '@id': `${EU}access-right/NON_PUBLIC` },
    });
    const served = (catalog['dcat:service'] as Node)['dcat:servesDataset'] as Node[];
    expect(served.map((each) => each['@id'])).toContain(id);
  });

  it('is JSON-LD that needs no network: each term is of the inline context, each reference is an absolute IRI', async () => {
    const catalog = await exported();
    const context = catalog['@context'] as Record<string, string>;
    expect(Object.values(context).every((each) => URL.canParse(each))).toBe(true);
    const terms = new Set<string>();
    const ids: string[] = [];
    const walk = (value: unknown): void => {
      if (Array.isArray(value)) value.forEach(walk);
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
      for (const [key, inner] of Object.entries(value)) {
        if (key === '@context') continue;
        if (key === '@id') ids.push(String(inner));
        else if (key === '@type') terms.add(String(inner));
        else if (!['@value', '@language'].includes(key)) terms.add(key);
        walk(inner);
      }
    };
    walk(catalog);
    expect([...terms].filter((term) => context[term.split(':')[0] ?? ''] === undefined)).toEqual([]);
    expect(ids.filter((id) => !URL.canParse(id))).toEqual([]);
    expect(JSON.stringify(catalog)).not.toContain('secretRef');
  });

  it('takes no base that cannot be one', async () => {
    const { code, stderr } = await run('export', '--format', 'dcat-ap', '--base', 'hub.example');
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('Give an IRI') as string });
    expect((await run('export', '--format', 'rdf')).code).toBe(2);
  });
});

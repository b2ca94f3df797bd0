import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { archiveOpensOn } from '../../lib/codes/archive-opening.ts';
import { bigrams } from '../../lib/codes/bigrams.ts';
import { addDays } from '../../lib/codes/calendar-date.ts';
import type { SecrecyLevel } from '../../lib/codes/secrecy.ts';
import { type ArchiveItemRecord, type DocumentRecord, models } from '../../subgraphs/archives/models.ts';
import { isOpen, noSecretOn, openOn } from '../../subgraphs/archives/opening.ts';
import { definition } from '../../subgraphs/archives/subgraph.ts';
import { planOf } from '../support/explain.ts';
import { type RunningSubgraph, startSubgraph } from '../support/subgraph.ts';

let subgraph: RunningSubgraph;

const PERSON = 'a'.repeat(32);
const COMPANY = '91532301MA6K00014Y';

function item(number: number, fields: Partial<ArchiveItemRecord> = {}): ArchiveItemRecord {
  const title = fields.title ?? '楚雄市结婚登记审查处理表（鹿城镇）';
  const [formedOn, secrecy] = [fields.formedOn ?? '1990-06-01', fields.secrecy ?? '内部'];
  return {
    _id: `0101-WS·${formedOn.slice(0, 4)}-Y-01-${String(number).padStart(7, '0')}`,
    titleTokens: bigrams(title),
    fonds: '0101',
    fondsName: '楚雄市民政局',
    retention: '永久',
    // Deliberately wrong: what is stored must not decide.
    opensOn: '1900-01-01',
    county: '532301',
    subjects: [],
    ...fields,
    title,
    formedOn,
    secrecy,
  };
}

function document(number: number, fields: Partial<DocumentRecord> = {}): DocumentRecord {
  const title = fields.title ?? '楚雄彝族自治州人民政府关于农村生活污水治理的通知';
  return {
    _id: `532300-2023-${number}`,
    documentNumber: `楚政发〔2023〕${number}号`,
    titleTokens: bigrams(title),
    kind: '通知',
    issuer: '楚雄彝族自治州人民政府',
    division: '532300',
    issuedOn: `2023-0${number}-15`,
    urgency: '平件',
    secrecy: '公开',
    publicity: 'PROACTIVE',
    subjects: [],
    contentHash: 'c'.repeat(64),
    ...fields,
    title,
  };
}

const OPEN = item(1, { subjects: [{ kind: 'PERSON', ref: PERSON }] });
const CLOSED = item(2, {
  formedOn: '2010-06-01',
  title: '集体林权制度改革林权登记申请表：东瓜镇',
  subjects: [
    { kind: 'PERSON', ref: PERSON },
    { kind: 'LEGAL_PERSON', ref: COMPANY },
  ],
});
const SECRET = item(3, {
  formedOn: '2020-06-01',
  secrecy: '秘密',
  title: '关于秘密工程的批复',
  subjects: CLOSED.subjects,
});

beforeAll(async () => {
  subgraph = await startSubgraph(definition, models);
  const stored = models(subgraph.connection);
  await stored.archiveItems.insertMany([
    OPEN,
    CLOSED,
    SECRET,
    item(4, { secrecy: '机密', formedOn: '2003-01-01', title: '关于已解密工程的批复' }),
    item(5, { secrecy: '未知', title: '没有密级的材料' }),
    item(6, { county: '532302', fonds: '0201', title: '禄丰县结婚登记审查处理表（金山镇）' }),
  ]);
  await stored.documents.insertMany([
    document(1, { subjects: [{ kind: 'LEGAL_PERSON', ref: COMPANY }] }),
    document(2, { publicity: 'ON_APPLICATION', title: '关于滇中引水工程征地安置的批复', kind: '批复' }),
    document(3, { publicity: 'NOT_PUBLIC', title: '关于滇中引水工程的函', kind: '函', division: '532301' }),
    document(4, { secrecy: '机密', title: '关于滇中引水工程的机密通知' }),
    document(5, { kind: '其他', urgency: '不明' }),
  ]);
  const law = (number: number, title: string, repealedOn: string | null = null) => ({
    _id: `FG-000${number}`,
    title,
    titleTokens: bigrams(title),
    issuer: '国务院',
    effectiveFrom: '2021-01-01',
    repealedOn,
    articles: 50,
    summary: '摘要',
  });
  await stored.laws.insertMany([
    law(1, '中华人民共和国档案法'),
    law(2, '政务数据共享条例'),
    law(3, '档案征集办法', '2023-01-01'),
  ]);
}, 60_000);

afterAll(() => subgraph.close());
beforeEach(() => {
  subgraph.reads();
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-06-15T04:00:00Z') });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the opening of archives', () => {
  const levels: readonly SecrecyLevel[] = ['公开', '国内', '内部', '秘密', '机密', '绝密'];

  it.each(levels)('is the same rule for a row and for a filter, on every day about the boundary (%s)', (secrecy) => {
    for (const formedOn of ['1999-05-20', '1996-02-29', '1995-02-28', '2000-12-31', '2001-03-01']) {
      for (const offset of [-2, -1, 0, 1, 2]) {
        const day = addDays(archiveOpensOn(formedOn, secrecy), offset);
        expect([day, isOpen({ formedOn, secrecy }, day)]).toEqual([day, offset >= 0]);
        expect([day, accepts(openOn(day), { formedOn, secrecy })]).toEqual([day, offset >= 0]);
      }
    }
  });

  it('ends a term of secrecy the day after its last year is complete', () => {
    const filter = (day: string, secrecy: string) =>
      accepts(noSecretOn('formedOn', day), { formedOn: '2016-02-29', secrecy });
    expect(filter('2026-02-28', '秘密')).toBe(false);
    expect(filter('2026-03-01', '秘密')).toBe(true);
    expect(filter('2036-02-29', '机密')).toBe(false);
    expect(filter('2036-03-01', '机密')).toBe(true);
    expect(filter('2016-03-01', '内部')).toBe(true);
    expect(filter('2099-01-01', '未知')).toBe(false);
  });

  it('turns on the day in China', async () => {
    const query = `{ archiveItem(number: "${CLOSED._id}") { open openingDate title } }`;
    vi.setSystemTime(new Date('2035-06-01T15:59:59Z'));
    expect((await subgraph.ask(query)).data?.archiveItem).toEqual({
      open: false,
      openingDate: '2035-06-02',
      title: null,
    });
    vi.setSystemTime(new Date('2035-06-01T16:00:00Z'));
    expect((await subgraph.ask(query)).data?.archiveItem).toEqual({
      open: true,
      openingDate: '2035-06-02',
      title: CLOSED.title,
    });
  });

  /** Evaluates the filters of this rule, which are made of `$or`, `$in` and `$lte`. */
  function accepts(filter: Record<string, unknown>, row: Readonly<Record<string, string>>): boolean {
    return (filter['$or'] as Record<string, { $in?: string[]; $lte?: string }>[]).some((branch) =>
      Object.entries(branch).every(([field, { $in, $lte }]) => {
        const value = row[field] ?? '';
        return ($in?.includes(value) ?? true) && ($lte === undefined || value <= $lte);
      }),
    );
  }
});

describe('an archived item', () => {
  it('that is open shows its title', async () => {
    const { data } = await subgraph.ask(`{ archiveItem(number: "${OPEN._id}") {
      number title open openingDate retention secrecy division fondsName } }`);
    expect(data?.archiveItem).toEqual({
      number: OPEN._id,
      title: OPEN.title,
      open: true,
      openingDate: '2015-06-02',
      retention: 'PERMANENT',
      secrecy: 'INTERNAL',
      division: '532301',
      fondsName: '楚雄市民政局',
    });
  });

  it('that is closed shows when it opens; its title and subjects need a grant', async () => {
    const open = '{ archiveItem(number: "' + CLOSED._id + '") { title openingDate open } }';
    expect((await subgraph.ask(open)).data?.archiveItem).toEqual({
      title: null,
      openingDate: '2035-06-02',
      open: false,
    });
    const full =
      '{ archiveItem(number: "' + CLOSED._id + '") { fullTitle subjects { __typename ... on LegalPerson { uscc } } } }';
    expect((await subgraph.ask(full)).data?.archiveItem).toEqual({
      fullTitle: CLOSED.title,
      subjects: [{ __typename: 'Person' }, { __typename: 'LegalPerson', uscc: COMPANY }],
    });
    const denied = await subgraph.ask(
      full,
      {},
      { asked: ['Query.archiveItem', 'ArchiveItem.subjects', 'LegalPerson.uscc'] },
    );
    expect(denied.codes).toEqual(['NOT_PERMITTED']);
  });

  it('under a term of secrecy, or of an unknown level, does not exist', async () => {
    for (const number of [SECRET._id, '0101-WS·1990-Y-01-0000005', 'none'])
      expect((await subgraph.ask(`{ archiveItem(number: "${number}") { number } }`)).data).toEqual({
        archiveItem: null,
      });
    vi.setSystemTime(new Date('2030-06-01T15:59:59Z'));
    expect((await subgraph.ask(`{ archiveItem(number: "${SECRET._id}") { number } }`)).data).toEqual({
      archiveItem: null,
    });
    vi.setSystemTime(new Date('2030-06-01T16:00:00Z'));
    expect((await subgraph.ask(`{ archiveItem(number: "${SECRET._id}") { open secrecy } }`)).data).toEqual({
      archiveItem: { open: false, secrecy: 'SECRET' },
    });
  });

  it('is found from its subjects, secrets and rows out of scope apart', async () => {
    const refs = [
      { __typename: 'Person', ref: PERSON },
      { __typename: 'LegalPerson', uscc: COMPANY },
      { __typename: 'Person', ref: 'b'.repeat(32) },
    ];
    const query = `query ($refs: [_Any!]!) { _entities(representations: $refs) {
      ... on Person { archiveItems { number title subjects { __typename } } }
      ... on LegalPerson { archiveItems(first: 1) { number title subjects { __typename } } } } }`;
    const { data } = await subgraph.ask(query, { refs });
    expect(data?._entities).toMatchObject([
      {
        archiveItems: [
          { number: OPEN._id, title: OPEN.title },
          { number: CLOSED._id, title: null, subjects: [{}, {}] },
        ],
      },
      { archiveItems: [{ number: CLOSED._id }] },
      { archiveItems: [] },
    ]);
    for (const read of subgraph.reads())
      expect((await planOf(subgraph.connection, read)).indexes).toEqual(['subjects.ref_1']);
    const elsewhere = await subgraph.ask(query, { refs }, { divisions: ['532302'] });
    expect(elsewhere.data?._entities).toEqual([{ archiveItems: [] }, { archiveItems: [] }, { archiveItems: [] }]);
  });
});

describe('a search in archives', () => {
  const search = async (filter: string, asking = {}) => {
    const { data, errors } = await subgraph.ask(
      `{ archiveItems(filter: { ${filter} }) { edges { node { number } } totalCount } }`,
      {},
      asking,
    );
    const found = data?.archiveItems as { edges: { node: { number: string } }[]; totalCount: number } | null;
    if (found) expect(found.totalCount).toBe(found.edges.length);
    return { numbers: found?.edges.map(({ node }) => node.number.slice(-1)), errors };
  };

  it('by title finds open items only, so that it cannot spell out closed titles', async () => {
    expect((await search('division: "532300", title: "结婚登记"')).numbers).toEqual(['1', '6']);
    expect((await search('division: "532300", title: "林权登记"')).numbers).toEqual([]);
    expect((await search('division: "532300", fullTitle: "林权登记"')).numbers).toEqual(['2']);
  });

  it('never meets a secret', async () => {
    expect((await search('division: "532300", fullTitle: "工程的批复"')).numbers).toEqual(['4']);
    expect((await search('division: "532300"')).numbers).toEqual(['1', '4', '2', '6']);
  });

  it('narrows by division, year, fonds, opening and scope', async () => {
    expect((await search('division: "532302", title: "结婚登记"')).numbers).toEqual(['6']);
    expect((await search('division: "532300", year: 2010')).numbers).toEqual(['2']);
    expect((await search('division: "532300", fonds: "0201"')).numbers).toEqual(['6']);
    expect((await search('division: "532300", open: false')).numbers).toEqual(['4', '2']);
    expect((await search('division: "532300", open: true')).numbers).toEqual(['1', '6']);
    expect((await search('division: "532300"', { divisions: ['532302'] })).numbers).toEqual(['6']);
  });

  it.each([
    ['title: "表"', /^filter\.title: 1 /],
    ['title: "登记", fullTitle: "登记"', /^filter\.fullTitle: given beside/],
    ['year: 99', /^filter\.year: /],
    ['fonds: ""', /^filter\.fonds: empty/],
  ])('refuses %s', async (filter, sentence) => {
    expect((await search(`division: "532300", ${filter}`)).errors?.[0]?.message).toMatch(sentence);
    expect((await search('division: "532301101"')).errors?.[0]?.message).toMatch(/first 6 digits/);
  });

  it('enters an index', async () => {
    await search('division: "532301", title: "结婚登记"');
    await search('division: "532301"');
    const plans = await Promise.all(subgraph.reads().map((read) => planOf(subgraph.connection, read)));
    expect(plans.map(({ indexes }) => indexes.includes('COLLSCAN'))).toEqual(plans.map(() => false));
    expect(plans[0]?.indexes).toEqual(['titleTokens_1_county_1__id_1']);
  });
});

describe('official documents', () => {
  const search = async (filter: string) => {
    const { data } = await subgraph.ask(`{ documents(filter: { ${filter} }) { edges { node { id } } } }`);
    return (data?.documents as { edges: { node: { id: string } }[] }).edges.map(({ node }) => node.id.slice(-1));
  };

  it('show the title of what is published on the issuer’s own motion, and of the rest for a purpose', async () => {
    const { data } =
      await subgraph.ask(`{ one: document(id: "532300-2023-1") { title fullTitle kind urgency secrecy publicity }
      two: document(id: "532300-2023-2") { title fullTitle kind subjects { __typename } } }`);
    expect(data).toEqual({
      one: {
        title: '楚雄彝族自治州人民政府关于农村生活污水治理的通知',
        fullTitle: '楚雄彝族自治州人民政府关于农村生活污水治理的通知',
        kind: 'NOTICE',
        urgency: 'ORDINARY',
        secrecy: 'OPEN',
        publicity: 'PROACTIVE',
      },
      two: { title: null, fullTitle: '关于滇中引水工程征地安置的批复', kind: 'REPLY', subjects: [] },
    });
  });

  it('are found by number, whatever brackets are typed', async () => {
    for (const number of ['楚政发〔2023〕1号', '楚政发[2023]1号', '楚政发（2023） 1号', '楚政发【2023】1号']) {
      const { data } = await subgraph.ask('query ($n: String!) { documentByNumber(documentNumber: $n) { id } }', {
        n: number,
      });
      expect(data).toEqual({ documentByNumber: { id: '532300-2023-1' } });
    }
    const secret = await subgraph.ask('{ documentByNumber(documentNumber: "楚政发〔2023〕4号") { id } }');
    expect(secret.data).toEqual({ documentByNumber: null });
  });

  it('are listed newest first, and searched by what everybody may read or by everything', async () => {
    expect(await search('division: "532300"')).toEqual(['5', '3', '2', '1']);
    expect(await search('division: "532301"')).toEqual(['3']);
    expect(await search('division: "532300", year: 2022')).toEqual([]);
    expect(await search('division: "532300", kind: LETTER')).toEqual(['3']);
    expect(await search('division: "532300", publicity: ON_APPLICATION')).toEqual(['2']);
    expect(await search('division: "532300", title: "滇中引水"')).toEqual([]);
    expect(await search('division: "532300", fullTitle: "滇中引水"')).toEqual(['3', '2']);
  });

  it('show a kind the standard does not know as null', async () => {
    const { data, errors } = await subgraph.ask('{ document(id: "532300-2023-5") { id kind urgency } }');
    expect(data).toEqual({ document: { id: '532300-2023-5', kind: null, urgency: null } });
    expect(errors).toBeUndefined();
  });

  it('come by pages in the order of an index', async () => {
    const page = (after: string) =>
      subgraph.ask(
        `{ documents(filter: { division: "532300" }, first: 3${after}) { edges { node { id } } pageInfo { endCursor hasNextPage } } }`,
      );
    const first = await page('');
    const { pageInfo } = first.data?.documents as { pageInfo: { endCursor: string; hasNextPage: boolean } };
    expect(pageInfo.hasNextPage).toBe(true);
    const second = await page(`, after: "${pageInfo.endCursor}"`);
    expect(second.data?.documents).toMatchObject({
      edges: [{ node: { id: '532300-2023-1' } }],
      pageInfo: { hasNextPage: false },
    });
    subgraph.reads();
    await search('division: "532301"');
    for (const read of subgraph.reads())
      expect(await planOf(subgraph.connection, read)).toMatchObject({
        indexes: ['division_1_issuedOn_-1__id_-1'],
        sorts: false,
      });
  });
});

describe('laws', () => {
  it('are free to all: found by name and by the day they are in force', async () => {
    const query = `{ law(id: "FG-0002") { title articles } all: laws { totalCount }
      named: laws(filter: { title: "档案" }) { edges { node { id } } }
      current: laws(filter: { title: "档案", inForceOn: "2026-01-01" }) { edges { node { id } } } }`;
    const { data } = await subgraph.ask(query);
    expect(data).toEqual({
      law: { title: '政务数据共享条例', articles: 50 },
      all: { totalCount: 3 },
      named: { edges: [{ node: { id: 'FG-0001' } }, { node: { id: 'FG-0003' } }] },
      current: { edges: [{ node: { id: 'FG-0001' } }] },
    });
  });
});

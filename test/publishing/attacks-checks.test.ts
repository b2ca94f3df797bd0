import { describe, expect, it } from 'vitest';
import { canonicalNames } from '../../schema/link-names.ts';
import { check } from '../../sharing/publishing/check.ts';
import { preparedApart } from '../../sharing/publishing/prepared-apart.ts';

const people = {
  ...{ name: 'people', owner: 'public-security', url: 'https://people.example/graphql' },
  sdl: 'type Query {\n  "Day."\n  day: String @sharing(class: UNCONDITIONAL)\n}\n',
};
const asked = (sdl: string, owner = people.owner) => ({
  ...{ subgraphs: [{ ...people, sdl, owner }], before: [{ ...people, owner }], candidate: 'people', operations: [] },
});
/** Takes far longer than any check may. */
const typos = Array.from({ length: 15_000 }, (_, at) => `"F." f${at}: Int @shar${at}`).join('\n');
const endless = `${people.sdl}\n"T." type T {\n${typos}\n}`;
const problemsOf = (all: readonly Awaited<ReturnType<typeof preparedApart>>[]): readonly string[] =>
  all.flatMap((each) => ('problems' in each ? each.problems.map(({ message }) => message) : []));

describe('a check', { timeout: 60_000 }, () => {
  it('of many at once waits for room or is refused, and what is refused costs no thread', async () => {
    const all = await Promise.all(
      Array.from({ length: 24 }, (_, at) => preparedApart(asked(people.sdl, `department-${at % 12}`))),
    );
    expect(problemsOf(all)).toEqual(
      Array.from({ length: 6 }, () => expect.stringContaining('too many schemas at once') as string),
    );
    expect(await preparedApart(asked(people.sdl))).toHaveProperty('supergraph');
  });

  it('of one department waits for its own only, and keeps no other from its check', async () => {
    let ended = 0;
    const slow = async () => {
      const result = await preparedApart(asked(endless, 'flooding'), { withinMs: 1_000, waitMs: 20_000 });
      ended += problemsOf([result]).some((message) => message.includes('within 1 s')) ? 1 : 0;
      return result;
    };
    const flood = Array.from({ length: 20 }, slow);
    expect(await preparedApart(asked(people.sdl, 'other'))).toHaveProperty('supergraph');
    expect(ended).toBeLessThan(4);
    const told = problemsOf(await Promise.all(flood));
    expect(told.filter((message) => message.includes('of this department'))).toHaveLength(16);
    expect(ended).toBe(4);
    expect(await preparedApart(asked(people.sdl, 'flooding'))).toHaveProperty('supergraph');
  });

  it('finds nothing of the one before it, whatever that one called its types', async () => {
    const before = await preparedApart(asked(people.sdl));
    const hostile = `${people.sdl}
"A." type hasOwnProperty @sharing(class: UNCONDITIONAL) { "B." constructor("C." valueOf: toString): Int "D." toString: Int }
"E." input toString { "F." constructor: Int @reads(items: ["hasOwnProperty.toString"]) }
"G." enum valueOf { "H." constructor }`;
    expect(await preparedApart(asked(hostile))).toHaveProperty('findings');
    expect(await preparedApart(asked(hostile.replaceAll('valueOf', '__proto__')))).toHaveProperty('findings');
    expect(await preparedApart(asked(people.sdl))).toEqual(before);
  });

  it('tells the first of findings without end, errors before what does not refuse', async () => {
    const fields = Array.from({ length: 900 }, (_, at) => `  phone${at}: String`).join('\n');
    const sdl = `${people.sdl}\n"T." type T @sharing(class: UNCONDITIONAL) {\n${fields}\n}`;
    const nothing = { inForce: undefined, grants: [], at: new Date() };
    const { outcome, findings } = await check({ ...asked(sdl), ...nothing }, { withinMs: 30_000 });
    expect(outcome).toBe('REFUSED');
    expect(findings).toHaveLength(500);
    expect(findings[0]?.severity).toBe('ERROR');
  });

  it('outlives a thread that dies while it is ended', async () => {
    const started = performance.now();
    const large = await preparedApart(asked(endless), { withinMs: 2_000 });
    expect(large).toHaveProperty('problems');
    expect(performance.now() - started).toBeLessThan(20_000);
    expect(await preparedApart(asked(people.sdl))).toHaveProperty('supergraph');
  });

  it('reads links and imports without end in a moment, and names the first problems', () => {
    const federation = '@link(url: "https://specs.apollo.dev/federation/v2.3", import:';
    const many = Array.from({ length: 50_000 }, (_, at) => `"@x${at}"`).join(',');
    const attacks = [`${federation} [${many}])`, `${federation} ["@${'x'.repeat(900_000)}"])`];
    for (const attack of attacks) {
      const started = performance.now();
      const { problems } = canonicalNames(`extend schema ${attack}\n${people.sdl}`);
      expect(performance.now() - started).toBeLessThan(3_000);
      expect(problems.length).toBeGreaterThan(0);
      expect(problems.length).toBeLessThanOrEqual(100);
    }
  });
});

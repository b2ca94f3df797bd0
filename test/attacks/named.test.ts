import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

/* The table of SECURITY.md names each way around field rights, and where it is tested. */
const here = new URL('./', import.meta.url);
const page = await readFile(new URL('../../SECURITY.md', here), 'utf8');
const [, section = ''] = page.split('## Known ways around field rights');
const [table = ''] = section.split('\n## ');
const rows = [...table.matchAll(/^\| (.+?) \| (.+?) \| `(.+?)`: (.+?) \|$/gmu)].map(
  ([, way = '', holds = '', file = '', title = '']) => ({ way, holds, file, title }),
);

describe('the table of known ways around field rights', () => {
  it.each(rows)('names a test there is: $way', async ({ file, title }) => {
    const text = await readFile(new URL(file, here), 'utf8');
    expect(text).toMatch(/^describe|^ {2}it/mu);
    expect(text).toContain(title);
  });

  it('has the twelve classes', () => {
    const classes = new Set(rows.map(({ way }) => /^(\d+) · /u.exec(way)?.[1]).filter(Boolean));
    expect([...classes].map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
  });

  it.each([
    ...new Set(
      rows.flatMap(({ holds }) => [...holds.matchAll(/`([\w-]+\/[\w/.-]+)`/gu)].map(([, path]) => path ?? '')),
    ),
  ])('names a protection there is: %s', async (path) => {
    expect((await readFile(new URL(`../../${path}`, here), 'utf8')).length).toBeGreaterThan(0);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Html, html, jsonScript } from '../../web/html.ts';
import { chooseLanguage } from '../../web/language.ts';
import { localAddress, localPath } from '../../web/local-path.ts';

/** The same by another name: templates of `html` are formatted, and these have to stay as they are. */
const made = html;

describe('markup', () => {
  it('escapes every value, in texts and in attributes', () => {
    const evil = `<script>alert("1")</script>' onx='`;
    const safe = '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39; onx=&#39;';
    expect(html`<p title="${evil}">${evil}</p>`.toString()).toBe(`<p title="${safe}">${safe}</p>`);
  });

  it('keeps what it made itself, joins lists and leaves out what is absent', () => {
    const items = ['a', '<b>'].map((item) => html`<li>${item}</li>`);
    expect(made`<ul>${items}${false}${null}${undefined}${0}</ul>`.toString()).toBe(
      '<ul><li>a</li><li>&lt;b&gt;</li>0</ul>',
    );
  });

  it('is made by templates alone', () => {
    expect(() => new Html(Symbol('html'), '<script>')).toThrow('Html is made by');
  });

  it.each(['javascript:alert(1)', ' javascript:alert(1)', '//evil.example', '/\\evil.example', 'data:text/html,x', ''])(
    'leads to no address such as %j',
    (address) => {
      expect(() => html`<a href="${address}">x</a>`).toThrow('an address begins with');
    },
  );

  it('refuses values where escaping would not help', () => {
    const value = 'x';
    expect(() => made`<p class=${value}></p>`).toThrow('double quotes');
    expect(() => made`<p class='${value}'></p>`).toThrow('double quotes');
    expect(() => html`<p onclick="${value}"></p>`).toThrow('no value belongs');
    expect(() => html`<p style="color: ${value}"></p>`).toThrow('no value belongs');
    expect(
      () =>
        html`<script>
          ${value};
        </script>`,
    ).toThrow('no value belongs');
    expect(() => html`<p ${value}></p>`).toThrow('only attributes');
    expect(html`<p title="a > b" ${html`hidden`}>${value}</p>`.toString()).toContain('" hidden>x<');
  });

  it('gives a script data that never end its element', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom('</script>', '<!--', '<script', ''), (value, evil) => {
        const markup = jsonScript('data', { value, evil }).toString();
        const inner = markup.slice(markup.indexOf('>') + 1, markup.lastIndexOf('<'));
        expect(inner).not.toMatch(/[<>]/);
        expect(JSON.parse(inner)).toEqual(JSON.parse(JSON.stringify({ value, evil })));
      }),
    );
  });
});

describe('an address that somebody wrote', () => {
  it('stays on this host, whatever it is', () => {
    const pieces = fc.constantFrom(
      '/',
      '\\',
      '.',
      '..',
      ':',
      '@',
      '?',
      '#',
      '%2f',
      '%5c',
      '\t',
      'http:',
      'evil.example',
      'a',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 8 }), (parts) => {
        const origin = 'https://hub.example';
        for (const made of [localPath(parts.join('')), localAddress(`/${parts.join('')}`)])
          expect(new URL(made, origin).origin).toBe(origin);
      }),
      { numRuns: 2_000 },
    );
  });

  it('keeps its query', () => {
    expect(localPath('/catalogue?search=户籍&x=1')).toBe('/catalogue?search=%E6%88%B7%E7%B1%8D&x=1');
  });
});

describe('the language of a visit', () => {
  it.each([
    [undefined, undefined, 'zh-CN'],
    [undefined, 'en-GB,en;q=0.9', 'en'],
    [undefined, 'fr, zh-TW;q=0.5, en;q=0.4', 'zh-CN'],
    [undefined, 'en;q=0, de', 'zh-CN'],
    [undefined, 'en;q=0.1, zh;q=0.2', 'zh-CN'],
    [undefined, ';;;, q=1', 'zh-CN'],
    ['en', 'zh-CN', 'en'],
    ['xx', 'en', 'en'],
  ])('with %j kept and %j accepted is %j', (kept, accepted, language) => {
    expect(chooseLanguage(kept, accepted)).toBe(language);
  });
});

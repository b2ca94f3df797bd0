import { describe, expect, it } from 'vitest';
import { readPolicy } from '../../schema/read-policy.ts';
import type { SmallSubgraph } from '../support/small-hub.ts';
import { composed } from './support.ts';

/*
 * Class 2, CVE-2025-64347: a directive that was imported under another name is not seen. For Apollo's own `@authenticated` and
 * its like see test/gateway/access-requirements. Here the directives are the hub's, and those of the federation the policy reads.
 */
const SHARING = 'https://specs.shuniu.dev/sharing/v1.0';
const FEDERATION = 'https://specs.apollo.dev/federation/v2.12';

const people = (header: string, phone: string): SmallSubgraph => ({
  name: 'people',
  owner: 'public-security',
  sdl: `${header}
    type Query { person: Person @sharing(class: UNCONDITIONAL) }
    type Person @key(fields: "ref") @sharing(class: UNCONDITIONAL) { ref: ID! @inaccessible phone: String ${phone} }`,
  resolvers: {},
});
const register = people('', '@sharing(class: CONDITIONAL)');
const welfare = (header: string, requires: string): SmallSubgraph => ({
  name: 'welfare',
  owner: 'civil-affairs-bureau',
  sdl: `${header}
    type Person @key(fields: "ref") {
      ref: ID! @inaccessible
      phone: String @external
      label: String ${requires}(fields: "phone") @sharing(class: UNCONDITIONAL)
    }`,
  resolvers: {},
});

describe('@sharing under another name', () => {
  const withheld = '(class: WITHHELD, basis: "test")';
  const ways: Record<string, SmallSubgraph> = {
    'by a link of its own': people(
      `extend schema @link(url: "${SHARING}", import: [{ name: "@sharing", as: "@share" }])`,
      `@share${withheld}`,
    ),
    'by the prefix of the link': people(`extend schema @link(url: "${SHARING}", as: "s")`, `@s__sharing${withheld}`),
    'by the prefix of its name': people('', `@sharing__sharing${withheld}`),
  };
  it.each(Object.entries(ways))(
    'would open a withheld item to a reader of names, and does not compose: %s',
    (_, each) => {
      expect(readPolicy([each]).items.get('Person.phone')?.class).toBe('UNCONDITIONAL');
      expect(() => composed([each])).toThrow(/COMPOSITION_FAILED|do not compose/);
    },
  );

  it('cannot be defined anew, nor be applied twice', () => {
    const anew = people('directive @sharing(class: SharingClass!) on FIELD_DEFINITION', '@sharing(class: WITHHELD)');
    const twice = people('', `@sharing(class: UNCONDITIONAL) @sharing${withheld}`);
    expect(readPolicy([twice]).items.get('Person.phone')?.class).toBe('UNCONDITIONAL');
    expect(() => composed([{ ...anew, sdl: anew.sdl.replace('WITHHELD', 'CONDITIONAL') }])).toThrow(/do not compose/);
    expect(() => composed([twice])).toThrow(/only be used once/);
  });
});

describe('@requires under another name', () => {
  const ways: Record<string, SmallSubgraph> = {
    'by a link of its own': welfare(
      `extend schema @link(url: "${FEDERATION}", import: [{ name: "@requires", as: "@needs" }])`,
      '@needs',
    ),
    'by another version of the link': welfare(
      'extend schema @link(url: "https://specs.apollo.dev/federation/v2.0", as: "fed")',
      '@fed__requires',
    ),
    'by the prefix of the specification': welfare('', '@federation__requires'),
  };
  it.each(Object.entries(ways))('would hide what is read, and does not compose: %s', (_, each) => {
    expect(readPolicy([register, each]).items.get('Person.label')?.requires).toEqual([]);
    expect(() => composed([register, each])).toThrow(/do not compose/);
  });

  it('is seen under its own', () => {
    const { policy } = composed([register, welfare('', '@requires')]);
    expect(policy.items.get('Person.label')?.requires).toEqual(['Person.phone']);
  });
});

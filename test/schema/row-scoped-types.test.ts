import { describe, expect, it } from 'vitest';
import { compose } from '../../schema/compose.ts';

const keeper = (fields: string) => ({
  name: 'people',
  owner: 'public-security',
  url: 'local:people',
  sdl: `
    type Query { person: Person @sharing(class: UNCONDITIONAL) }
    type Person @key(fields: "id") @scopedBy(division: "division") @sharing(class: UNCONDITIONAL) {
      id: ID! division: String ${fields}
    }`,
});
const referring = {
  name: 'firms',
  owner: 'market-regulation',
  url: 'local:firms',
  sdl: `
    type Query { owner: Person @sharing(class: UNCONDITIONAL) }
    type Person @key(fields: "id") { id: ID! }`,
};

describe('a type whose rows are scoped by division', () => {
  it('is refused without a probe where another subgraph refers to it, with the field to add', () => {
    expect(() => compose([keeper(''), referring])).toThrow(
      'Person is scoped by division in people, and firms refer to it: add "inScope: Boolean @inaccessible"',
    );
    expect(compose([keeper('inScope: Boolean @inaccessible'), referring]).policy.scopedBy.get('Person')).toBe(
      'division',
    );
  });

  it('needs none while nobody else knows it, and takes none from a subgraph that only refers to it', () => {
    expect(() => compose([keeper('')])).not.toThrow();
    const forging = {
      ...referring,
      sdl: referring.sdl.replace(
        '{ id: ID! }',
        '{ id: ID! inScope: Boolean @inaccessible @sharing(class: UNCONDITIONAL) }',
      ),
    };
    expect(() => compose([keeper(''), forging])).toThrow('add "inScope');
  });
});

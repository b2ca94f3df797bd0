import {
  buildASTSchema,
  type GraphQLField,
  isEnumType,
  isInputObjectType,
  isObjectType,
  isScalarType,
  parse,
} from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SubgraphDefinition } from '../../lib/subgraph-definition.ts';
import { compose, type Composition } from '../../schema/compose.ts';
import { SHARING_SDL } from '../../schema/header.ts';
import { argumentCoordinate } from '../../schema/policy-table.ts';
import { discoverSubgraphs } from '../../scripts/subgraphs.ts';

/** The departments' subgraphs; the data bureau's own has rules of its own. */
const DEPARTMENTS = ['archives', 'geospatial', 'hotline', 'legal-persons', 'population', 'statistics'];

/** Arguments that page, name a datum or choose the dimensions of a table read no item of a row. */
const READ_NOTHING = new Set(['first', 'after', 'datum', 'by']);
/** Input types whose fields are read through the argument that takes them. */
const PARTS = new Set(['PositionInput']);

let definitions: readonly SubgraphDefinition[];
let composition: Composition;

beforeAll(async () => {
  const all = await discoverSubgraphs();
  definitions = all.filter(({ name }) => DEPARTMENTS.includes(name));
  composition = compose(definitions.map(({ name, owner, sdl }) => ({ name, owner, sdl, url: `local:${name}` })));
});

/** The types a subgraph's SDL declares, as a schema of its own. */
function typesOf({ sdl }: SubgraphDefinition) {
  const federation = `
    directive @key(fields: String!, resolvable: Boolean = true) repeatable on OBJECT
    directive @shareable on OBJECT | FIELD_DEFINITION
    directive @inaccessible on FIELD_DEFINITION
    directive @external on FIELD_DEFINITION
    directive @requires(fields: String!) on FIELD_DEFINITION`;
  const schema = buildASTSchema(parse(`${SHARING_SDL}\n${federation}\n${sdl}`));
  const ofContract = new Set(['SharingClass', 'Mask', 'UpdateCycle', 'ReadUse']);
  return Object.values(schema.getTypeMap()).filter(
    ({ name, astNode }) => astNode && !name.startsWith('__') && !ofContract.has(name),
  );
}

/** Every field of every object type of a subgraph, by coordinate. */
function fieldsOf(definition: SubgraphDefinition): [string, GraphQLField<unknown, unknown>][] {
  return typesOf(definition)
    .filter(isObjectType)
    .flatMap((type) => Object.values(type.getFields()).map((field) => [`${type.name}.${field.name}`, field] as const))
    .map(([coordinate, field]) => [coordinate, field]);
}

describe('the subgraphs of the departments', () => {
  it('compose into one supergraph', () => {
    expect(definitions.map(({ name }) => name)).toEqual(DEPARTMENTS);
    expect(composition.supergraphSdl).toContain('join__Graph');
  });

  it('belong to the department that keeps them', () => {
    expect(Object.fromEntries(definitions.map(({ name, owner }) => [name, owner]))).toEqual({
      archives: 'archives-bureau',
      geospatial: 'natural-resources',
      hotline: 'government-hotline',
      'legal-persons': 'market-regulation',
      population: 'public-security',
      statistics: 'statistics-bureau',
    });
  });

  it('classify every item', () => {
    const unclassified = [...composition.policy.items.values()].filter((item) => item.class === undefined);
    expect(unclassified.map(({ coordinate }) => coordinate)).toEqual([]);
  });

  it('say of every argument and input field that filters what it reads', () => {
    const { reads } = composition.policy;
    const silent = definitions.flatMap((definition) => {
      const ofArguments = fieldsOf(definition).flatMap(([coordinate, field]) =>
        field.args
          .filter(({ name, type }) => !READ_NOTHING.has(name) && !/Filter!?$/.test(String(type)))
          .map(({ name }) => argumentCoordinate(coordinate, name)),
      );
      const ofInputs = typesOf(definition)
        .filter(isInputObjectType)
        .filter(({ name }) => !PARTS.has(name))
        .flatMap((type) => Object.keys(type.getFields()).map((field) => `${type.name}.${field}`));
      return [...ofArguments, ...ofInputs].filter((coordinate) => !reads.has(coordinate));
    });
    expect(silent).toEqual([]);
  });

  it('read only items that exist', () => {
    const { items, reads } = composition.policy;
    const unknown = [...reads].flatMap(([place, read]) =>
      read.items.filter((item) => !items.has(item)).map((item) => `${place} reads ${item}`),
    );
    expect(unknown).toEqual([]);
  });

  it('let an item that may be refused be null', () => {
    const { items } = composition.policy;
    const rigid = definitions.flatMap((definition) =>
      fieldsOf(definition)
        .filter(
          ([coordinate, { type }]) => items.get(coordinate)?.class !== 'UNCONDITIONAL' && String(type).endsWith('!'),
        )
        .map(([coordinate]) => coordinate),
    );
    // The keys of persons and complaints are never asked for by a caller, so that they are never refused.
    expect([...new Set(rigid)]).toEqual(['Person.ref', 'Complaint.ref']);
  });

  it('name the legal basis of everything withheld and open nothing personal by a root field', () => {
    const { items } = composition.policy;
    for (const item of items.values()) if (item.class === 'WITHHELD') expect(item.basis).toMatch(/法|条例/);
    const open = [...items.values()].filter(
      (item) => item.coordinate.startsWith('Query.') && item.class !== 'CONDITIONAL',
    );
    expect(open.map(({ coordinate }) => coordinate).sort()).toEqual([
      'Query.archiveItem',
      'Query.archiveItems',
      'Query.complaintTopics',
      'Query.division',
      'Query.divisions',
      'Query.document',
      'Query.documentByNumber',
      'Query.documents',
      'Query.indicator',
      'Query.indicators',
      'Query.law',
      'Query.laws',
      'Query.observations',
    ]);
  });

  it('require only totals without arguments, and only what a reader may be granted', () => {
    const derived = [...composition.policy.items.values()].filter(({ requires }) => requires.length > 0);
    expect(derived.map(({ coordinate }) => coordinate).sort()).toEqual([
      'DivisionAt.complaintsPerTenThousandResidents',
      'DivisionAt.enterprisesGrowth',
      'DivisionAt.enterprisesPerTenThousandResidents',
      'DivisionAt.parcelAreaPerEnterprise',
      'DivisionAt.parcelAreaPerResident',
      'DivisionAt.residentsGrowth',
      'DivisionAt.residentsPerEnterprise',
      'DivisionAt.shareAged60AndOver',
    ]);
    const fields = new Map(definitions.flatMap(fieldsOf));
    for (const coordinate of derived.flatMap(({ requires }) => requires)) {
      expect(fields.get(coordinate)?.args).toEqual([]);
      expect(composition.policy.items.get(coordinate)?.class).toBe('CONDITIONAL');
    }
  });

  it('describe every type, field, argument and enum value', () => {
    const bare = definitions.flatMap((definition) => [
      ...typesOf(definition).flatMap((type) => {
        const parts = isEnumType(type)
          ? type.getValues()
          : isInputObjectType(type)
            ? Object.values(type.getFields())
            : [];
        const itself = type.name === 'Query' || isScalarType(type) || type.description ? [] : [type.name];
        return [
          ...itself,
          ...parts.filter(({ description }) => !description).map(({ name }) => `${type.name}.${name}`),
        ];
      }),
      ...fieldsOf(definition).flatMap(([coordinate, { description, args }]) => [
        ...(description ? [] : [coordinate]),
        ...args.filter((argument) => !argument.description).map(({ name }) => argumentCoordinate(coordinate, name)),
      ]),
    ]);
    expect([...new Set(bare)]).toEqual([]);
  });

  it('give every resource a code, a title and an update cycle', () => {
    const { resources } = composition.policy;
    expect(resources.size).toBeGreaterThanOrEqual(13);
    const codes = [...resources.values()].map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    for (const { code, title } of resources.values()) {
      expect(code).toMatch(/^[1-3]\d{5}\/\d{6}$/);
      expect(title).toMatch(/信息|指标|数据/);
    }
  });
});

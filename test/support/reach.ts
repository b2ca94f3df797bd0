import {
  getNamedType,
  type GraphQLField,
  type GraphQLSchema,
  isCompositeType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
} from 'graphql';

/** Arguments by coordinate, as they are written, for fields that need some. */
export type Samples = Readonly<Record<string, string>>;

interface Step {
  readonly type: string;
  readonly field: string;
  /** Set where the field gives a union or interface and the way goes on at one of its types. */
  readonly on?: string;
}

/** An operation that reaches one coordinate, and the response path of that coordinate. */
export interface Reach {
  readonly query: string;
  /** Whether no query leads there. */
  readonly byMutation: boolean;
  readonly path: readonly string[];
  /** The coordinates on the way, the last included. */
  readonly coordinates: readonly string[];
}

/** Finds the shortest way to every coordinate of a schema: from the query type, or from the mutation type where that has none. */
export function reachable(schema: GraphQLSchema, samples: Samples): (coordinate: string) => Reach | undefined {
  const ways = waysTo(schema, samples);
  return (coordinate) => {
    const [type = '', field = ''] = coordinate.split('.');
    const way = ways.get(type);
    const definition = fieldsOf(schema, type)[field];
    if (!way || !definition || !canAsk(type, definition, samples)) return undefined;
    const inner = isCompositeType(getNamedType(definition.type)) ? ' { __typename }' : '';
    let query = `target: ${field}${samples[coordinate] ?? ''}${inner}`;
    for (const step of [...way].reverse()) {
      const selection = step.on === undefined ? query : `__typename ... on ${step.on} { ${query} }`;
      query = `${step.field}${samples[`${step.type}.${step.field}`] ?? ''} { ${selection} }`;
    }
    const coordinates = [...way.map((step) => `${step.type}.${step.field}`), coordinate];
    const byMutation = (way[0]?.type ?? type) === 'Mutation';
    return {
      query: `${byMutation ? 'mutation ' : ''}{ ${query} }`,
      byMutation,
      path: [...way.map((step) => step.field), 'target'],
      coordinates,
    };
  };
}

function waysTo(schema: GraphQLSchema, samples: Samples): ReadonlyMap<string, readonly Step[]> {
  const ways = new Map<string, readonly Step[]>([['Query', []]]);
  follow(['Query']);
  // Only what no query reaches.
  ways.set('Mutation', []);
  follow(['Mutation']);
  return ways;

  function follow(queue: string[]): void {
    for (let type = queue.shift(); type !== undefined; type = queue.shift()) {
      for (const [name, field] of Object.entries(fieldsOf(schema, type))) {
        const inner = getNamedType(field.type);
        if (!isCompositeType(inner) || !canAsk(type, field, samples)) continue;
        const objects = isUnionType(inner) ? inner.getTypes() : [inner];
        for (const object of objects) {
          if (ways.has(object.name)) continue;
          const step = { type, field: name, ...(isUnionType(inner) && { on: object.name }) };
          ways.set(object.name, [...(ways.get(type) ?? []), step]);
          queue.push(object.name);
        }
      }
    }
  }
}

function fieldsOf(schema: GraphQLSchema, type: string): Readonly<Record<string, GraphQLField<unknown, unknown>>> {
  const found = schema.getType(type);
  return isObjectType(found) ? found.getFields() : {};
}

function canAsk(type: string, field: GraphQLField<unknown, unknown>, samples: Samples): boolean {
  return `${type}.${field.name}` in samples || !field.args.some(isRequiredArgument);
}

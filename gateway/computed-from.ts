import { baseType, isInterfaceType, isObjectType, type Schema } from '@apollo/federation-internals';
import { fieldSetCoordinates } from '../schema/directives.ts';

/**
 * The coordinates that the gateway fetches to have a field computed: by `@requires`, and by `@fromContext` from the types that
 * set its context. Read from the supergraph itself, as one that comes without a policy table tells nowhere else.
 */
export function computedFrom(schema: Schema, coordinate: string): readonly string[] {
  const [typeName = '', fieldName = ''] = coordinate.split('.');
  const type = schema.type(typeName);
  if (!type || !(isObjectType(type) || isInterfaceType(type))) return [];
  const joins = type.field(fieldName)?.appliedDirectivesOf<JoinField>('join__field') ?? [];
  return joins.flatMap((join) => {
    const { requires, contextArguments = [] } = join.arguments();
    return [
      ...(requires === undefined ? [] : coordinates(schema, typeName, requires)),
      ...contextArguments.flatMap(({ context, selection }) =>
        typesOfContext(schema, context).flatMap((name) => coordinates(schema, name, selection)),
      ),
    ];
  });
}

interface JoinField {
  readonly requires?: string;
  readonly contextArguments?: readonly { readonly context: string; readonly selection: string }[];
}

function typesOfContext(schema: Schema, context: string): string[] {
  const feature = schema.coreFeatures?.getByIdentity('https://specs.apollo.dev/context');
  const directive = feature?.directiveNameInSchema('context');
  if (directive === undefined) return [];
  return schema
    .types()
    .filter((type) =>
      type.appliedDirectivesOf<{ name: string }>(directive).some((applied) => applied.arguments().name === context),
    )
    .map(({ name }) => name);
}

/** The coordinates of a field set, which a context argument writes in braces. */
function coordinates(schema: Schema, type: string, fields: string): readonly string[] {
  const bare = fields.trim().replace(/^\{([^]*)\}$/u, '$1');
  return fieldSetCoordinates(type, bare, (parent, field) => {
    const named = schema.type(parent);
    const inner = named && (isObjectType(named) || isInterfaceType(named)) ? named.field(field)?.type : undefined;
    return inner && baseType(inner).name;
  });
}

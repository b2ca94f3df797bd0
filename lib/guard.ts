import {
  defaultFieldResolver,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import { applyMiddleware, type IMiddlewareTypeMap } from 'graphql-middleware';
import { rule, shield } from 'graphql-shield';
import { HubError } from './errors.ts';
import { permittedBy } from './signed-context.ts';
import type { SubgraphContext } from './subgraph-definition.ts';

const refusal = new HubError('NOT_PERMITTED', 'The signed context does not permit this item.');

/** True when the context names the field that is being resolved. */
const permitted = rule({ cache: 'no_cache' })(
  (_parent, _args, { signed }: SubgraphContext, info) =>
    permittedBy(signed).has(`${info.parentType.name}.${info.fieldName}`) || refusal,
);

/** References are resolved for a verified gateway; what may be read of them is guarded field by field. */
const fromGateway = rule({ cache: 'no_cache' })(
  (_parent, _args, { signed }: SubgraphContext) => signed.fetches.length > 0 || refusal,
);

const never = rule({ cache: 'no_cache' })(() => refusal);

type Rules = Record<string, Record<string, typeof permitted>>;

/**
 * The second check, inside the subgraph: every root field and every classified field asks the signed context again, whatever
 * the check of the fetch text said. The doors of the schema are guarded by graphql-shield, once in a request; the fields of
 * rows, of which a request has thousands, by the same question asked without its promises.
 * @param classified coordinates whose class is not UNCONDITIONAL.
 */
export function guard(schema: GraphQLSchema, classified: readonly string[]): GraphQLSchema {
  const doors = rulesOfDoors(schema);
  const guarded = applyMiddleware(schema, middlewareOf(schema, doors));
  for (const coordinate of classified) {
    const [type = '', field = ''] = coordinate.split('.');
    if (doors[type]?.[field] === undefined) ask(guarded, type, field);
  }
  return guarded;
}

function rulesOfDoors(schema: GraphQLSchema): Rules {
  const rules: Rules = {};
  for (const root of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()])
    if (root) rules[root.name] = Object.fromEntries(Object.keys(root.getFields()).map((field) => [field, permitted]));
  const query = schema.getQueryType();
  const ofQuery = query && rules[query.name];
  if (query && ofQuery) {
    const fields = query.getFields();
    if (fields['_entities']) ofQuery['_entities'] = fromGateway;
    if (fields['_service']) ofQuery['_service'] = never;
  }
  return rules;
}

/**
 * Shield gives a middleware to every field of every type, with a rule that allows where there is none: each would cost every
 * row three promises. Only those of the rules are kept. It must not swallow a store's failure as "not authorised"
 * (`allowExternalErrors`), nor reuse one object's verdict for another (`no_cache`).
 */
function middlewareOf(schema: GraphQLSchema, rules: Rules): IMiddlewareTypeMap {
  const all = shield(rules, { allowExternalErrors: true, fallbackError: refusal }).generate(
    schema,
  ) as IMiddlewareTypeMap;
  return Object.fromEntries(Object.entries(all).filter(([type]) => type in rules));
}

/** Makes a field ask before it is resolved. */
function ask(schema: GraphQLSchema, typeName: string, fieldName: string): void {
  const type = schema.getType(typeName);
  // Fields of interfaces are classified too; what is resolved is the field of an object type.
  if (isInterfaceType(type)) return;
  const coordinate = `${typeName}.${fieldName}`;
  const field = isObjectType(type) ? type.getFields()[fieldName] : undefined;
  if (!field) throw new Error(`${coordinate} is classified, and the schema has no such field`);
  const resolve = (field.resolve ?? defaultFieldResolver) as GraphQLFieldResolver<unknown, SubgraphContext>;
  field.resolve = (parent, args, context: SubgraphContext, info) => {
    if (!permittedBy(context.signed).has(coordinate)) throw refusal;
    return resolve(parent, args, context, info);
  };
}

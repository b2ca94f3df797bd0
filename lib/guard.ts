import type { GraphQLSchema } from 'graphql';
import { applyMiddleware } from 'graphql-middleware';
import { rule, shield } from 'graphql-shield';
import { HubError } from './errors.ts';
import type { SubgraphContext } from './subgraph-definition.ts';

const refusal = new HubError('NOT_PERMITTED', 'The signed context does not permit this item.');

/** True when the context names the field that is being resolved. */
const permitted = rule({ cache: 'no_cache' })((_parent, _args, context: SubgraphContext, info) => {
  const coordinate = `${info.parentType.name}.${info.fieldName}`;
  return context.signed.asked.includes(coordinate) || context.signed.internal.includes(coordinate) || refusal;
});

/** References are resolved for a verified gateway; what may be read of them is guarded field by field. */
const fromGateway = rule({ cache: 'no_cache' })(
  (_parent, _args, context: SubgraphContext) => context.signed.fetches.length > 0 || refusal,
);

const never = rule({ cache: 'no_cache' })(() => refusal);

/**
 * The second check, inside the subgraph: every root field and every classified field asks the signed context again.
 * Only these are wrapped, as shield costs on each field it wraps. It must not swallow a store's failure as "not authorised"
 * (`allowExternalErrors`), nor reuse one object's verdict for another (`no_cache`).
 * @param classified coordinates whose class is not UNCONDITIONAL.
 */
export function guard(schema: GraphQLSchema, classified: readonly string[]): GraphQLSchema {
  const rules: Record<string, Record<string, typeof permitted>> = {};
  const wrap = (type: string, field: string, by: typeof permitted): void => {
    (rules[type] ??= {})[field] = by;
  };
  for (const root of [schema.getQueryType(), schema.getMutationType()])
    for (const field of Object.keys(root?.getFields() ?? {})) wrap(root?.name ?? '', field, permitted);
  for (const coordinate of classified) {
    const [type = '', field = ''] = coordinate.split('.');
    wrap(type, field, permitted);
  }
  const query = schema.getQueryType();
  if (query?.getFields()['_entities']) wrap(query.name, '_entities', fromGateway);
  if (query?.getFields()['_service']) wrap(query.name, '_service', never);
  return applyMiddleware(schema, shield(rules, { allowExternalErrors: true, fallbackError: refusal }));
}

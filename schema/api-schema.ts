import { ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } from '@apollo/federation-internals';
import { type GraphQLSchema, isInterfaceType, isObjectType } from 'graphql';

/** What callers see of a supergraph. @throws GraphQLError when the SDL is no federation 2 supergraph. */
export function apiSchemaOf(supergraphSdl: string): GraphQLSchema {
  const supergraph = Supergraph.build(supergraphSdl, { supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES });
  return supergraph.apiSchema().toGraphQLJSSchema();
}

/** Whether callers see a field; what is `@inaccessible` has no name for them. */
export function isVisibleIn(schema: GraphQLSchema): (coordinate: string) => boolean {
  return (coordinate) => {
    const [name = '', field = ''] = coordinate.split('.');
    const type = schema.getType(name);
    return (isObjectType(type) || isInterfaceType(type)) && field in type.getFields();
  };
}

import type { Gateway } from '../gateway/server.ts';
import { childTrace, formatTraceparent } from '../lib/trace-context.ts';
import type { Ask } from '../web/ask.ts';

/**
 * How the pages ask: what they are given goes through every step of a request to /graphql, authentication and the record
 * included. They have no other way to any data.
 */
export function askGateway(gateway: Gateway): Ask {
  return ({ authorization, purpose, body, address, requestId, signal }) =>
    gateway.answer({
      method: 'POST',
      search: '',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json',
        ...(authorization !== undefined && { authorization }),
        ...(purpose !== undefined && { 'sharing-purpose': purpose }),
      },
      body,
      address,
      requestId,
      traceparent: formatTraceparent(childTrace(undefined)),
      signal,
    });
}

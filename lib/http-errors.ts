import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLErrorExtensions } from 'graphql';
import { HubError } from './errors.ts';

/** What the framework refuses, in the hub's words; its own may quote the request. */
const REFUSALS: Readonly<Record<number, readonly [code: string, message: string]>> = {
  400: ['BAD_REQUEST', 'The request is not well formed. Send JSON with content-type application/json.'],
  404: ['NOT_FOUND', 'There is nothing here. Send GraphQL to /graphql.'],
  405: ['METHOD_NOT_ALLOWED', 'This method is not served here. Send GraphQL by POST.'],
  408: ['REQUEST_TIMEOUT', 'The request did not arrive in time. Send it again.'],
  413: ['REQUEST_TOO_LARGE', 'The request body is larger than 1 MB. Ask for less at a time.'],
  414: ['REQUEST_TOO_LARGE', 'The URL is too long. Send GraphQL by POST.'],
  415: ['UNSUPPORTED_MEDIA_TYPE', 'Send the request with content-type application/json.'],
};

/**
 * Answers an error in the form of a GraphQL answer, so that clients need one parser. Only a HubError's own words leave; what
 * is unexpected is logged whole and answered with the request id.
 */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const { status, code, message, details } = described(error, request);
  const body = { errors: [{ message, extensions: { ...details, code, requestId: request.id } }] };
  // A request refused before its body was read leaves the rest of it on the connection.
  if (status === 413) reply.header('connection', 'close');
  void reply.code(status).header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(body));
}

export function answerNotFound(request: FastifyRequest, reply: FastifyReply): void {
  answerError({ statusCode: 404 }, request, reply);
}

interface Described {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly details?: GraphQLErrorExtensions;
}

function described(error: unknown, request: FastifyRequest): Described {
  if (error instanceof HubError) {
    const { http, ...details } = error.extensions as GraphQLErrorExtensions & { http?: { status?: number } };
    return { status: http?.status ?? 400, code: error.code, message: error.message, details };
  }
  const status = (error as Partial<FastifyError>).statusCode ?? 500;
  const refusal = REFUSALS[status] ?? (status >= 400 && status < 500 ? REFUSALS[400] : undefined);
  if (refusal) return { status, code: refusal[0], message: refusal[1] };
  request.log.error({ err: error }, 'a request failed');
  return {
    status: 500,
    code: 'INTERNAL_SERVER_ERROR',
    message: `Unexpected error. Quote the request id ${request.id} to the data bureau.`,
  };
}

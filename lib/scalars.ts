import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

function scalar(
  name: string,
  description: string,
  serialize: (value: unknown) => unknown,
  parse: (text: string) => unknown,
): GraphQLScalarType {
  const read = (value: unknown): unknown => {
    if (typeof value !== 'string') throw new GraphQLError(`${name}: expected a string, ${description}.`);
    return parse(value);
  };
  return new GraphQLScalarType({
    name,
    description,
    serialize,
    parseValue: read,
    parseLiteral: (node) => read(node.kind === Kind.STRING ? node.value : undefined),
  });
}

/** True for an existing calendar day written YYYY-MM-DD. */
export function isCalendarDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** A calendar day without a time zone; stored and sent as YYYY-MM-DD. */
export const DateScalar = scalar('Date', 'a calendar date such as 2024-02-29 (YYYY-MM-DD)', String, (text) => {
  if (!isCalendarDate(text)) throw new GraphQLError('Date: not a calendar date. Write YYYY-MM-DD, such as 2024-02-29.');
  return text;
});

/** A point in time; sent as RFC 3339 in UTC. */
export const DateTimeScalar = scalar(
  'DateTime',
  'a point in time such as 2024-02-29T08:00:00Z (RFC 3339)',
  (value) => (value instanceof Date ? value.toISOString() : value),
  (text) => {
    const date = new Date(text);
    if (!/^\d{4}-\d{2}-\d{2}T/.test(text) || Number.isNaN(date.getTime()))
      throw new GraphQLError('DateTime: not a point in time. Write RFC 3339, such as 2024-02-29T08:00:00Z.');
    return date;
  },
);

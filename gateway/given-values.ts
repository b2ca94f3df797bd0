import type { GraphQLError } from 'graphql';

const NOT_REPEATED = '(what was given is not repeated here)';

/** What a syntax error may name: punctuators, names and the end; never a string or a number. */
const TELLING = String.raw`null\b|<EOF>|Name "\w+"|"[!$&().:=@[\]{|}]{1,3}"`;

/**
 * A message of GraphQL's own without the values it quotes, as one may be somebody's number or name. Names of types, fields and
 * arguments stay: they are what the reader needs.
 */
export function withoutGivenValues(message: string): string {
  return (
    message
      // Up to the last semicolon: a value may hold one.
      .replace(/ got invalid value [^]*; /u, ' cannot be used: ')
      .replace(/\bValue "[^]*" does not exist/u, `Value ${NOT_REPEATED} does not exist`)
      .replace(/\b(Field|named) "(?!\w*")[^]*"/u, `$1 ${NOT_REPEATED}`)
      .replace(/(\bvalue: )[^]*$/u, `$1${NOT_REPEATED}.`)
      .replace(new RegExp(String.raw`(\bfound |\bUnexpected )(?!${TELLING})[^]*$`, 'u'), `$1${NOT_REPEATED}.`)
      .replace(/"[^"]*[^\x20-\x7e][^"]*"/gu, '"…"')
      .replace(/\d{5,}/gu, '…')
  );
}

/** What is wrong with a variable: its name, the place inside it and the expectation, as graphql-js words them. */
export function variableProblem({ message, originalError }: GraphQLError): string {
  const [variable] = /^Variable "\$\w+"/u.exec(message) ?? [];
  if (!originalError || variable === undefined) return withoutGivenValues(message);
  const before = message.slice(0, -originalError.message.length - '; '.length);
  const [place = ''] = / at "[\w.[\]]+"$/u.exec(before) ?? [];
  return withoutGivenValues(`${variable} cannot be used${place}: ${originalError.message}`);
}

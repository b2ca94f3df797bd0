import { describe, expect, it } from 'vitest';
import { HubError } from '../../lib/errors.ts';
import { createLogger } from '../../lib/logger.ts';

const NUMBER = '11010519491231002X';
const PHONE = '13812345678';
const NAME = '张三丰';

function recorded(log: (logger: ReturnType<typeof createLogger>) => void, level = 'info'): string {
  const lines: string[] = [];
  log(createLogger({ level, production: true, service: 'test', destination: { write: (line) => lines.push(line) } }));
  return lines.join('');
}

function parsed(log: (logger: ReturnType<typeof createLogger>) => void): Record<string, unknown> {
  return JSON.parse(recorded(log)) as Record<string, unknown>;
}

/** An error as the MongoDB driver throws it, with the document in message and members. */
function duplicateKey(): Error {
  const message = `E11000 duplicate key error collection: population.persons index: number dup key: { residentNumber: "${NUMBER}", name: "${NAME}", household: 4711 }`;
  const error = Object.assign(new Error(message), {
    name: 'MongoServerError',
    code: 11_000,
    keyValue: { residentNumber: NUMBER, name: NAME, household: 4711 },
    errorResponse: { errmsg: message },
  });
  error.stack = `MongoServerError: ${message}\n    at Connection.sendCommand (file:///app/node_modules/mongodb/lib/connection.js:1:2)`;
  return error;
}

describe('the log', () => {
  it('is one JSON line with time, level and service', () => {
    expect(
      parsed((logger) => logger.info({ subgraph: 'population', rows: 3, milliseconds: 1.5 }, 'a fetch ended')),
    ).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T/) as string,
      service: 'test',
      pid: process.pid,
      subgraph: 'population',
      rows: 3,
      milliseconds: 1.5,
      msg: 'a fetch ended',
    });
  });

  it('is silent below its level', () => {
    expect(recorded((logger) => logger.debug('detail'))).toBe('');
    expect(recorded((logger) => logger.debug('detail'), 'debug')).toContain('detail');
  });

  it.each([
    { headers: { authorization: 'Bearer abc.def.ghi', 'x-resident': NUMBER } },
    { authorization: 'Bearer abc.def.ghi' },
    { fetch: { request: { variables: { number: NUMBER } } } },
    { operation: { variables: { name: NAME } } },
    { operation: { query: `{ personByResidentNumber(residentNumber: "${NUMBER}") { name } }` } },
    { accessToken: 'abc.def.ghi', token: 'abc.def.ghi', refresh_token: 'abc.def.ghi' },
    { list: [{ body: NAME }, { 'shuniu-context': 'abc.def.ghi' }] },
    { note: `asked for ${NUMBER} and ${PHONE}` },
    { url: 'mongodb://admin:abc.def.ghi@db.example/population' },
    { deep: { a: { b: { c: { d2: { e: NAME } } } } } },
    { req: { headers: { authorization: 'abc.def.ghi' }, url: `/person/${NUMBER}` } },
    { raw: Buffer.from(NAME) },
    { filter: Number(PHONE) },
  ])('keeps secrets and personal values out: %j', (line) => {
    const text = recorded((logger) => logger.error(line, 'something happened'));
    expect(text).toContain('something happened');
    for (const value of [NUMBER, PHONE, NAME, 'abc.def.ghi']) expect(text).not.toContain(value);
  });

  it('recognises an identifier in a message', () => {
    const text = recorded((logger) => logger.warn(`cannot find ${NUMBER}, phone +86 ${PHONE}, old 110105491231002`));
    expect(text).toContain('cannot find …, phone …, old …');
  });

  it('leaves ids, times and numbers alone', () => {
    const ids = {
      requestId: '0b6e9c1e-8d5a-4b3c-9e0f-123456789012',
      traceId: '4bf92f3577b34da6123456789012345678',
      at: 1_761_868_800_000,
      share: 0.123456789012345,
    };
    expect(parsed((logger) => logger.info(ids, 'x'))).toMatchObject(ids);
  });
});

describe('an error in the log', () => {
  const forms: readonly [string, (logger: ReturnType<typeof createLogger>, error: Error) => void][] = [
    ['as a member with a message', (logger, error) => logger.error({ err: error }, 'a write failed')],
    ['as a member alone', (logger, error) => logger.error({ err: error })],
    ['alone', (logger, error) => logger.error(error)],
    ['with a message', (logger, error) => logger.error(error, 'a write failed')],
    ['under another name', (logger, error) => logger.error({ problem: error }, 'a write failed')],
    ['as a cause', (logger, error) => logger.error(new Error('the write failed', { cause: error }))],
    ['among others', (logger, error) => logger.error(new AggregateError([error], 'writes failed'))],
    ['in a child logger', (logger, error) => logger.child({ requestId: 'r' }).error({ err: error })],
  ];
  it.each(forms)('loses the values in it, given %s', (_, log) => {
    const text = recorded((logger) => log(logger, duplicateKey()));
    expect(text).toContain('MongoServerError');
    expect(text).toContain('11000');
    expect(text).toContain('mongodb/lib/connection.js');
    for (const value of [NUMBER, NAME, '4711', 'keyValue', 'errmsg']) expect(text).not.toContain(value);
  });

  it.each([
    [`Cast to Number failed for value "${NAME}" (type string) at path "name"`, 'Cast to Number failed for value'],
    [`Variable "$number" got invalid value ${NUMBER}; expected Int`, 'Variable "…" got invalid value …; expected Int'],
    [`Unexpected token '张', "${NAME}" is not valid JSON`, 'is not valid JSON'],
    [`no row for ${NAME} born 1949-12-31`, 'no row for … born …'],
    [`Path \`name\` (\`${NAME}\`) is too long`, 'is too long'],
    ['connect ECONNREFUSED 127.0.0.1:27017', 'connect ECONNREFUSED 127.0.0.1:27017'],
    ['mail to zhang.san@example.cn failed', 'mail to … failed'],
  ])('keeps of %j what says what went wrong', (message, kept) => {
    const { err } = parsed((logger) => logger.error({ err: new Error(message) })) as { err: { message: string } };
    expect(err.message).toContain(kept);
    for (const value of [NAME, NUMBER, '1949', 'zhang']) expect(err.message).not.toContain(value);
  });

  it('keeps the whole sentence of an error of the hub, which holds no value', () => {
    const sentence = 'The database population cannot be reached: 连接失败. Check MONGODB_URL.';
    const { err } = parsed((logger) => logger.error({ err: new HubError('STORE_UNREACHABLE', sentence) })) as {
      err: Record<string, unknown>;
    };
    expect(err).toMatchObject({ type: 'HubError', code: 'STORE_UNREACHABLE', message: sentence });
  });

  it('loses the values a library put into its own words', () => {
    const text = recorded((logger) =>
      logger.error(`Unexpected error processing request: Error: no ${NAME} (${NUMBER})`),
    );
    expect(text).toContain('Unexpected error processing request: Error: no … (…)');
    expect(recorded((logger) => logger.error({ err: `no ${NAME}` }, 'odd'))).not.toContain(NAME);
  });

  it('does not choke on what is no error, or on a circle', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    expect(recorded((logger) => logger.error({ circle }, 'odd'))).toContain('odd');
    expect(recorded((logger) => logger.error({ err: 'a string' }, 'odd'))).toContain('odd');
  });
});

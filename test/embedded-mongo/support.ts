/** The server a conformance test runs against: the embedded store, or the one that MONGODB_URL names. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Connection, createConnection, mongo } from 'mongoose';

import { startEmbeddedMongo } from '../../embedded-mongo/index.ts';

/** False against a real MongoDB: what only the embedded store promises is not tested there. */
export const isEmbedded = process.env['MONGODB_URL'] === undefined;

export type Opened = { readonly url: string; readonly connection: Connection; close(): Promise<void> };

/** A database of its own for one test file. */
export async function openDatabase(name: string): Promise<Opened> {
  const real = process.env['MONGODB_URL']?.replaceAll('{database}', name);
  const dir = await temporaryDirectory();
  const store = real === undefined ? await startEmbeddedMongo({ dir, database: name }) : undefined;
  const url = store?.url ?? real ?? '';
  const connection = await createConnection(url, { dbName: name, serverSelectionTimeoutMS: 5_000 }).asPromise();
  await connection.dropDatabase();
  return {
    url,
    connection,
    close: async () => {
      if (!store) await connection.dropDatabase();
      await connection.close();
      await store?.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

export const temporaryDirectory = (): Promise<string> => mkdtemp(join(tmpdir(), 'em-'));

/** A document or filter whose _id is no ObjectId, as the driver's types would have it. */
export const loose = (document: object): mongo.Document => document;

/** The driver's own collection, without what mongoose adds. */
export const collectionOf = (connection: Connection, name: string): mongo.Collection =>
  connection.getClient().db(connection.name).collection(name);

/** The code MongoDB gave an error, or undefined when it is no such error. */
export const codeOf = (error: unknown): unknown => (error instanceof mongo.MongoServerError ? error.code : undefined);

/** The error that a server answered with. */
export async function serverError(promise: Promise<unknown>): Promise<mongo.MongoServerError> {
  const error = await failureOf(promise);
  if (error instanceof mongo.MongoServerError) return error;
  throw new Error('expected an error of the server', { cause: error });
}

/** The error a promise is rejected with. */
export async function failureOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('expected a rejection');
}

import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';

/** What a page may load, by ending. */
const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
};

interface Asset {
  readonly type: string;
  readonly etag: string;
  readonly plain: Buffer;
  readonly zipped: Buffer;
}

/**
 * Serves /assets/*: our own files and the chart library, each read and compressed when it is first asked for. No path of a
 * request becomes one of the disk: what is not in the list is not there.
 */
export function registerAssets(app: FastifyInstance): void {
  const files = listed();
  const read = new Map<string, Promise<Asset>>();
  app.get<{ Params: { name: string } }>('/assets/:name', async (request, reply) => {
    const { name } = request.params;
    const url = files.get(name);
    if (url === undefined) {
      reply.callNotFound();
      return reply;
    }
    const reading = read.get(name) ?? readAsset(url);
    read.set(name, reading);
    reading.catch(() => read.delete(name));
    const { type, etag, plain, zipped } = await reading;
    // Asked for again each time and answered without a body: no page meets a script of another version.
    void reply.headers({ etag, 'cache-control': 'no-cache', vary: 'accept-encoding' });
    if (request.headers['if-none-match']?.includes(etag)) return reply.code(304).send();
    const zips = /\bgzip\b(?!\s*;\s*q=0(\.0*)?\b)/.test(request.headers['accept-encoding'] ?? '');
    if (zips) void reply.header('content-encoding', 'gzip');
    return reply.type(type).send(zips ? zipped : plain);
  });
}

function listed(): ReadonlyMap<string, URL> {
  const folder = new URL('./assets/', import.meta.url);
  const own = readdirSync(folder).filter((name) => extname(name) in TYPES);
  const echarts = createRequire(import.meta.url).resolve('echarts/dist/echarts.min.js');
  return new Map([
    ...own.map((name) => [name, new URL(name, folder)] as const),
    ['echarts.min.js', pathToFileURL(echarts)],
  ]);
}

async function readAsset(url: URL): Promise<Asset> {
  const plain = await readFile(url);
  const etag = `W/"${createHash('sha256').update(plain).digest('base64url')}"`;
  return { type: TYPES[extname(url.pathname)] ?? '', etag, plain, zipped: await promisify(gzip)(plain) };
}

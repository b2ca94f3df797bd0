import type { Readable } from 'node:stream';
import { z } from 'zod';
import type { ResourceUpdates } from './resource-updates.ts';

/** Bytes of the largest answer: a subgraph has tens of resources. */
const LONGEST = 65_536;

const said = z.record(
  z.string(),
  z.iso.datetime({ offset: true }).transform((at) => new Date(at)),
);

/** What a subgraph says at /freshness: moments by the names of types. Empty for anything else, which foreign subgraphs may say. */
export async function readFreshness(body: Readable): Promise<ResourceUpdates> {
  let text = '';
  for await (const chunk of body.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > LONGEST) return {};
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return {};
  }
  const read = said.safeParse(json);
  return read.success ? read.data : {};
}

import { createReadStream } from 'node:fs';
import type { ReadStream } from 'node:fs';
import { PassThrough, pipeline } from 'node:stream';
import { TextDecoder } from 'node:util';
import iconv from 'iconv-lite';
import { HubError } from '../../lib/errors.ts';

/** Bytes read at once: some hundred rows, so that the store's answers are not kept waiting while they are parsed. */
const CHUNK = 1 << 14;

export type Encoding = 'utf8' | 'gb18030';

export type TextFile = {
  readonly encoding: Encoding;
  /** The text as UTF-8 bytes, or as decoded strings. A byte-order mark may stand in front. */
  readonly stream: NodeJS.ReadableStream;
  /** Bytes of the file read so far. */
  bytesRead(): number;
};

/**
 * The encoding of a file: UTF-8 if all of it is valid UTF-8, else GB18030, which any bytes could be. The whole file is
 * read for this: one name with a rare character in the last line is enough to tell, and to spoil an import that guessed.
 * @throws HubError BAD_FILE for UTF-16, which spreadsheet programs write as "Unicode text".
 */
export async function detectEncoding(file: string): Promise<Encoding> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let first = true;
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
    const bytes = chunk as Buffer;
    const [low, high] = bytes;
    if (first && ((low === 0xff && high === 0xfe) || (low === 0xfe && high === 0xff))) {
      throw new HubError('BAD_FILE', 'The file is in UTF-16. Save it as UTF-8 or GB18030 and import it again.');
    }
    first = false;
    if (!decodes(decoder, bytes, true)) return 'gb18030';
  }
  return decodes(decoder, Buffer.alloc(0), false) ? 'utf8' : 'gb18030';
}

function decodes(decoder: TextDecoder, bytes: Buffer, stream: boolean): boolean {
  try {
    decoder.decode(bytes, { stream });
    return true;
  } catch (thrown) {
    if (thrown instanceof TypeError) return false;
    throw thrown;
  }
}

export function openText(file: string, encoding: Encoding): TextFile {
  const bytes: ReadStream = createReadStream(file, { highWaterMark: CHUNK });
  // Errors of any part destroy the last one, which the reader iterates over and so learns of them.
  const stream = pipeline(
    bytes,
    encoding === 'utf8' ? new PassThrough() : iconv.decodeStream(encoding),
    () => undefined,
  );
  return { encoding, stream, bytesRead: () => bytes.bytesRead };
}

import { createWriteStream } from 'node:fs';
import type { WriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { once } from 'node:events';
import type { Reject } from './check-row.ts';

export type RejectFile = {
  write(rejects: readonly Reject[]): Promise<void>;
  /** Path of the file, or null where nothing was rejected. */
  close(): Promise<string | null>;
};

/** Writes rejected rows as CSV with a byte-order mark, which spreadsheet programs need. A file of an earlier run goes first. */
export async function openRejectFile(path: string): Promise<RejectFile> {
  await rm(path, { force: true });
  let stream: WriteStream | undefined;
  return {
    async write(rejects) {
      if (rejects.length === 0) return;
      if (stream === undefined) {
        stream = createWriteStream(path, { mode: 0o600 });
        await once(stream, 'open');
        stream.write('\uFEFFline,field,kind,reason,fix\r\n');
      }
      const text = rejects.map(
        ({ line, field, kind, reason, fix }) => `${[line, field, kind, reason, fix].map(quote).join(',')}\r\n`,
      );
      if (!stream.write(text.join(''))) await once(stream, 'drain');
    },
    async close() {
      if (stream === undefined) return null;
      stream.end();
      await once(stream, 'finish');
      return path;
    },
  };
}

function quote(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

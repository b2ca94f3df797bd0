/** MongoDB's wire protocol, message by message: OP_MSG, and the OP_QUERY that drivers may open a connection with. */
import { deserialize, serialize } from 'bson';

import type { Document } from '../values/document.ts';
import { readDocument } from '../values/row.ts';

export const OP = { reply: 1, query: 2004, message: 2013 } as const;
export const HEADER = 16;
const FLAG = { checksum: 1, moreToCome: 2 } as const;

/** A command, and those of its documents that are stored or read again to the bit. */
export type Request = {
  readonly command: Document;
  /** The statements of insert, update and delete as they came. */
  readonly raw: ReadonlyMap<string, readonly Buffer[]>;
  /** The whole command as it came, its document sequences apart. */
  readonly body: Buffer;
  readonly wantsReply: boolean;
};

/** Documents that go out as they lie in the store. */
export class Batch {
  readonly field: 'firstBatch' | 'nextBatch';
  readonly documents: readonly Buffer[];
  /** The other fields of the cursor. */
  readonly cursor: Document;

  constructor(field: 'firstBatch' | 'nextBatch', documents: readonly Buffer[], cursor: Document) {
    this.field = field;
    this.documents = documents;
    this.cursor = cursor;
  }
}
export type Reply = Document | Batch;

/** Statements may be part of the body or follow it as a document sequence. */
const SEQUENCES = ['documents', 'updates', 'deletes'];
const KEPT_RAW = { bsonRegExp: true, fieldsAsRaw: { documents: true, updates: true, deletes: true } } as const;

export function parseMessage(body: Buffer): Request {
  const flags = body.readUInt32LE(0);
  const end = body.length - ((flags & FLAG.checksum) !== 0 ? 4 : 0);
  let commandRaw: Buffer = Buffer.alloc(0);
  const raw = new Map<string, Buffer[]>();
  let at = 4;
  while (at < end) {
    const kind = body[at++];
    const size = body.readInt32LE(at);
    if (size < 5 || at + size > end) throw new Error('malformed message');
    if (kind === 0) commandRaw = body.subarray(at, at + size);
    else if (kind === 1) {
      const nameEnd = body.indexOf(0, at + 4);
      raw.set(body.toString('utf8', at + 4, nameEnd), splitDocuments(body.subarray(nameEnd + 1, at + size)));
    } else throw new Error(`unknown section kind ${String(kind)}`);
    at += size;
  }
  const command: Document = deserialize(commandRaw, KEPT_RAW);
  for (const name of SEQUENCES) {
    const inBody = command[name];
    if (Array.isArray(inBody))
      raw.set(
        name,
        (inBody as Uint8Array[]).map((bytes) => Buffer.from(bytes)),
      );
  }
  for (const [name, documents] of raw) command[name] = documents.map(readDocument);
  return { command, raw, body: commandRaw, wantsReply: (flags & FLAG.moreToCome) === 0 };
}

function splitDocuments(bytes: Buffer): Buffer[] {
  const documents: Buffer[] = [];
  let at = 0;
  while (at < bytes.length) {
    const size = bytes.readInt32LE(at);
    if (size < 5 || at + size > bytes.length) throw new Error('malformed document sequence');
    documents.push(bytes.subarray(at, at + size));
    at += size;
  }
  return documents;
}

export function parseQuery(message: Buffer): Request {
  const start = message.indexOf(0, HEADER + 4) + 9;
  const body = message.subarray(start, start + message.readInt32LE(start));
  return { command: readDocument(body), raw: new Map(), body, wantsReply: true };
}

export function encodeReply(reply: Reply, opCode: number, responseTo: number): Buffer {
  const parts = reply instanceof Batch ? encodeBatch(reply) : [serialize(reply, { ignoreUndefined: true })];
  const prefix = opCode === OP.message ? Buffer.alloc(5) : replyPrefix();
  const header = Buffer.alloc(HEADER);
  header.writeInt32LE(HEADER + prefix.length + parts.reduce((size, part) => size + part.length, 0), 0);
  header.writeInt32LE(responseTo, 8);
  header.writeInt32LE(opCode === OP.message ? OP.message : OP.reply, 12);
  return Buffer.concat([header, prefix, ...parts]);
}

/** OP_REPLY: await capable, one document. */
function replyPrefix(): Buffer {
  const prefix = Buffer.alloc(20);
  prefix.writeInt32LE(8, 0);
  prefix.writeInt32LE(1, 16);
  return prefix;
}

/** `{ cursor: { <field>: [documents], ...cursor }, ok: 1 }`, the documents spliced in unparsed. */
function encodeBatch({ field, documents, cursor }: Batch): Uint8Array[] {
  const items: Buffer[] = [];
  let size = 5;
  for (const [i, document] of documents.entries()) {
    const head = Buffer.from(`\x03${i}\0`, 'latin1');
    items.push(head, document);
    size += head.length + document.length;
  }
  // A serialised document without its length keeps the closing zero, which then closes what it stands in.
  const rest = serialize(cursor).subarray(4);
  const tail = serialize({ ok: 1 }).subarray(4);
  const cursorHead = Buffer.from('\x03cursor\0', 'latin1');
  const batchHead = Buffer.from(`\x04${field}\0`, 'latin1');
  const cursorSize = 4 + batchHead.length + size + rest.length;
  return [
    int32(4 + cursorHead.length + cursorSize + tail.length),
    cursorHead,
    int32(cursorSize),
    batchHead,
    int32(size),
    ...items,
    Buffer.alloc(1),
    rest,
    tail,
  ];
}
function int32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeInt32LE(value);
  return bytes;
}

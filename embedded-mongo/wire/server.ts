/** Listens on a Unix socket and hands each message to the commands. */
import { chmodSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';

import { encodeReply, HEADER, OP, parseMessage, parseQuery, type Reply, type Request } from './message.ts';

const LARGEST_MESSAGE = 48_000_000;

export type Handle = (request: Request) => Promise<Reply>;
export type Listener = { stop(): Promise<void> };

export async function listen(path: string, handle: Handle): Promise<Listener> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('data', receiver(socket, handle));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  chmodSync(path, 0o600);
  return {
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Cuts the stream into messages. */
function receiver(socket: Socket, handle: Handle): (chunk: Buffer) => void {
  let chunks: Buffer[] = [];
  let held = 0;
  return (chunk) => {
    chunks.push(chunk);
    held += chunk.length;
    while (held >= HEADER && !socket.destroyed) {
      if ((chunks[0]?.length ?? 0) < HEADER) chunks = [Buffer.concat(chunks)];
      const size = chunks[0]?.readInt32LE(0) ?? 0;
      if (size < HEADER || size > LARGEST_MESSAGE) {
        socket.destroy();
        return;
      }
      if (held < size) return;
      const all = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
      // A malformed message cannot be answered: there is nothing to address the answer to.
      answer(socket, all.subarray(0, size), handle).catch(() => socket.destroy());
      chunks = all.length > size ? [all.subarray(size)] : [];
      held -= size;
    }
  };
}

async function answer(socket: Socket, message: Buffer, handle: Handle): Promise<void> {
  const requestId = message.readInt32LE(4);
  const opCode = message.readInt32LE(12);
  if (opCode !== OP.message && opCode !== OP.query) throw new Error(`unknown message type ${opCode}`);
  const request = opCode === OP.message ? parseMessage(message.subarray(HEADER)) : parseQuery(message);
  const reply = await handle(request);
  if (request.wantsReply && !socket.destroyed) socket.write(encodeReply(reply, opCode, requestId));
}

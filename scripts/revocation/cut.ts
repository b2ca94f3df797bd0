import { once } from 'node:events';
import { createConnection, createServer, type Socket } from 'node:net';

/** A way to a store that can be cut. */
export interface StoreWay {
  /** Host and port to put into a URL. */
  readonly address: string;
  /** Nothing passes any more, and nobody is told: as where a cable is pulled. */
  cut(): void;
  /** Open again; connections that were cut stay dead. */
  mend(): void;
  close(): Promise<void>;
}

/** Forwards connections to a store's socket until they are cut. */
export async function wayTo(socketPath: string): Promise<StoreWay> {
  const open = new Set<Socket>();
  const dead = new WeakSet<Socket>();
  let whole = true;
  const server = createServer((near) => {
    const far = createConnection(socketPath);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one);
      // Its first bytes are lost: it would hang for as long as its owner waits for an answer to them.
      if (!whole) dead.add(one);
      one.on('data', (bytes: Buffer) => {
        if (whole && !dead.has(one)) other.write(bytes);
      });
      one.on('error', () => other.destroy());
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return {
    address: `127.0.0.1:${address.port}`,
    cut() {
      whole = false;
      for (const socket of open) dead.add(socket);
    },
    mend() {
      whole = true;
      for (const socket of open) if (dead.has(socket)) socket.destroy();
    },
    async close() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

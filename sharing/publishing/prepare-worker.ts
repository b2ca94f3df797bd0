import { parentPort } from 'node:worker_threads';
import { thisThread } from '../../lib/thread-time.ts';
import { type Preparation, prepare } from './prepare.ts';

/** The thread of `preparedApart`: says that it has loaded and which it is, then answers one preparation after the other. */
if (!parentPort) throw new Error('run as a worker thread');
const port = parentPort;
port.on('message', (preparation: Preparation) => {
  void prepare(preparation).then((prepared) => port.postMessage(prepared));
});
port.postMessage({ thread: thisThread() });

import { parentPort } from 'node:worker_threads';
import { type Preparation, prepare } from './prepare.ts';

/** The thread of `preparedApart`: says that it has loaded, answers one preparation, and ends. */
if (!parentPort) throw new Error('run as a worker thread');
const port = parentPort;
port.once('message', (preparation: Preparation) => {
  void prepare(preparation).then((prepared) => port.postMessage(prepared));
});
port.postMessage('loaded');

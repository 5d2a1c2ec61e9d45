/** The thread that scans segments: everything it does is in `ScanThread`; this only connects it. */
import { parentPort, workerData } from 'node:worker_threads';
import { type ScanMessage, ScanThread } from '../session/scan-task.ts';

const port = parentPort;
if (port === null) throw new Error('scan-worker runs as a worker thread only');
const thread = new ScanThread(workerData as Int32Array, (reply) => port.postMessage(reply));
port.on('message', (message: ScanMessage) => thread.take(message));

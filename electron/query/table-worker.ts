/** The thread that makes tables: everything it does is in `TableWriter`; this only connects it. */
import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { type TableJob, TableWriter } from './table-writer.ts';

/** Below what draws, drains and produces. On Linux it is the calling thread's alone; elsewhere that of the whole program. */
const NICE = 5;
if (process.platform === 'linux') setPriority(NICE);

const port = parentPort;
if (port === null) throw new Error('table-worker runs as a worker thread only');
const writer = new TableWriter();
port.on('message', (job: TableJob) => port.postMessage(writer.take(job)));

/** The thread that makes tables: everything it does is in `TableWriter`; this only connects it. */
import { parentPort } from 'node:worker_threads';
import { giveWay } from '../../native/thread-priority.ts';
import { type TableJob, TableWriter } from './table-writer.ts';

giveWay('page');

const port = parentPort;
if (port === null) throw new Error('table-worker runs as a worker thread only');
const writer = new TableWriter();
port.on('message', (job: TableJob) => port.postMessage(writer.take(job)));

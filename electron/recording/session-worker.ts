/** The thread that writes a session: everything it does is in `WriterHost`; this only connects it, and keeps it lean. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';
import { giveWay } from '../../native/thread-priority.ts';
import type { SessionWriterOptions } from './session-writer.ts';
import { WriterHost } from './writer-host.ts';
import type { WriterMessage } from './writer-messages.ts';

const port = parentPort;
if (port === null) throw new Error('session-worker runs as a worker thread only');

// The drain goes before it: rows that wait for the disk lie in memory, and records that wait for the drain get lost.
giveWay('drain');

const host = new WriterHost(workerData as SessionWriterOptions, {
  reply: (reply) => port.postMessage(reply),
  now: () => performance.now(),
  // It keeps no program alive: its owner waits for the answer to `finish`.
  after: (ms, run) => void setTimeout(run, ms).unref(),
});

// Shared memory that the history lets go of is freed once no thread has a view of it, and this one makes too little
// garbage for the engine to look for dead views often.
const MESSAGES_A_COLLECTION = 64;
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as (options: { readonly type: 'minor' | 'major' }) => void;
let messages = 0;

port.on('message', (message: WriterMessage) => {
  host.take(message);
  if (++messages % MESSAGES_A_COLLECTION === 0) collect({ type: 'minor' });
});

/** The thread that scans segments: everything it does is in `ScanThread`; this only connects it, and keeps it lean. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { giveWay } from '../../native/thread-priority.ts';
import { type ScanMessage, type ScanReply, ScanThread } from '../session/search/scan-task.ts';

/** Segments a thread was handed between two collections of its young garbage: up to some 8 MB each stay allocated so long. */
const SEGMENTS_A_COLLECTION = 32;
/** Of those collections, one in so many is of everything: what a young one leaves behind is megabytes for each segment. */
const YOUNG_COLLECTIONS = 4;

/** Pieces replied to at a time while more of them wait. */
const REPLIES_A_MESSAGE = 2;

giveWay('page');

const port = parentPort;
if (port === null) throw new Error('scan-worker runs as a worker thread only');
/** Not sent yet. */
let replies: ScanReply[] = [];
const thread = new ScanThread(
  workerData as Int32Array,
  (done) => replies.push(done),
  () => performance.now(),
);

// Shared memory is freed once no thread has a view of it. A thread that only scans makes next to no garbage, so the engine
// would look for dead views once in many minutes, while the history lets go of megabytes a second. A look at
// what is young takes a tenth of the time of one at everything, but does not find all: hence both, in turns.
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as (options: { readonly type: 'minor' | 'major' }) => void;
let handed = 0;
let collections = 0;

function reply(): void {
  if (replies.length > 0) port?.postMessage(replies);
  replies = [];
}

function collectNowAndThen(message: ScanMessage): void {
  if (!('scan' in message) || message.scan.segment === null || ++handed < SEGMENTS_A_COLLECTION) return;
  handed = 0;
  reply();
  collect({ type: ++collections % YOUNG_COLLECTIONS === 0 ? 'major' : 'minor' });
}

port.on('message', (first: ScanMessage) => {
  // What waits already is taken here: through the loop of events, each message would cost a turn.
  let next: { readonly message: ScanMessage } | undefined = { message: first };
  while (next !== undefined) {
    thread.take(next.message);
    if (replies.length >= REPLIES_A_MESSAGE) reply();
    collectNowAndThen(next.message);
    next = receiveMessageOnPort(port);
  }
  reply();
});

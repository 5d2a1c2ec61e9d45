/** The thread that looks after the library: everything it does is in library-host.ts; this only connects it. */
import { parentPort, workerData } from 'node:worker_threads';
import { SessionLibrary } from './library.ts';
import { answerOf } from './library-host.ts';
import type { LibraryAnswer, LibraryMessage } from './library-thread.ts';

const port = parentPort;
if (port === null) throw new Error('library-worker runs as a worker thread only');
const library = new SessionLibrary((workerData as { readonly folder: string }).folder);

port.on('message', ({ id, question }: LibraryMessage) => {
  port.postMessage({ id, answer: answerOf(library, question, Date.now) } satisfies LibraryAnswer);
});

/** Starts the thread that writes a session, on worker threads of Node, which Electron's main process and plain Node have alike. */
import { Worker } from 'node:worker_threads';
import type { SessionWriterOptions } from './session-writer.ts';
import type { WriterPort, WriterReply } from './writer-messages.ts';

/** The worker as it lies beside this module: in the sources, and in a bundle. */
const WORKER = import.meta.url.endsWith('.ts') ? './session-worker.ts' : './session-worker.js';

/** `script`: where the worker lies, if not beside this module. Once it has started, it keeps no program alive. */
export function startWriterThread(
  options: SessionWriterOptions,
  script: URL = new URL(WORKER, import.meta.url),
): WriterPort {
  const worker = new Worker(script, { workerData: options });
  let ended = false;
  let held = false;
  let died = (_: string): void => {};
  const die = (why: string): void => {
    if (ended) return;
    ended = true;
    died(why);
  };
  worker.on('error', (error) => die(error.message));
  worker.on('exit', (code) => die(`it ended with code ${code}`));
  const port: WriterPort = {
    post: (message) => worker.postMessage(message),
    onReply: (take) => {
      worker.on('message', (reply: WriterReply) => take(reply));
      // Only once it has started: until then somebody may be waiting for just that.
      worker.once('message', () => held || worker.unref());
    },
    onDeath: (take) => {
      died = take;
    },
    hold: () => {
      held = true;
      worker.ref();
    },
    end: () => {
      ended = true;
      void worker.terminate();
    },
  };
  return port;
}

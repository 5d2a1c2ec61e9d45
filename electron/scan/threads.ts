/** The scan pool on worker threads of Node, which Electron's main process and plain Node have alike. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { ScanPool, threadsFor } from '../session/search/scan-pool.ts';
import type { ScanReply } from '../session/search/scan-task.ts';

/** The worker as it lies beside this module: in the sources, and in a bundle. */
const WORKER = import.meta.url.endsWith('.ts') ? './scan-worker.ts' : './scan-worker.js';

export interface ThreadOptions {
  /** As many as suit the machine if not given. */
  readonly threads?: number;
  /** Where the worker lies, if not beside this module. */
  readonly script?: URL;
}

/** Threads start with the first scan or with `warm`; they keep the program alive only while something is scanned. */
export function createScanThreads(options: ThreadOptions = {}): ScanPool {
  const { threads = threadsFor(availableParallelism()), script = new URL(WORKER, import.meta.url) } = options;
  return new ScanPool({
    threads,
    start(progress, replied, died) {
      const worker = new Worker(script, { workerData: progress });
      worker.on('message', (replies: readonly ScanReply[]) => replies.forEach(replied));
      worker.on('error', (error) => died(error.message));
      worker.on('exit', (code) => died(`it ended with code ${code}`));
      // Must come after the handlers: adding a handler makes the port keep the process alive again.
      worker.unref();
      return {
        post: (message) => worker.postMessage(message),
        end: () => void worker.terminate(),
      };
    },
    after(ms, run) {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
  });
}

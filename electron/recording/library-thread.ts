/** The thread that looks after the library, started with the first question. */
import { Worker } from 'node:worker_threads';
import { fail, type Result } from '../../native/core/result.ts';
import type { LibraryPort, LibraryQuestion, Listed } from './library-host.ts';

/** The worker as it lies beside this module: in the sources, and in a bundle. */
const WORKER = import.meta.url.endsWith('.ts') ? './library-worker.ts' : './library-worker.js';

export interface LibraryMessage {
  readonly id: number;
  readonly question: LibraryQuestion;
}

export interface LibraryAnswer {
  readonly id: number;
  readonly answer: Result<Listed>;
}

/** `script`: where the worker lies, if not beside this module. It keeps no program alive. */
export function startLibraryThread(folder: string, script: URL = new URL(WORKER, import.meta.url)): LibraryPort {
  const waiting = new Map<number, (answer: Result<Listed>) => void>();
  let worker: Worker | null = null;
  let lastId = 0;

  function ended(why: string): void {
    worker = null;
    const failed = fail('internal', `The recorded sessions could not be looked at: ${why}`, 'Try again');
    for (const settle of waiting.values()) settle(failed);
    waiting.clear();
  }

  function running(): Worker {
    if (worker !== null) return worker;
    const started = new Worker(script, { workerData: { folder } });
    started.unref();
    started.on('message', ({ id, answer }: LibraryAnswer) => {
      waiting.get(id)?.(answer);
      waiting.delete(id);
    });
    started.on('error', (error) => ended(error.message));
    started.on('exit', (code) => worker === started && ended(`its thread ended with code ${code}`));
    worker = started;
    return started;
  }

  return {
    ask: (question) =>
      new Promise((resolve) => {
        const id = ++lastId;
        waiting.set(id, resolve);
        running().postMessage({ id, question } satisfies LibraryMessage);
      }),
  };
}

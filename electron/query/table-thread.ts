/** The thread that makes tables, on worker threads of Node, which Electron's main process and plain Node have alike. */
import { Worker } from 'node:worker_threads';
import type { TableJob, TableReply } from './table-writer.ts';

export interface TableThread {
  /** Resolves once it is done; one job at a time. */
  ask(job: TableJob): Promise<TableReply>;
  /** Ends it, whatever it does; resolves once the file is given back. */
  end(): Promise<void>;
}

/** The worker as it lies beside this module: in the sources, and in a bundle. */
const WORKER = import.meta.url.endsWith('.ts') ? './table-worker.ts' : './table-worker.js';

/** `script`: where the worker lies, if not beside this module. */
export function startTableThread(script: URL = new URL(WORKER, import.meta.url)): TableThread {
  const worker = new Worker(script);
  let settle: ((reply: TableReply) => void) | null = null;
  let gone: TableReply | null = null;
  const answer = (reply: TableReply): void => {
    settle?.(reply);
    settle = null;
  };
  const die = (why: string): void => {
    gone ??= {
      failure: {
        code: 'internal',
        message: `The rows could not be made a table: the thread that does it has ended (${why})`,
        action: 'Ask again; if it happens again, report it',
      },
      unnamed: [],
    };
    answer(gone);
  };
  worker.on('message', answer);
  worker.on('error', (error) => die(error.message));
  worker.on('exit', (code) => die(`code ${code}`));
  return {
    ask: (job) =>
      new Promise((resolve) => {
        settle = resolve;
        if (gone === null) worker.postMessage(job);
        else answer(gone);
      }),
    end: async () => {
      await worker.terminate();
    },
  };
}

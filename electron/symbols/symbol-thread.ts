/** The thread that reads PDBs, started with the first question: a large one takes a second, and nobody waits for it here. */
import { Worker } from 'node:worker_threads';
import { type SymbolAnswer, SymbolFiles, type SymbolQuestion } from './symbol-files.ts';

/** Whoever answers: the thread, or this program itself in tests. */
export interface SymbolPort {
  ask(question: SymbolQuestion): Promise<SymbolAnswer>;
}

/** The worker as it lies beside this module: in the sources, and in a bundle. */
const WORKER = import.meta.url.endsWith('.ts') ? './symbol-worker.ts' : './symbol-worker.js';

export interface SymbolMessage {
  readonly id: number;
  readonly question: SymbolQuestion;
}

export interface SymbolReply {
  readonly id: number;
  readonly answer: SymbolAnswer;
}

interface Waiting {
  readonly places: number;
  readonly settle: (answer: SymbolAnswer) => void;
}

/** `script`: where the worker lies, if not beside this module. It keeps no program alive. */
export function startSymbolThread(script: URL = new URL(WORKER, import.meta.url)): SymbolPort {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | null = null;
  let lastId = 0;

  function ended(why: string): void {
    worker = null;
    for (const { places, settle } of waiting.values()) {
      settle({ functions: new Array<null>(places).fill(null), remark: `symbols could not be read: ${why}` });
    }
    waiting.clear();
  }

  function running(): Worker {
    if (worker !== null) return worker;
    const started = new Worker(script);
    started.unref();
    started.on('message', ({ id, answer }: SymbolReply) => {
      waiting.get(id)?.settle(answer);
      waiting.delete(id);
    });
    started.on('error', (error) => ended(error.message));
    started.on('exit', (code) => worker === started && ended(`their thread ended with code ${code}`));
    worker = started;
    return started;
  }

  return {
    ask: (question) =>
      new Promise((settle) => {
        const id = ++lastId;
        waiting.set(id, { places: question.places.length, settle });
        running().postMessage({ id, question } satisfies SymbolMessage);
      }),
  };
}

/** Answers in this thread. */
export function symbolsHere(): SymbolPort {
  const files = new SymbolFiles();
  return { ask: async (question) => files.answer(question) };
}

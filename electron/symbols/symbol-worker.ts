/** The thread that reads PDBs: everything it does is in symbol-files.ts; this only connects it. */
import { parentPort } from 'node:worker_threads';
import { SymbolFiles } from './symbol-files.ts';
import type { SymbolMessage, SymbolReply } from './symbol-thread.ts';

const port = parentPort;
if (port === null) throw new Error('symbol-worker runs as a worker thread only');
const files = new SymbolFiles();

port.on('message', ({ id, question }: SymbolMessage) => {
  port.postMessage({ id, answer: files.answer(question) } satisfies SymbolReply);
});

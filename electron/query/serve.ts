/** The process that runs SQL: answers one request after another, and ends when whoever started it is gone. */
import { Worker } from 'node:worker_threads';
import type { QueryReply, QueryRequest } from './cells.ts';
import { QueryEngine } from './engine.ts';

/** What of a process's channel is used. */
export interface QueryChannel {
  onRequest(listener: (request: QueryRequest) => void): void;
  reply(reply: QueryReply): void;
}

export function serveQueries(channel: QueryChannel): void {
  let engine: QueryEngine | null = null;
  let turn: Promise<void> = Promise.resolve();
  const answer = async (request: QueryRequest): Promise<QueryReply> => {
    if (request.ask === 'open') {
      const opened = await QueryEngine.open(request.table);
      if (!opened.ok) return { say: 'failed', failure: opened.failure };
      engine = opened.value;
      return { say: 'opened' };
    }
    if (engine === null) throw new Error('asked before a table was opened');
    if (request.ask === 'run') {
      const run = await engine.run(request.sql);
      return run.ok ? { say: 'columns', columns: run.value } : { say: 'failed', failure: run.failure };
    }
    const next = await engine.next();
    return next.ok ? { say: 'rows', rows: next.value } : { say: 'failed', failure: next.failure };
  };
  channel.onRequest((request) => {
    turn = turn.then(async () => channel.reply(await answer(request)));
  });
}

/**
 * Serves whoever forked this process, whose number is its first argument. `watch`: the thread that ends this process with
 * that one, whatever the database does here.
 */
export function serveParent(watch: URL): void {
  const parent = Number(process.argv[2]);
  if (Number.isSafeInteger(parent)) new Worker(watch, { workerData: parent }).unref();
  // There is nothing to save, and an orderly end waits for a query that may take for ever.
  process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  // Ctrl+C reaches every process of a terminal: whoever started this one decides.
  process.on('SIGINT', () => {});
  serveQueries({
    onRequest: (listener) => process.on('message', (message) => listener(message as QueryRequest)),
    reply: (reply) => process.send?.(reply),
  });
}

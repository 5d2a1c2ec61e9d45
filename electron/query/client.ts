/**
 * SQL in a process of its own: whatever a query does to it (all memory, a crash in native code), whoever asks goes on and
 * is told. Rows are asked for chunk by chunk, so that a large answer waits there and not here.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fail, ok, type Result } from '../../native/core/result.ts';
import type { QueryColumn } from '../contract/sql.ts';
import type { Database, QueryCell, QueryReply, QueryRequest, QueryTable } from './cells.ts';

export class QueryProcess implements Database {
  private readonly child: ChildProcess;
  private waiting: ((reply: QueryReply) => void) | null = null;
  private gone: QueryReply | null = null;
  private readonly ended: Promise<void>;

  private constructor(child: ChildProcess) {
    this.child = child;
    child.on('message', (reply) => this.settle(reply as QueryReply));
    this.ended = new Promise((resolve) => {
      const end = (how: string): void => {
        this.end(how);
        resolve();
      };
      child.once('error', (error) => end(error.message));
      child.once('exit', (code, signal) => end(signal ?? `exit code ${code}`));
    });
  }

  /** Starts the program `path`, which calls `serveParent`, and opens the table. Failures: io-error, source-gone. */
  static async start(path: string, table: QueryTable): Promise<Result<QueryProcess>> {
    // What DuckDB prints while it crashes is not an answer; the failure carries it.
    const child = fork(path, [String(process.pid)], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: [],
    });
    const client = new QueryProcess(child);
    const reply = await client.ask({ ask: 'open', table });
    if (reply.say === 'opened') return ok(client);
    await client.close();
    return unexpected(reply);
  }

  async run(sql: string): Promise<Result<readonly QueryColumn[]>> {
    const reply = await this.ask({ ask: 'run', sql });
    return reply.say === 'columns' ? ok(reply.columns) : unexpected(reply);
  }

  async next(): Promise<Result<readonly (readonly QueryCell[])[]>> {
    const reply = await this.ask({ ask: 'next' });
    return reply.say === 'rows' ? ok(reply.rows) : unexpected(reply);
  }

  close(): Promise<void> {
    this.child.kill('SIGKILL');
    return this.ended;
  }

  private ask(request: QueryRequest): Promise<QueryReply> {
    if (this.gone !== null) return Promise.resolve(this.gone);
    if (this.waiting !== null) throw new Error('one question at a time');
    return new Promise((resolve) => {
      this.waiting = resolve;
      this.child.send(request, (error) => {
        if (error !== null) this.end(error.message);
      });
    });
  }

  private settle(reply: QueryReply): void {
    const { waiting } = this;
    this.waiting = null;
    waiting?.(reply);
  }

  private end(how: string): void {
    const ended = fail('source-gone', 'The process that runs queries has ended', 'Ask again, for less at once', {
      code: 'ended',
      text: how,
    });
    this.gone ??= { say: 'failed', failure: ended.ok ? (undefined as never) : ended.failure };
    this.settle(this.gone);
  }
}

function unexpected(reply: QueryReply): Result<never> {
  if (reply.say === 'failed') return { ok: false, failure: reply.failure };
  throw new Error(`an answer to something else: ${reply.say}`);
}

/**
 * `ringview ci`: captures while a command runs, writes what was logged as one HTML file, and fails if a message that must
 * not be there was, or if anything was lost. On GitHub Actions each of these becomes an annotation.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describeFailure, type Result } from '../../native/core/result.ts';
import type { LogSource } from '../../native/sources/source.ts';
import { ONE_FILE } from '../files/log-files.ts';
import { openScratchFolder } from '../files/scratch-folder.ts';
import { failureOfSystemError } from '../files/system-failure.ts';
import { type CaptureIo, type CaptureResult, captureToFile } from './capture.ts';
import type { CiRequest } from './ci-args.ts';
import { type ConvertIo, convert } from './convert.ts';
import { captureExit, EXIT } from './exit-codes.ts';
import type { Waiter } from './waiter.ts';

export interface CiIo extends CaptureIo {
  /** What reading the log back needs. */
  readonly files: ConvertIo;
  /** A line on standard output. */
  readonly print: (line: string) => void;
  /** Whether annotations are wanted: on GitHub Actions. */
  readonly annotate: boolean;
}

/** Runs the command and returns the exit code: that of the command if it failed, else what the log says. */
export async function ci(request: CiRequest, io: CiIo): Promise<number> {
  const folder = openScratchFolder(io.report);
  if (!folder.ok) {
    io.report(describeFailure(folder.failure));
    return EXIT.failed;
  }
  try {
    return await runIn(folder.value.path, request, io);
  } finally {
    folder.value.remove();
  }
}

async function runIn(folder: string, request: CiRequest, io: CiIo): Promise<number> {
  const log = join(folder, 'log.jsonl');
  const run = new CommandRun(request, io);
  // A source that the command brings, such as a driver that it loads, is waited for while it runs.
  if (request.waitSeconds > 0) run.start();
  const captured = await captureToFile(
    {
      ...{ sources: request.sources, options: request.options, waitSeconds: request.waitSeconds, watch: request.watch },
      ...{ durationSeconds: null, maxEntries: null, summaryPath: null },
      ...{ out: log, logFiles: ONE_FILE, format: 'jsonl' },
    },
    { ...io, open: run.opening(io.open), waiter: run.waiter },
  );
  const code = await run.ended();
  const written = captured.summary.state === null ? null : await writeReport(log, request.report, io);
  const own = captureExit(captured, request.watch);
  tell(request, captured, io);
  if (written !== null && !written.ok) {
    io.report(describeFailure(written.failure));
    return code || EXIT.failed;
  }
  return code || own;
}

function writeReport(log: string, report: string, io: CiIo) {
  const input = { inputs: [log], encoding: 'utf-8', symbols: [] };
  const how = { out: report, format: 'html', filter: null, losses: true, spreadsheetSafe: false } as const;
  return convert({ ...input, ...how }, io.files);
}

/** Says what was found, on GitHub Actions as annotations. */
function tell(request: CiRequest, { summary, failure, watch }: CaptureResult, io: CiIo): void {
  const say = (level: 'error' | 'warning', text: string): void => {
    if (io.annotate) io.print(`::${level} title=RingView::${escaped(text)}`);
    else io.report(text);
  };
  if (failure !== null) say('error', describeFailure(failure));
  for (const message of watch.messages) say('error', message);
  const more = watch.failing - watch.messages.length;
  if (more > 0)
    say('error', `${more.toLocaleString('en')} more messages that must not be there; all are in the report`);
  const level = request.watch.strict ? 'error' : 'warning';
  if (summary.lost > 0) say(level, `${summary.lost.toLocaleString('en')} records were lost: see the report for where`);
  if (summary.state !== null && summary.read === 0) say(level, 'Nothing was captured: no source had a record');
  if (summary.state !== null) io.report(`${request.report}: ${summary.rows.toLocaleString('en')} rows`);
}

/** As GitHub's workflow commands want their text: https://docs.github.com/actions/reference/workflow-commands. */
function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** The command, and the waiting that it brings to an end. */
class CommandRun {
  readonly waiter: Waiter;
  private readonly request: CiRequest;
  private readonly io: CiIo;
  private left: number;
  private code: Promise<number> | null = null;
  private end: () => void = () => {};

  constructor(request: CiRequest, io: CiIo) {
    this.request = request;
    this.io = io;
    this.left = request.sources.length;
    const over = new Promise<void>((resolve) => {
      this.end = resolve;
    });
    this.waiter = new WaiterUntil(io.waiter, over);
  }

  /** Starts the command, unless it runs. The capture ends some time after it. */
  start(): void {
    this.code ??= this.run();
  }

  /** The exit code; 0 if the command was never started, for then the capture has failed. */
  async ended(): Promise<number> {
    this.end();
    return (await this.code) ?? EXIT.done;
  }

  /** Opens sources, and starts the command with the last of them. */
  opening(open: CaptureIo['open']): CaptureIo['open'] {
    return (spec, options): Result<LogSource> => {
      const opened = open(spec, options);
      if (opened.ok && --this.left === 0) this.start();
      return opened;
    };
  }

  private async run(): Promise<number> {
    const [program, ...args] = this.request.command;
    const code = await new Promise<number>((resolve) => {
      const child = spawn(program, args, { stdio: 'inherit' });
      child.once('error', (error) => {
        this.io.report(describeFailure(failureOfSystemError(error, `${program} could not be started`)));
        resolve(EXIT.failed);
      });
      // A stop of this program is one of the command too: both are in the group that the terminal signals.
      child.once('close', (ended) => resolve(ended ?? EXIT.failed));
    });
    await this.io.waiter.wait(this.request.settleSeconds * 1000);
    this.end();
    return code;
  }
}

/** A waiter for which a stop was asked for once something is over. */
class WaiterUntil implements Waiter {
  private isOver = false;
  private readonly base: Waiter;
  private readonly over: Promise<void>;

  constructor(base: Waiter, over: Promise<void>) {
    this.base = base;
    this.over = over.then(() => {
      this.isOver = true;
    });
  }

  get stopped(): boolean {
    return this.isOver || this.base.stopped;
  }
  get stops(): number {
    return Math.max(this.base.stops, this.isOver ? 1 : 0);
  }
  now(): number {
    return this.base.now();
  }
  async wait(ms: number): Promise<void> {
    if (this.stopped) return;
    await (ms <= 0 ? this.base.wait(ms) : this.base.waitFor(this.over, ms));
  }
  async waitFor(what: Promise<unknown>, ms: number): Promise<void> {
    if (!this.stopped) await this.base.waitFor(Promise.race([what, this.over]), ms);
  }
  waitOut(what: Promise<unknown>, ms: number): Promise<void> {
    return this.base.waitOut(what, ms);
  }
}

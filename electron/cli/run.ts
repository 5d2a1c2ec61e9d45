/** From arguments to an exit code: see exit-codes.ts. */
import { fileURLToPath } from 'node:url';
import { assertUnreachable, describeFailure, type Failure } from '../../native/core/result.ts';
import { processIo } from '../../native/sim/index.ts';
import { openSource } from '../../native/sources/open.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { failureOfSystemError } from '../files/system-failure.ts';
import { type Command, parseCommand } from './args.ts';
import { type CaptureIo, type CaptureResult, captureToFile } from './capture.ts';
import type { WatchArguments } from './capture-args.ts';
import { completionScript } from './completion.ts';
import type { ConvertIo } from './convert.ts';
import { doctor } from './doctor.ts';
import { driver } from './driver.ts';
import { captureExit } from './exit-codes.ts';
import { HELP } from './help.ts';
import { logText } from './log.ts';
import { observer } from './observer.ts';
import { takeNamedSchemas } from './schema-option.ts';
import { removeScratch, scratch } from './scratch.ts';
import { simulate } from './simulate.ts';
import { tail } from './tail.ts';
import { standardError, standardOutput } from './text-out.ts';
import { traces } from './traces.ts';
import { ProcessWaiter, waitPatiently } from './waiter.ts';

/** What a desktop runs: it builds what is missing first. */
const BIN = fileURLToPath(new URL('../../electron/cli/bin.mjs', import.meta.url));

/** Runs the command, and waits until its output is written: as long as that takes, unless a stop is requested. */
export async function run(argv: readonly string[]): Promise<number> {
  const schemas = takeNamedSchemas(argv);
  const command = schemas.ok ? parseCommand(argv) : schemas;
  let code: number;
  try {
    code = command.ok ? await runCommand(command.value) : complain(command.failure, 2);
  } finally {
    removeScratch();
  }
  return said(code, stopSignals());
}

/** Opens a source as commands do that capture. */
const open: typeof openSource = (spec, options) => openSource(spec, { ...options, scratch });

let waiter: ProcessWaiter | null = null;

/**
 * Handles the signals that request a stop. Before this is called, they end the program, which is right while there is
 * nothing to lose.
 */
function stopSignals(): ProcessWaiter {
  waiter ??= new ProcessWaiter();
  return waiter;
}

/**
 * The libraries of columnar formats take longer to load than everything else, so only commands that need them load
 * them.
 */
async function runCommand(command: Command): Promise<number> {
  switch (command.do) {
    case 'help':
      standardOutput.write(HELP[command.topic]);
      return 0;
    case 'version':
      standardOutput.write(`${packageJson.version}\n`);
      return 0;
    case 'simulate': {
      // Set up before the ring session exists, because a stop has to remove its name.
      const signals = stopSignals();
      // A process that started this one as its private driver has ended, so the driver is no longer needed.
      if (process.channel) process.once('disconnect', () => signals.stop());
      const result = await simulate(command.request, {
        ...processIo(),
        onStop: (listener) => signals.onStop(listener),
        print: (line) => standardOutput.write(`${line}\n`),
      });
      return exitCode(result.ok ? null : result.failure);
    }
    case 'capture': {
      return captureCode(await captureToFile(command.request, captureIo()), command.request.watch);
    }
    case 'record': {
      const { recordSession } = await import('./sessions-record.ts');
      return captureCode(await recordSession(command.request, captureIo()), command.request.watch);
    }
    case 'sessions': {
      const { sessions } = await import('./sessions.ts');
      const print = (text: string): void => standardOutput.write(text);
      return exitCode(await sessions(command.request, { print, report, unixMs: () => Date.now() }));
    }
    case 'tail': {
      const io = { open, waiter: stopSignals(), unixMs: () => Date.now(), report, out: standardOutput };
      return exitCode(await tail(command.request, io));
    }
    case 'open': {
      const { request } = command;
      if (request.associate) {
        const { associate } = await import('./associate.ts');
        const done = await associate([process.execPath, BIN, 'open']);
        if (!done.ok) return exitCode(done.failure);
        standardOutput.write(`Log files open with RingView, by ${done.value}\n`);
        if (request.sources.length === 0) return 0;
      }
      if (request.unassociate) {
        const { unassociate } = await import('./associate.ts');
        const done = await unassociate();
        if (!done.ok) return exitCode(done.failure);
        standardOutput.write('RingView is no longer offered for log files\n');
        if (request.sources.length === 0) return 0;
      }
      const { openApp } = await import('./open-app.ts');
      return openApp(request, exitCode);
    }
    case 'ci': {
      const { ci } = await import('./ci.ts');
      const print = (line: string): void => standardOutput.write(`${line}\n`);
      const annotate = process.env.GITHUB_ACTIONS === 'true';
      return ci(command.request, { ...captureIo(), files: fileIo(), print, annotate });
    }
    case 'convert': {
      const { convert } = await import('./convert.ts');
      const done = await convert(command.request, fileIo());
      return exitCode(done.ok ? null : done.failure);
    }
    case 'recover': {
      const { recover } = await import('./recover.ts');
      const done = await recover(command.request, fileIo());
      return exitCode(done.ok ? null : done.failure);
    }
    case 'query': {
      const { query } = await import('./query.ts');
      const done = await query(command.request, fileIo());
      return exitCode(done.ok ? null : done.failure);
    }
    case 'stats':
    case 'diff': {
      const { diff, stats } = await import('./stats.ts');
      const done = await (command.do === 'stats' ? stats : diff)(command.request, fileIo());
      if (done.ok) standardOutput.write(done.value);
      return exitCode(done.ok ? null : done.failure);
    }
    case 'doctor': {
      const { text, failure, problems } = doctor(command.request);
      standardOutput.write(text);
      return failure === null && problems ? 1 : exitCode(failure);
    }
    case 'driver': {
      const done = await driver(command.request, report);
      if (done.ok) standardOutput.write(`${done.value}\n`);
      return exitCode(done.ok ? null : done.failure);
    }
    case 'observer': {
      const done = await observer(command.request, report);
      if (done.ok) standardOutput.write(`${done.value}\n`);
      return exitCode(done.ok ? null : done.failure);
    }
    case 'traces': {
      const done = traces(command.request);
      if (done.ok) standardOutput.write(done.value);
      return exitCode(done.ok ? null : done.failure);
    }
    case 'schema': {
      const { schema } = await import('./schema.ts');
      const done = await schema(command.request);
      if (done.ok) standardOutput.write(done.value);
      return exitCode(done.ok ? null : done.failure);
    }
    case 'log': {
      const done = await logText(command.request, process.stdin);
      if (done.ok) report(done.value);
      return exitCode(done.ok ? null : done.failure);
    }
    case 'completion':
      standardOutput.write(completionScript(command.shell));
      return 0;
    default:
      return assertUnreachable(command);
  }
}

/** What commands that capture need of the process. */
function captureIo(): CaptureIo {
  return { open, waiter: stopSignals(), unixMs: () => Date.now(), report };
}

function captureCode(result: CaptureResult, watch: WatchArguments): number {
  if (result.failure !== null) report(describeFailure(result.failure));
  return captureExit(result, watch);
}

/** What commands that read files need of the process. */
function fileIo(): ConvertIo {
  const write = (text: string): void => standardError.write(text);
  const progress = { now: () => performance.now(), write, terminal: process.stderr.isTTY === true };
  return { waiter: stopSignals(), progress, report };
}

/** Waits for the last output. If standard output cannot be written, a success becomes a failure. */
async function said(code: number, signals: ProcessWaiter): Promise<number> {
  let steps = 0;
  const step = (): void => {
    steps++;
  };
  const answered = standardOutput.settled().then(step);
  const told = standardError.settled().then(step);
  await waitPatiently(Promise.all([answered, told]), () => steps, signals);
  const { failure } = standardOutput;
  if (failure === null || code !== 0) return code;
  complain(failureOfSystemError(failure, 'Standard output cannot be written'), 1);
  await waitPatiently(standardError.settled(), () => steps, signals);
  return 1;
}

function exitCode(failure: Failure | null): number {
  if (failure === null) return 0;
  // Some arguments, such as a ring session's name, can be judged only when they are opened; they count as wrong
  // arguments all the same.
  return complain(failure, failure.code === 'bad-argument' ? 2 : 1);
}

function report(line: string): void {
  standardError.write(`ringview: ${line}\n`);
}

function complain(failure: Failure, code: number): number {
  report(describeFailure(failure));
  return code;
}

/** From arguments to an exit code: 0 done, 1 failed, 2 wrong arguments. */
import { assertUnreachable, describeFailure, type Failure } from '../../native/core/result.ts';
import { processIo } from '../../native/sim/index.ts';
import { openSource } from '../../native/sources/open.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { failureOfSystemError } from '../files/system-failure.ts';
import { parseCommand } from './args.ts';
import { captureToFile } from './capture.ts';
import { doctor } from './doctor.ts';
import { driver } from './driver.ts';
import { HELP } from './help.ts';
import { simulate } from './simulate.ts';
import { ProcessWaiter } from './waiter.ts';

export async function run(argv: readonly string[]): Promise<number> {
  const command = parseCommand(argv);
  if (!command.ok) {
    complain(command.failure);
    return 2;
  }
  switch (command.value.do) {
    case 'help':
      standardOutput().write(HELP[command.value.topic]);
      return 0;
    case 'version':
      standardOutput().write(`${packageJson.version}\n`);
      return 0;
    case 'simulate': {
      standardOutput();
      const result = await simulate(command.value.request, processIo());
      return exitCode(result.ok ? null : result.failure);
    }
    case 'capture': {
      const waiter = new ProcessWaiter();
      const result = await captureToFile(command.value.request, {
        open: (spec) => openSource(spec),
        waiter,
        unixMs: () => Date.now(),
        report: (line) => process.stderr.write(`ringview: ${line}\n`),
      });
      waiter.release();
      return exitCode(result.failure);
    }
    case 'doctor': {
      const { text, failure, problems } = doctor(command.value.request);
      if (text !== '') standardOutput().write(text);
      return failure === null && problems ? 1 : exitCode(failure);
    }
    case 'driver': {
      const report = (line: string) => process.stderr.write(`ringview: ${line}\n`);
      const done = await driver(command.value.request, report);
      if (done.ok) standardOutput().write(`${done.value}\n`);
      return exitCode(done.ok ? null : done.failure);
    }
    default:
      return assertUnreachable(command.value);
  }
}

/**
 * Standard output for a few lines, with an answer for a reader that is gone. Not for capture, which writes to the
 * descriptor itself: only touching this stream can make that non-blocking.
 */
function standardOutput(): NodeJS.WriteStream {
  process.stdout.once('error', (error) => {
    complain(failureOfSystemError(error, 'Standard output cannot be written'));
    process.exitCode = 1;
  });
  return process.stdout;
}

function exitCode(failure: Failure | null): number {
  if (failure === null) return 0;
  complain(failure);
  // What only the opener can judge, such as a session's name, is an argument all the same.
  return failure.code === 'bad-argument' ? 2 : 1;
}

function complain(failure: Failure): void {
  process.stderr.write(`ringview: ${describeFailure(failure)}\n`);
}

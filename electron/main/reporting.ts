/** Where this program's own troubles go: to the terminal it was started from, and to the page if it is about the log. */
import { Reporter } from './reporter.ts';

const { stderr, stdout } = process;
const reporter = new Reporter(
  { write: (text) => stderr.write(text), pending: () => stderr.writableLength },
  performance.now.bind(performance),
);

// A closed terminal or pipe is told as an event after the write; without a listener it would be an uncaught exception,
// which is reported, which is written, without end.
stderr.on('error', () => reporter.close());
// Libraries write to both on their own account.
stdout.on('error', () => undefined);

/** One line on standard error, or none where there are too many or nobody reads them. Never throws, never waits. */
export function report(line: string): void {
  reporter.line(line);
}

/** An exception as one line: its message, and where it was thrown. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return (error.stack ?? error.message)
    .split('\n')
    .slice(0, 6)
    .map((line) => line.trim())
    .join(' | ');
}

/**
 * Keeps the capture running through a defect of ours: the exception is told, with its stack, and nothing is torn down.
 * What a producer, a file or the page can cause never comes here; it is a value.
 */
export function surviveDefects(tell: (message: string) => void): void {
  let telling = false;
  const handle = (error: unknown): void => {
    // A defect in the telling of a defect must not be told: it would never end.
    if (telling) return;
    telling = true;
    try {
      report(`defect: ${describe(error)}`);
      tell(error instanceof Error ? error.message : String(error));
    } catch {
      // Capture goes on.
    } finally {
      telling = false;
    }
  };
  process.on('uncaughtException', handle);
  process.on('unhandledRejection', handle);
}

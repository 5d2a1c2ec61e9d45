/** Where this program's own troubles go: to the terminal it was started from, and to the page if it is about the log. */

/** One line on standard error. */
export function report(line: string): void {
  process.stderr.write(`ringview: ${line}\n`);
}

/**
 * Keeps the capture running through a defect of ours: the exception is told, with its stack, and nothing is torn down.
 * What a producer, a file or the page can cause never comes here; it is a value.
 */
export function surviveDefects(tell: (message: string) => void): void {
  const handle = (error: unknown): void => {
    report(`defect: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    tell(error instanceof Error ? error.message : String(error));
  };
  process.on('uncaughtException', handle);
  process.on('unhandledRejection', handle);
}

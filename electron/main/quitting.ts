/**
 * The end of the program: what is recorded is made whole on the disk before it, and a disk that stands still does not keep
 * a person from ending it. The window is closed by then.
 */
import { app } from 'electron';

/** The longest that the end waits for the disk, milliseconds. What was written before is safe without it. */
const PATIENCE_MS = 20_000;

/**
 * `begin`: ends what is under way; resolves once the disk has it. `last`: what is done at the very end. Both are called
 * once, however often the system asks the program to end.
 */
export function endBeforeQuit(begin: () => Promise<void>, last: () => void, report: (line: string) => void): void {
  let ending = false;
  let ended = false;
  app.on('will-quit', (event) => {
    if (ended) return;
    event.preventDefault();
    if (ending) return;
    ending = true;
    const end = (why: string | null): void => {
      if (ended) return;
      ended = true;
      clearTimeout(timer);
      if (why !== null) report(why);
      last();
      // From within the event that was held up, it would be held up as well.
      setImmediate(() => app.quit());
    };
    const timer = setTimeout(
      () =>
        end(
          'the disk did not take the last rows of what was recorded: the session is listed as one that a crash ended',
        ),
      PATIENCE_MS,
    );
    begin().then(
      () => end(null),
      (error: unknown) => end(`the end met a defect: ${String(error)}`),
    );
  });
}

/** Going to an index or a time that a person typed, and saying where that led and why. */
import { goToFailure } from '../../electron/contract/limits.ts';
import type { Located, LocateTarget } from '../../electron/contract/rows.ts';
import type { Result } from '../../native/core/result.ts';
import { sentence } from '../model/format.ts';
import { type ClockPlace, GO_TO_EXAMPLES, landingWords, parseGoTo } from '../model/go-to.ts';

export interface GoToDependencies {
  /** Waits until the view shows the result of the current filter. */
  readonly upToDate: () => Promise<void>;
  readonly clock: () => ClockPlace;
  /** A failure is returned, rather than shown to the person: whoever asked to go waits for it. */
  readonly locate: (target: LocateTarget) => Promise<Result<Located | null>>;
  /** Whether a row that the filter has not reached may still be shown. */
  readonly mayCome: () => boolean;
  readonly awaitRow: (row: number) => void;
  readonly stand: (position: number) => void;
  readonly say: (words: string) => void;
}

/** Returns a function that goes there. It resolves to why it did not go, as sentences for that person, or null if it went. */
export function createGoTo(dependencies: GoToDependencies): (text: string) => Promise<string | null> {
  const { upToDate, clock, locate, mayCome, awaitRow, stand, say } = dependencies;
  return async (text) => {
    const long = goToFailure(text);
    if (long) return `${sentence(long.message)} ${sentence(long.action)}`;
    await upToDate();
    const destination = parseGoTo(text, clock());
    if (!destination) return `That is neither an index nor a time. Examples: ${GO_TO_EXAMPLES}.`;
    const { target, note } = destination;
    const located = await locate(target);
    if (!located.ok) return sentence(located.failure.message);
    const found = located.value;
    if (!found) {
      return 'index' in target ? 'No row has this index or a later one.' : 'No row is of this time or a later one.';
    }
    const { nearest } = found;
    const waiting = found.absence === 'not-reached' && mayCome();
    if (nearest === null && !waiting) return `${landingWords(target, found)} No row is shown.`;
    if (waiting) awaitRow(found.row);
    else if (nearest !== null) stand(nearest);
    const words = landingWords(target, found);
    const where = waiting ? 'The table goes there when it does.' : 'The nearest row shown is selected.';
    const said = [note, words, found.position === null ? where : ''].filter((each) => each !== '').join(' ');
    if (said !== '') say(said);
    return null;
  };
}

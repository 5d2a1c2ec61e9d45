/** Goes to a place that a person names: an index, a time, or a row of the session, whether the view shows it or not. */
import { goToFailure } from '../../electron/contract/limits.ts';
import type { Located, LocateTarget } from '../../electron/contract/rows.ts';
import type { Failure, Result } from '../../native/core/result.ts';
import { failureSentences } from '../model/format.ts';
import { type ClockPlace, GO_TO_EXAMPLES, landingWords, parseGoTo } from '../model/go-to.ts';
import type { View } from './view.ts';

export interface GoingDependencies {
  readonly view: View;
  /** A failure is returned rather than shown: the caller says why it did not go. */
  readonly locate: (target: LocateTarget) => Promise<Result<Located | null>>;
  /** Resolves once the view shows the result of the current filter. */
  readonly upToDate: () => Promise<void>;
  readonly clock: () => ClockPlace;
  /** Selects a position, and brings it into sight. `row`: what is there, if that is known. */
  readonly show: (position: number, row: number | null) => void;
  readonly say: (words: string) => void;
  readonly fail: (failure: Failure) => void;
}

export interface Going {
  /** See `App.goTo`. */
  toText(text: string): Promise<string | null>;
  /** See `App.goToRow`. */
  toRow(row: number): Promise<void>;
}

export function createGoing({ view, locate, upToDate, clock, show, say, fail }: GoingDependencies): Going {
  const state = view.store.getState;

  /** Goes to what was found or near it, saying where it went; the value is why it went nowhere, or null. */
  function land(target: LocateTarget, found: Located, note: string): string | null {
    const { nearest } = found;
    const waiting = found.absence === 'not-reached' && state().stopped === null;
    const words = landingWords(target, found);
    if (nearest === null && !waiting) return `${words} No row is shown.`;
    if (waiting) view.awaitRow(found.row);
    else if (nearest !== null) show(nearest, found.position === nearest ? found.row : null);
    const instead = 'timeNs' in target ? (nearest === state().end - 1 ? 'last' : 'next') : 'nearest';
    const where = waiting ? 'The table goes there when it does.' : `The ${instead} row shown is selected.`;
    const said = [note, words, found.position === null ? where : ''].filter((each) => each !== '').join(' ');
    if (said !== '') say(said);
    return null;
  }

  /** Where something is, once the table shows the order in which its position holds. */
  async function find(target: LocateTarget): Promise<Result<Located | null>> {
    const located = await locate(target);
    // Positions of an order that the table does not show yet would be those of other rows.
    if (located.ok && located.value !== null) await view.reached(located.value.generation);
    return located;
  }

  return {
    async toText(text) {
      const long = goToFailure(text);
      if (long) return failureSentences(long);
      await upToDate();
      const destination = parseGoTo(text, clock());
      if (!destination) return `That is neither an index nor a time. Examples: ${GO_TO_EXAMPLES}.`;
      const { target, note } = destination;
      const located = await find(target);
      if (!located.ok) return failureSentences(located.failure);
      if (located.value !== null) return land(target, located.value, note);
      return 'index' in target ? 'No row has this index or a later one.' : 'No row is of this time or a later one.';
    },
    async toRow(row) {
      await upToDate();
      const located = await find({ row });
      if (!located.ok) return fail(located.failure);
      const nowhere = located.value === null ? 'That row is no longer kept.' : land({ row }, located.value, '');
      if (nowhere !== null) say(nowhere);
    },
  };
}

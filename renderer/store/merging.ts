/**
 * The files of a session in one order of time: opening more beside them, moving one in time, aligning two by their rows. All
 * files are read again for that, so what a person is about is taken along to its new place: the selected row, or the first
 * on the screen, and the row that times are measured from.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BoundBridge } from '../../electron/contract/bridge.ts';
import type { EncodingName } from '../../electron/contract/encodings.ts';
import type { ReadAgain, SymbolPlace } from '../../electron/contract/merging.ts';
import { movedText } from '../../electron/contract/moved-time.ts';
import type { Located } from '../../electron/contract/rows.ts';
import { shownText } from '../../electron/contract/shown-text.ts';
import type { SourceStatus } from '../../electron/contract/status.ts';
import type { Failure, Result } from '../../native/core/result.ts';
import { alignment, HOW_TO_ALIGN } from '../model/alignment.ts';
import { failureSentences, formatPlural } from '../model/format.ts';
import { MOVE_EXAMPLES, parseMove } from '../model/moved-time.ts';
import { clampTop, ROW_PX } from '../model/scroll.ts';
import { sourceNamesKey, sourceNamesOf } from '../model/source-state.ts';
import type { Look } from './bound-bridge.ts';
import type { Measure } from './measure.ts';
import type { StatusStore } from './status.ts';
import type { View } from './view.ts';
import { extentOf } from './view-state.ts';

export interface MergingState {
  /** Why a source was not moved as it was typed, sentences; null if it was. */
  readonly trouble: { readonly source: number; readonly words: string } | null;
}

export interface Merging {
  readonly store: StoreApi<MergingState>;
  /** Lets the person choose files through the program, or takes a recorded session, and opens them beside those of the session. */
  openBeside(recorded?: string): Promise<void>;
  /** Moves a source by what a person typed; false if it was not moved, and `trouble` says why. */
  move(source: number, text: string): Promise<boolean>;
  /** Moves the source of the selected row so that this row is at the moment of the one that is measured from. */
  align(): Promise<void>;
  /** Reads a file again in another encoding. */
  readAs(source: number, encoding: EncodingName): Promise<void>;
  /** Lets the person choose, through the program, what explains the events of a trace or an event log, and reads it by that. */
  explainEvents(source: number, from: SymbolPlace): Promise<void>;
  /** A person types something else. */
  forgetTrouble(): void;
}

export interface MergingDependencies {
  readonly bridge: Pick<BoundBridge, 'session' | 'view'>;
  readonly view: View;
  readonly measure: Measure;
  readonly status: StatusStore;
  /** Goes to a row of the session, and says where it is if the view does not show it. */
  readonly goToRow: (row: number) => Promise<void>;
  /** Shows a session that was opened. */
  readonly showOpened: (opened: Look) => void;
  readonly say: (words: string) => void;
  readonly fail: (failure: Failure) => void;
}

export function createMerging(deps: MergingDependencies): Merging {
  const { bridge, view, measure, status, goToRow, showOpened, say, fail } = deps;
  const store = createStore<MergingState>(() => ({ trouble: null }));
  /** Counts what was asked for: a later request decides where the table stands. */
  let asked = 0;

  const sources = (): readonly SourceStatus[] => status.store.getState().status?.sources ?? [];
  function nameOf(id: number): string {
    const names = sourceNamesOf(sourceNamesKey(status.store.getState().status));
    return shownText(names?.get(id) ?? sources().find((each) => each.id === id)?.name ?? 'The source');
  }

  /** Where a row is in the new order, once the table shows that order. */
  async function arrived(row: number): Promise<Located | null> {
    const located = await bridge.view.locate({ target: { row } });
    if (located !== null) await view.reached(located.generation);
    return located;
  }

  /** What the person is about: the selected row, or the first on the screen of a table that stands still. */
  function standing() {
    const { selection, follow, top, cache } = view.store.getState();
    const selected = selection?.focus.row ?? null;
    const seen = follow ? null : (cache.get(Math.ceil(top / ROW_PX))?.row ?? null);
    const { reference, fromReference } = measure.store.getState();
    return { selected, row: selected ?? seen, reference, fromReference };
  }

  async function standAgain(before: ReturnType<typeof standing>, rows: ReadAgain['rows']): Promise<void> {
    const [first = null, second = null] = rows;
    const row = before.row === null ? null : first;
    const reference = before.row === null ? first : second;
    if (before.reference !== null && reference !== null && (await arrived(reference)) !== null) {
      const details = await bridge.view.details({ row: reference });
      const { epoch } = view.store.getState();
      const used = before.fromReference;
      if (details !== null)
        measure.restore({ row: reference, index: details.row.index, timeNs: details.row.timeNs, epoch, used });
    }
    if (row === null) return;
    const located = await arrived(row);
    if (before.selected !== null) await goToRow(row);
    else if (located?.nearest != null)
      view.standAt(clampTop(located.nearest * ROW_PX, extentOf(view.store.getState())));
  }

  /** Asks for it; what was read again is null where there was nothing to do. The value is whether it was done. */
  async function read<R extends ReadAgain>(
    ask: (stands: readonly number[]) => Promise<Result<R | null>>,
    words: (done: R) => string,
    failed: (failure: Failure) => void = fail,
  ): Promise<boolean> {
    const mine = ++asked;
    const before = standing();
    const stands = [before.row, before.reference?.row ?? null].filter((row) => row !== null);
    const reply = await ask(stands);
    if (!reply.ok) failed(reply.failure);
    if (!reply.ok || reply.value === null) return false;
    const { rows, bookmarksLost } = reply.value;
    if (mine === asked) await standAgain(before, rows);
    const lost = bookmarksLost === 0 ? '' : ` ${formatPlural(bookmarksLost, 'bookmark')} could not be found again.`;
    const said = `${words(reply.value)}${lost}`.trim();
    if (said !== '') say(said);
    return true;
  }

  function setOffset(id: number, ns: number, failed?: (failure: Failure) => void): Promise<boolean> {
    const name = nameOf(id);
    return read(
      (stands) => bridge.session.setOffset({ id, ns, stands: [...stands] }),
      () => (ns === 0 ? `${name} is where its own clock has it.` : `${name} is moved by ${movedText(ns)}.`),
      failed,
    );
  }

  return {
    store,
    async openBeside(recorded) {
      await read(
        (stands) => bridge.session.openBeside({ recorded: recorded ?? null, stands: [...stands] }),
        ({ files, opened }) => {
          if (opened !== null) showOpened(opened);
          const what = recorded === undefined ? formatPlural(files, 'file') : 'The recording is';
          return `${what} opened beside; all rows are in one order of time.`;
        },
      );
    },
    async move(source, text) {
      const trouble = (words: string): void => store.setState({ trouble: { source, words } });
      const ns = parseMove(text);
      if (ns === null) {
        trouble(`That is no length of time. Examples: ${MOVE_EXAMPLES}; 0 moves it back.`);
        return false;
      }
      store.setState({ trouble: null });
      // Nothing is read again for what is so already.
      if (ns === (sources().find(({ id }) => id === source)?.statedNs ?? 0)) return true;
      return setOffset(source, ns, (failure) => trouble(failureSentences(failure)));
    },
    async align() {
      const { reference } = measure.store.getState();
      const row = view.store.getState().selection?.focus.row ?? null;
      if (reference === null || row === null || row === reference.row) {
        say(HOW_TO_ALIGN);
        return;
      }
      const [there, here] = [await bridge.view.details({ row: reference.row }), await bridge.view.details({ row })];
      if (there === null || here === null) {
        say('One of the two rows is no longer kept.');
        return;
      }
      const how = alignment(there.row, here.row, sources());
      if (typeof how === 'string') say(how);
      else await setOffset(how.source.id, how.ns);
    },
    async readAs(id, encoding) {
      await read(
        (stands) => bridge.session.readAs({ id, encoding, stands: [...stands] }),
        () => '',
      );
    },
    async explainEvents(id, from) {
      const name = nameOf(id);
      await read(
        (stands) => bridge.session.explainEvents({ id, from, stands: [...stands] }),
        ({ files }) =>
          from === 'folder'
            ? `${name} is read with what a folder has that explains its events.`
            : `${name} is read with ${formatPlural(files, 'file')} that explain${files === 1 ? 's' : ''} its events.`,
      );
    },
    forgetTrouble: () => store.setState({ trouble: null }),
  };
}

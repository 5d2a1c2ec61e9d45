/** The state of the window itself: the open pane, columns, notices. Its lasting part is kept in the page's storage. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Notice, Theme } from '../../electron/contract/app.ts';
import { DEFAULT_LOOK, type LogLook } from '../../electron/contract/log-look.ts';
import { DEFAULT_OUTPUT, type OutputOptions } from '../../electron/contract/output.ts';
import { DEFAULT_TIMES, parseTimes } from '../../electron/contract/shown-time.ts';
import { type ColumnChoices, choiceOf, NO_CHOICE, parseChoices, withChoice } from '../model/column-choice.ts';
import type { ColumnKind } from '../model/column-kinds.ts';
import type { ColumnChoice, ColumnId } from '../model/columns.ts';
import { clampPane, PANE_IDS, PANE_PX, type PaneId, SECTIONS, type Section } from '../model/panes.ts';
import { isRecord } from '../model/stored.ts';
import type { TimeChoice } from '../model/time-columns.ts';

export interface Lasting {
  /** The pane that is open in the dock; null while it is closed. */
  readonly pane: PaneId | null;
  /** Height of an open pane, pixels, as far as the window has room for it. */
  readonly panePx: number;
  /** What was chosen of the columns, for each kind of log (store/columns.ts). */
  readonly columns: ColumnChoices;
  readonly times: TimeChoice;
}

export interface UiState extends Lasting {
  /**
   * What exports and copies hold, and how. Chosen anew by whoever opens the window: what was left out once must not be
   * missing from a file years later.
   */
  readonly output: OutputOptions;
  /** Fields that were made columns in this window: their columns are shown before a record of their type was. */
  readonly newFields: readonly string[];
  readonly sheet: boolean;
  readonly goTo: boolean;
  readonly retention: boolean;
  /** The menu of the selected row, while it is open. */
  readonly rowMenu: RowMenuPlace | null;
  readonly sessions: boolean;
  /** The filters that were saved under names. */
  readonly filters: boolean;
  /** Logging to a file: what and how, or how far it is. */
  readonly fileLog: boolean;
  /** What is highlighted. */
  readonly highlights: boolean;
  /** Actions on a match. */
  readonly watches: boolean;
  readonly settings: boolean;
  /** The list of all commands. */
  readonly palette: boolean;
  /** The row whose note is to be written, if the bookmarks were opened for that. */
  readonly noteOf: number | null;
  readonly theme: Theme;
  readonly look: LogLook;
  readonly notices: readonly (Notice & { readonly id: number })[];
  /** The part of a pane to scroll into view; the number changes with every request. */
  readonly reveal: { readonly section: Section; readonly request: number } | null;
}

/** Where the menu of a row was asked for. */
export interface RowMenuPlace {
  /** Pixels in the window; null: by a key, so at the row itself. */
  readonly at: { readonly x: number; readonly y: number } | null;
  /** Of the row it was asked for, which may be any of the selected ones; without it the row that has the focus. */
  readonly position?: number;
  /** Of the cell it was asked for. */
  readonly column: ColumnId | null;
  /** The word of a message that it was asked for; empty for none. */
  readonly word: string;
  /** The character of the message that was pointed at; null where none was. */
  readonly character?: number | null;
}

/** The functions of the page's storage that are used. */
export type KeyValue = Pick<Storage, 'getItem' | 'setItem'>;

export interface Ui {
  readonly store: StoreApi<UiState>;
  openPane(pane: PaneId): void;
  /** Opens a pane in the place of any other, or closes it. */
  togglePane(pane: PaneId): void;
  closePane(): void;
  setPanePx(px: number): void;
  /** Opens the pane that a section is in, at the section. */
  explain(section: Section): void;
  setSheet(open: boolean): void;
  setGoTo(open: boolean): void;
  setRetention(open: boolean): void;
  openRowMenu(place: RowMenuPlace | null): void;
  closeRowMenu(): void;
  setSessions(open: boolean): void;
  /** Closes the box of Go to, or else the sheet that is open, or else the pane; false if there is none of them. */
  closeTop(): boolean;
  setFilters(open: boolean): void;
  setFileLog(open: boolean): void;
  setHighlights(open: boolean): void;
  setWatches(open: boolean): void;
  setSettings(open: boolean): void;
  setPalette(open: boolean): void;
  /** Opens the bookmarks to write the note of a row. */
  writeNote(noteOf: number): void;
  setTheme(theme: Theme): void;
  setLook(look: LogLook): void;
  /** Changes what is chosen of the columns for a kind of log; null: for all for which nothing was chosen. */
  changeColumns(kind: ColumnKind | null, change: (choice: ColumnChoice) => ColumnChoice): void;
  /** Notes that a field was made a column in this window, or is none any more. */
  noteField(name: string, shown: boolean): void;
  setTimes(change: Partial<TimeChoice>): void;
  setOutput(change: Partial<OutputOptions>): void;
  notify(notice: Notice): void;
  dismiss(id: number): void;
}

export const STORAGE_KEY = 'ringview.window';
const MAX_NOTICES = 3;
const DEFAULTS: Lasting = {
  pane: null,
  panePx: PANE_PX,
  columns: { start: NO_CHOICE, kinds: {} },
  times: DEFAULT_TIMES,
};
/** At most one of them is open: they are shown in the same place. */
const NO_SHEET = {
  ...{ sheet: false, retention: false, sessions: false, filters: false, fileLog: false, highlights: false },
  ...{ watches: false, settings: false },
} as const;

/** Reads what was stored, as far as it is understood: another version may have written it. */
export function parseLasting(text: string | null): Lasting {
  let stored: unknown;
  try {
    stored = JSON.parse(text ?? 'null');
  } catch {
    return DEFAULTS;
  }
  if (!isRecord(stored)) return DEFAULTS;
  return {
    pane: PANE_IDS.find((pane) => pane === stored.pane) ?? null,
    panePx: typeof stored.panePx === 'number' && Number.isFinite(stored.panePx) ? clampPane(stored.panePx) : PANE_PX,
    columns: parseChoices(stored.columns, stored.columnsByKind),
    times: parseTimes(stored.times) ?? DEFAULT_TIMES,
  };
}

/** As it is stored. What was chosen for no kind of log stands where versions that know no kinds have their only choice. */
function lastingText({ pane, panePx, columns, times }: Lasting): string {
  return JSON.stringify({ pane, panePx, columns: columns.start, columnsByKind: columns.kinds, times });
}

export function createUi(storage: KeyValue): Ui {
  const store = createStore<UiState>(() => ({
    ...parseLasting(storage.getItem(STORAGE_KEY)),
    output: DEFAULT_OUTPUT,
    newFields: [],
    ...NO_SHEET,
    noteOf: null,
    goTo: false,
    rowMenu: null,
    palette: false,
    theme: 'system',
    look: DEFAULT_LOOK,
    notices: [],
    reveal: null,
  }));
  let noticeId = 0;
  let request = 0;

  function setLasting(change: (state: UiState) => Partial<Lasting>): void {
    store.setState(change);
    storage.setItem(STORAGE_KEY, lastingText(store.getState()));
  }

  function noticesWith(notices: UiState['notices'], notice: Notice): UiState['notices'] {
    const others = notices.filter((other) => !isReplaced(other, notice));
    return [...others, { ...notice, id: ++noticeId }].slice(-MAX_NOTICES);
  }

  function setPane(pane: PaneId | null, noteOf: number | null = null): void {
    store.setState({ noteOf, reveal: null });
    setLasting(() => ({ pane }));
  }

  return {
    store,
    openPane: (pane) => setPane(pane),
    togglePane: (pane) => setPane(store.getState().pane === pane ? null : pane),
    closePane: () => setPane(null),
    setPanePx: (px) => setLasting(() => ({ panePx: clampPane(px) })),
    explain(section) {
      setPane(SECTIONS[section]);
      store.setState({ reveal: { section, request: ++request } });
    },
    setSheet: (sheet) => store.setState({ ...NO_SHEET, sheet }),
    setGoTo: (goTo) => store.setState({ goTo }),
    setRetention: (retention) => store.setState({ ...NO_SHEET, retention }),
    setWatches: (watches) => store.setState({ ...NO_SHEET, watches }),
    setSettings: (settings) => store.setState({ ...NO_SHEET, settings }),
    setHighlights: (highlights) => store.setState({ ...NO_SHEET, highlights }),
    setFilters: (filters) => store.setState({ ...NO_SHEET, filters }),
    setFileLog: (fileLog) => store.setState({ ...NO_SHEET, fileLog }),
    closeTop() {
      const open = store.getState();
      const { goTo, pane } = open;
      if (goTo) store.setState({ goTo: false });
      else if (Object.keys(NO_SHEET).some((name) => open[name as keyof typeof NO_SHEET])) store.setState(NO_SHEET);
      else if (pane !== null) setPane(null);
      else return false;
      return true;
    },
    setSessions: (sessions) => store.setState({ ...NO_SHEET, sessions }),
    setPalette: (palette) => store.setState({ palette }),
    writeNote: (noteOf) => setPane('bookmarks', noteOf),
    openRowMenu: (place) => store.setState({ rowMenu: place ?? { at: null, column: null, word: '' } }),
    closeRowMenu: () => store.setState({ rowMenu: null }),
    setTheme: (theme) => store.setState({ theme }),
    setLook: (look) => store.setState({ look }),
    changeColumns(kind, change) {
      const { columns } = store.getState();
      const now = choiceOf(columns, kind);
      const changed = change(now);
      if (changed !== now) setLasting(() => ({ columns: withChoice(columns, kind, changed) }));
    },
    noteField: (name, shown) =>
      store.setState(({ newFields }) => ({
        newFields: [...newFields.filter((each) => each !== name), ...(shown ? [name] : [])],
      })),
    setOutput: (change) => store.setState(({ output }) => ({ output: { ...output, ...change } })),
    setTimes: (change) => setLasting(({ times }) => ({ times: { ...times, ...change } })),
    notify: (notice) => store.setState(({ notices }) => ({ notices: noticesWith(notices, notice) })),
    dismiss: (id) => store.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) })),
  };
}

/** One that only informs takes the place of all before it: an older one would come back once it is gone. */
const isReplaced = (older: Notice, { severity, message }: Notice): boolean =>
  older.message === message || (severity === 'info' && older.severity === 'info');

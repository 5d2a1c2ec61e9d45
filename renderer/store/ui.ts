/** The state of the window itself: open panes, columns, notices. Its lasting part is kept in the page's storage. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Notice, Theme } from '../../electron/contract/app.ts';
import { DEFAULT_OUTPUT, type OutputOptions } from '../../electron/contract/output.ts';
import { DELTA_BASES, TIME_DIGITS, TIME_KINDS } from '../../electron/contract/shown-time.ts';
import type { ColumnId, ColumnMode } from '../model/columns.ts';
import { COLUMNS, type ColumnChoice } from '../model/columns.ts';
import { DEFAULT_TIMES, type TimeChoice } from '../model/time-columns.ts';

export interface Lasting {
  readonly panel: boolean;
  readonly details: boolean;
  readonly columns: ColumnChoice;
  readonly times: TimeChoice;
}

export interface UiState extends Lasting {
  /**
   * What exports and copies hold, and how. Chosen anew by whoever opens the window: what was left out once must not be
   * missing from a file years later.
   */
  readonly output: OutputOptions;
  /** Which messages the log is made of, in the place of the details. */
  readonly patterns: boolean;
  /** Questions in SQL, in the place of both. */
  readonly sql: boolean;
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
  /** The list of all commands. */
  readonly palette: boolean;
  /** The list of bookmarks while it is open, and the row whose note is to be written, if it was opened for that. */
  readonly bookmarks: { readonly noteOf: number | null } | null;
  readonly theme: Theme;
  readonly notices: readonly (Notice & { readonly id: number })[];
  /** The part of the statistics to scroll into view; the number changes with every request. */
  readonly reveal: { readonly section: Section; readonly request: number } | null;
}

/** Where the menu of a row was asked for. */
export interface RowMenuPlace {
  /** Pixels in the window; null: by a key, so at the row itself. */
  readonly at: { readonly x: number; readonly y: number } | null;
  /** Of the cell it was asked for. */
  readonly column: ColumnId | null;
}

export type Section = 'source' | 'rate' | 'cpus' | 'losses' | 'memory' | 'counters' | 'doctor' | 'driver';

/** The functions of the page's storage that are used. */
export type KeyValue = Pick<Storage, 'getItem' | 'setItem'>;

export interface Ui {
  readonly store: StoreApi<UiState>;
  togglePanel(): void;
  toggleDetails(): void;
  openDetails(): void;
  setPatterns(open: boolean): void;
  setSql(open: boolean): void;
  explain(section: Section): void;
  setSheet(open: boolean): void;
  setGoTo(open: boolean): void;
  setRetention(open: boolean): void;
  openRowMenu(place: RowMenuPlace | null): void;
  closeRowMenu(): void;
  setSessions(open: boolean): void;
  /** Closes the box of Go to, or else the sheet that is open; false if there is neither. */
  closeTop(): boolean;
  setFilters(open: boolean): void;
  setFileLog(open: boolean): void;
  setPalette(open: boolean): void;
  openBookmarks(noteOf?: number): void;
  closeBookmarks(): void;
  setTheme(theme: Theme): void;
  setWidth(column: ColumnId, width: number): void;
  setMode(column: ColumnId, mode: ColumnMode): void;
  resetColumns(): void;
  setTimes(change: Partial<TimeChoice>): void;
  setOutput(change: Partial<OutputOptions>): void;
  notify(notice: Notice): void;
  dismiss(id: number): void;
}

export const STORAGE_KEY = 'ringview.window';
const MAX_NOTICES = 3;
const NO_CHOICE: ColumnChoice = { characters: {}, modes: {} };
const DEFAULTS: Lasting = { panel: true, details: false, columns: NO_CHOICE, times: DEFAULT_TIMES };
/** At most one of them is open: they are shown in the same place. */
const NO_SHEET = {
  ...{ sheet: false, retention: false, sessions: false, filters: false, fileLog: false },
  bookmarks: null,
} as const;
/** In a narrower window the statistics are closed at first, so that messages have room. */
export const ROOM_FOR_PANEL_PX = 1000;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads what was stored, as far as it is understood: another version may have written it. */
export function parseLasting(text: string | null, defaults: Lasting = DEFAULTS): Lasting {
  let stored: unknown;
  try {
    stored = JSON.parse(text ?? 'null');
  } catch {
    return defaults;
  }
  if (!isRecord(stored)) return defaults;
  const columns = isRecord(stored.columns) ? stored.columns : {};
  const characters: Partial<Record<ColumnId, number>> = {};
  const modes: Partial<Record<ColumnId, ColumnMode>> = {};
  for (const { id } of COLUMNS) {
    const width = isRecord(columns.characters) ? columns.characters[id] : undefined;
    if (typeof width === 'number' && Number.isFinite(width)) characters[id] = width;
    const mode = isRecord(columns.modes) ? columns.modes[id] : undefined;
    if (mode === 'auto' || mode === 'show' || mode === 'hide') modes[id] = mode;
  }
  return {
    panel: typeof stored.panel === 'boolean' ? stored.panel : defaults.panel,
    details: typeof stored.details === 'boolean' ? stored.details : defaults.details,
    columns: { characters, modes },
    times: parseTimes(stored.times, defaults.times),
  };
}

function parseTimes(stored: unknown, defaults: TimeChoice): TimeChoice {
  if (!isRecord(stored)) return defaults;
  return {
    kind: TIME_KINDS.find((kind) => kind === stored.kind) ?? defaults.kind,
    digits: TIME_DIGITS.find((digits) => digits === stored.digits) ?? defaults.digits,
    delta: DELTA_BASES.find((delta) => delta === stored.delta) ?? defaults.delta,
  };
}

/** `widthPx` is the window's width at the start. */
export function createUi(storage: KeyValue, widthPx: number = ROOM_FOR_PANEL_PX): Ui {
  const store = createStore<UiState>(() => ({
    ...parseLasting(storage.getItem(STORAGE_KEY), { ...DEFAULTS, panel: widthPx >= ROOM_FOR_PANEL_PX }),
    output: DEFAULT_OUTPUT,
    ...NO_SHEET,
    patterns: false,
    sql: false,
    goTo: false,
    rowMenu: null,
    palette: false,
    theme: 'system',
    notices: [],
    reveal: null,
  }));
  let noticeId = 0;
  let request = 0;

  function setLasting(change: (state: UiState) => Partial<Lasting>): void {
    store.setState(change);
    const { panel, details, columns, times } = store.getState();
    storage.setItem(STORAGE_KEY, JSON.stringify({ panel, details, columns, times } satisfies Lasting));
  }

  return {
    store,
    togglePanel: () => setLasting(({ panel }) => ({ panel: !panel })),
    // One of them has the place at a time.
    toggleDetails() {
      const { details, patterns, sql } = store.getState();
      store.setState({ patterns: false, sql: false });
      setLasting(() => ({ details: patterns || sql || !details }));
    },
    openDetails() {
      store.setState({ patterns: false, sql: false });
      setLasting(() => ({ details: true }));
    },
    setPatterns: (patterns) => store.setState({ patterns, sql: false }),
    setSql: (sql) => store.setState({ sql, patterns: false }),
    explain(section) {
      setLasting(() => ({ panel: true }));
      store.setState({ reveal: { section, request: ++request } });
    },
    setSheet: (sheet) => store.setState({ ...NO_SHEET, sheet }),
    setGoTo: (goTo) => store.setState({ goTo }),
    setRetention: (retention) => store.setState({ ...NO_SHEET, retention }),
    setFilters: (filters) => store.setState({ ...NO_SHEET, filters }),
    setFileLog: (fileLog) => store.setState({ ...NO_SHEET, fileLog }),
    closeTop() {
      const { goTo, sheet, retention, sessions, filters, fileLog, bookmarks } = store.getState();
      if (goTo) store.setState({ goTo: false });
      else if (sheet || retention || sessions || filters || fileLog || bookmarks !== null) store.setState(NO_SHEET);
      else return false;
      return true;
    },
    setSessions: (sessions) => store.setState({ ...NO_SHEET, sessions }),
    setPalette: (palette) => store.setState({ palette }),
    openBookmarks: (noteOf) => store.setState({ ...NO_SHEET, bookmarks: { noteOf: noteOf ?? null } }),
    closeBookmarks: () => store.setState({ bookmarks: null }),
    openRowMenu: (place) => store.setState({ rowMenu: place ?? { at: null, column: null } }),
    closeRowMenu: () => store.setState({ rowMenu: null }),
    setTheme: (theme) => store.setState({ theme }),
    setWidth: (column, width) =>
      setLasting(({ columns }) => ({
        columns: { ...columns, characters: { ...columns.characters, [column]: width } },
      })),
    setMode: (column, mode) =>
      setLasting(({ columns }) => ({ columns: { ...columns, modes: { ...columns.modes, [column]: mode } } })),
    setOutput: (change) => store.setState(({ output }) => ({ output: { ...output, ...change } })),
    setTimes: (change) => setLasting(({ times }) => ({ times: { ...times, ...change } })),
    resetColumns: () => setLasting(() => ({ columns: NO_CHOICE })),
    notify: (notice) =>
      store.setState(({ notices }) => ({
        notices: [...notices.filter((other) => other.message !== notice.message), { ...notice, id: ++noticeId }].slice(
          -MAX_NOTICES,
        ),
      })),
    dismiss: (id) => store.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) })),
  };
}

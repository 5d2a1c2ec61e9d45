/**
 * The panes of the dock: what is not the log, one at a time below it. This table gives each its place among the tabs, its
 * title and its keys; the commands, the tabs and what is remembered of the window derive from it. What a pane draws is
 * named in ui/dock/pane-views.tsx, which does not compile while one of these is missing there.
 */
interface PaneEntry {
  readonly title: string;
  /** In the form of the key map; the first is shown to people. */
  readonly keys: readonly string[];
  /** What the pane is for, as the sheet of keys and the tip of its tab say it. */
  readonly label: string;
}

const declared = {
  details: { title: 'Details', keys: ['F4', 'Ctrl+I'], label: 'Details of the selected row' },
  statistics: { title: 'Statistics', keys: ['F9'], label: 'Statistics: rates, CPUs, memory, counters' },
  losses: { title: 'Losses', keys: ['Ctrl+F8'], label: 'Losses: when, where and why' },
  lanes: {
    title: 'CPU lanes',
    keys: ['Ctrl+F10'],
    label: 'CPU lanes: what each CPU wrote and lost over time, and which fell silent',
  },
  patterns: { title: 'Patterns', keys: ['F7'], label: 'Patterns: which messages the log is made of' },
  intervals: {
    title: 'Intervals',
    keys: ['F10'],
    label: 'Intervals: how long it takes from one kind of message to another',
  },
  life: { title: 'Address life', keys: ['Ctrl+F7'], label: 'Life of an address or handle: when and where it is named' },
  matches: { title: 'Matches', keys: ['Ctrl+Shift+F'], label: 'Matches: all that the find bar finds, as a list' },
  bookmarks: { title: 'Bookmarks', keys: ['Ctrl+Shift+B'], label: 'Bookmarks and their notes' },
  sql: { title: 'SQL', keys: ['Shift+F7'], label: 'SQL: questions about the log' },
  source: { title: 'Sources', keys: ['Ctrl+F9'], label: 'Sources: what is read, and why one is silent' },
  driver: { title: 'Driver', keys: ['Shift+F9'], label: 'Driver: ringview.sys and what it captures' },
} as const satisfies Readonly<Record<string, PaneEntry>>;

export type PaneId = keyof typeof declared;

/** By name, in the order of the tabs. */
export const PANES: Readonly<Record<PaneId, PaneEntry>> = declared;
export const PANE_IDS = Object.keys(PANES) as readonly PaneId[];

/** A part of a pane that can be asked for, and the pane it is in. */
export const SECTIONS = {
  rate: 'statistics',
  cpus: 'statistics',
  losses: 'losses',
  memory: 'statistics',
  counters: 'statistics',
  source: 'source',
  driver: 'driver',
  doctor: 'source',
  debugFilter: 'driver',
} as const satisfies Readonly<Record<string, PaneId>>;

export type Section = keyof typeof SECTIONS;

/** The command that opens a pane, and closes it where it is open. */
export type PaneCommand = `pane.${PaneId}`;

export const paneCommand = (pane: PaneId): PaneCommand => `pane.${pane}`;

/** The heights that the pane may be given, pixels; the window gives it no more than half of what it has for log and dock. */
export const LEAST_PANE_PX = 96;
export const MOST_PANE_PX = 2000;
export const PANE_PX = 232;

export const clampPane = (px: number): number => Math.round(Math.min(MOST_PANE_PX, Math.max(LEAST_PANE_PX, px)));

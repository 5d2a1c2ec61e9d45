/**
 * Every command, declared once: its label, its keys and where they act, and what it does. Keys, tooltips, the sheet of
 * keys and everything else that lists commands use this table.
 */
import { OTHER_LEVEL } from '../../electron/contract/rows.ts';
import { allowed, type KeyContext, type KeyPress, keyName } from '../model/keymap.ts';
import type { PaneCommand } from '../model/panes.ts';
import { clearRows, SESSIONS_KEY } from './clearing.ts';
import type { CommandContext, CommandEntry, Entries } from './command-entry.ts';
import { isFiltering } from './filter.ts';
import { followSelected } from './following.ts';
import { marks, move } from './move-commands.ts';
import { paneCommands } from './pane-commands.ts';
import { filterToTime } from './time-filter.ts';

export type { CommandContext, CommandEntry } from './command-entry.ts';

/** Without a selection, one of them is selected first. */
const hasRows: NonNullable<CommandEntry['possible']> = ({ app }) => {
  const { first, end } = app.view.store.getState();
  return end > first;
};

const hasSeveralViews: NonNullable<CommandEntry['possible']> = ({ page }) =>
  page.tabs.getState().layout.reduce((views, session) => views + session.views.length, 0) > 1;

const isBeside: NonNullable<CommandEntry['possible']> = ({ page }) => page.beside.store.getState().pair !== null;

const capture = {
  toggleCapture: {
    keys: ['Ctrl+E'],
    scope: 'anywhere',
    label: 'Start or stop capturing',
    run: ({ app }) => app.toggleCapture(),
  },
  togglePause: {
    keys: ['Space'],
    scope: 'log',
    label: 'Pause or resume the view',
    run: ({ app }) => app.togglePause(),
  },
  clear: { keys: ['Ctrl+X'], scope: 'log-unselected', label: 'Clear all rows', run: ({ app }) => clearRows(app) },
  openFiles: {
    keys: ['Ctrl+O'],
    scope: 'anywhere',
    label: 'Open log files',
    run: ({ page }) => void page.openFiles(),
  },
  openBeside: {
    keys: ['Ctrl+Shift+M'],
    scope: 'anywhere',
    label: 'Open log files beside those of this session, in one order of time',
    run: ({ app }) => void app.merging.openBeside(),
  },
  align: {
    keys: ['Ctrl+Shift+D'],
    scope: 'outside-text',
    label: 'Align the sources of two rows: the one measured from, and the selected one',
    run: ({ app }) => void app.merging.align(),
  },
  openModules: {
    keys: ['Ctrl+U'],
    scope: 'anywhere',
    label: 'Open a list of loaded modules (lm of WinDbg, CSV, JSON), to explain addresses',
    run: ({ app }) => void app.addresses.openModules(),
  },
  openSymbols: {
    keys: ['Ctrl+Shift+Y'],
    scope: 'anywhere',
    label: 'Choose a folder with PDBs, to name the functions of addresses',
    run: ({ app }) => void app.addresses.openSymbols(),
  },
  focusSource: {
    keys: ['Ctrl+Shift+O'],
    scope: 'anywhere',
    label: 'Go to the source box',
    run: ({ focus }) => focus('source'),
  },
  retention: {
    keys: ['Ctrl+H'],
    scope: 'anywhere',
    label: 'Retention: how much is kept, and where',
    run: ({ app: { ui } }) => ui.setRetention(!ui.store.getState().retention),
  },
  sessions: {
    keys: [SESSIONS_KEY],
    scope: 'anywhere',
    label: 'Recorded sessions',
    run: ({ app: { ui } }) => ui.setSessions(!ui.store.getState().sessions),
  },
  exportShown: {
    keys: ['Ctrl+S'],
    scope: 'anywhere',
    label: 'Export what is shown, as text',
    run: ({ app }) => void app.exports.start('filtered', 'text'),
  },
  logToFile: {
    keys: ['Ctrl+Shift+S'],
    scope: 'anywhere',
    label: 'Log to a file: write rows as they come, or stop',
    run: ({ app: { ui } }) => ui.setFileLog(!ui.store.getState().fileLog),
  },
} satisfies Entries;

const filter = {
  focusFilter: {
    keys: ['Ctrl+L'],
    scope: 'anywhere',
    label: 'Go to the filter box',
    run: ({ focus }) => focus('filter'),
  },
  toggleError: {
    keys: ['Ctrl+1'],
    scope: 'anywhere',
    label: 'Show or hide errors',
    run: ({ app }) => app.filter.toggleLevel(0),
  },
  toggleWarning: {
    keys: ['Ctrl+2'],
    scope: 'anywhere',
    label: 'Show or hide warnings',
    run: ({ app }) => app.filter.toggleLevel(1),
  },
  toggleInfo: {
    keys: ['Ctrl+3'],
    scope: 'anywhere',
    label: 'Show or hide info',
    run: ({ app }) => app.filter.toggleLevel(2),
  },
  toggleTrace: {
    keys: ['Ctrl+4'],
    scope: 'anywhere',
    label: 'Show or hide trace',
    run: ({ app }) => app.filter.toggleLevel(3),
  },
  toggleOther: {
    keys: ['Ctrl+5'],
    scope: 'anywhere',
    label: 'Show or hide other levels',
    run: ({ app }) => app.filter.toggleLevel(OTHER_LEVEL),
  },
  showEverything: {
    keys: ['Ctrl+0'],
    scope: 'anywhere',
    label: 'Reset the filter',
    run: ({ app }) => app.filter.reset(),
    possible: ({ app }) => isFiltering(app.filter.store.getState()),
  },
  onlyThisTime: {
    keys: ['Ctrl+Shift+F10'],
    scope: 'anywhere',
    label: 'Only this time: that of the zoomed lanes, or of the rows in sight',
    run: ({ app }) => filterToTime(app),
    possible: hasRows,
  },
  undoFilter: {
    keys: ['Ctrl+Z'],
    scope: 'outside-text',
    label: 'Take the last change of the filter back',
    run: ({ app }) => app.filter.undo(),
    possible: ({ app }) => app.filter.store.getState().past.before.length > 0,
  },
  redoFilter: {
    keys: ['Ctrl+Y', 'Ctrl+Shift+Z'],
    scope: 'outside-text',
    label: 'Make it again',
    run: ({ app }) => app.filter.redo(),
    possible: ({ app }) => app.filter.store.getState().past.after.length > 0,
  },
  filterPanel: {
    keys: ['F6'],
    scope: 'anywhere',
    label: 'The filter as rows',
    run: ({ app: { filterPanel } }) => filterPanel.setOpen(!filterPanel.store.getState().open),
  },
  savedFilters: {
    keys: ['Ctrl+Shift+L'],
    scope: 'anywhere',
    label: 'Saved filters: by name, to use, export and import',
    run: ({ app: { ui } }) => ui.setFilters(!ui.store.getState().filters),
  },
  highlights: {
    keys: ['Ctrl+J'],
    scope: 'anywhere',
    label: 'Highlights: rows and words in colours',
    run: ({ app: { ui } }) => ui.setHighlights(!ui.store.getState().highlights),
  },
  watches: {
    keys: ['Ctrl+Shift+A'],
    scope: 'anywhere',
    label: 'Actions on a match: notify, stop, save and others',
    run: ({ app: { ui } }) => ui.setWatches(!ui.store.getState().watches),
  },
  rowMenu: {
    keys: ['Shift+F10', 'ContextMenu'],
    scope: 'log',
    label: 'What to do with the selected row',
    run({ app }) {
      // It is about a row that is seen.
      app.revealSelection();
      app.ui.openRowMenu(null);
    },
    possible: hasRows,
  },
  life: {
    keys: ['Ctrl+K'],
    scope: 'outside-text',
    label: 'All rows with the address or handle of the selected row, and its life',
    run: ({ app }) => void followSelected(app),
    possible: hasRows,
  },
  find: {
    keys: ['Ctrl+F'],
    scope: 'anywhere',
    label: 'Find in the rows shown',
    run({ app, focus }) {
      app.find.open();
      focus('find');
    },
  },
  findNext: { keys: ['F3'], scope: 'anywhere', label: 'Next match', run: ({ app }) => void app.find.go('next') },
  findPrevious: {
    keys: ['Shift+F3'],
    scope: 'anywhere',
    label: 'Previous match',
    run: ({ app }) => void app.find.go('previous'),
  },
} satisfies Entries;

const window = {
  escape: {
    keys: ['Escape'],
    scope: 'anywhere',
    label: 'Close what is open, then drop the selection, then show one view alone',
    run({ page, app }) {
      if (!app.stepBack()) page.beside.close();
    },
  },
  newSession: {
    keys: ['Ctrl+N'],
    scope: 'anywhere',
    label: 'Open another session',
    run: ({ page, focus }) => void page.openSession().then(() => focus('source')),
  },
  newView: {
    keys: ['Ctrl+Shift+N'],
    scope: 'anywhere',
    label: 'Open another view of this session',
    run: ({ page }) => void page.openView(),
  },
  newLinkedView: {
    keys: ['Ctrl+Shift+K'],
    scope: 'anywhere',
    label: 'Open a view within this one, which filters further and follows it',
    run: ({ page }) => void page.openView('linked'),
  },
  openWindow: {
    keys: ['Ctrl+Shift+E'],
    scope: 'anywhere',
    label: 'Show this view in a window of its own',
    run: ({ page, app }) => void page.openWindow(app.look.view),
  },
  closeView: {
    keys: ['Ctrl+W'],
    scope: 'anywhere',
    label: 'Close this view',
    run: ({ page, app }) => page.closeView(app.look.view),
  },
  nextView: {
    keys: ['Ctrl+Tab'],
    scope: 'anywhere',
    label: 'Next view',
    run: ({ page }) => page.step(1),
    possible: hasSeveralViews,
  },
  previousView: {
    keys: ['Ctrl+Shift+Tab'],
    scope: 'anywhere',
    label: 'Previous view',
    run: ({ page }) => page.step(-1),
    possible: hasSeveralViews,
  },
  showBeside: {
    keys: ['Ctrl+\\'],
    scope: 'anywhere',
    label: 'Show another view beside this one, scrolled together with it, or this one alone',
    run({ page }) {
      if (page.beside.store.getState().pair === null) void page.showBeside();
      else page.beside.close();
    },
  },
  changeSide: {
    keys: ['Ctrl+F6'],
    scope: 'anywhere',
    label: 'Go to the view beside this one',
    run: ({ page }) => page.changeSide(),
    possible: isBeside,
  },
  scrollTogether: {
    keys: ['Ctrl+Shift+F6'],
    scope: 'anywhere',
    label: 'Scroll two views together by time, or each by itself',
    run: ({ page: { beside } }) => beside.setTogether(!beside.store.getState().together),
    possible: isBeside,
  },
  palette: {
    keys: ['Ctrl+Shift+P'],
    scope: 'anywhere',
    label: 'All commands',
    run: ({ app: { ui } }) => ui.setPalette(!ui.store.getState().palette),
  },
  settings: {
    keys: ['Ctrl+,'],
    scope: 'anywhere',
    label: 'Settings: theme, times, what is kept, and the file of all of them',
    run: ({ app: { ui } }) => ui.setSettings(!ui.store.getState().settings),
  },
  alwaysOnTop: {
    keys: ['Ctrl+Shift+T'],
    scope: 'anywhere',
    label: 'Always on top: keep the window above all others, or no longer',
    run: ({ app }) => void app.settings.toggleOnTop(),
  },
  cheatSheet: {
    keys: ['?', 'F1'],
    scope: 'outside-text',
    label: 'This sheet',
    run: ({ app: { ui } }) => ui.setSheet(!ui.store.getState().sheet),
  },
} satisfies Entries;

export type Command =
  | keyof typeof capture
  | keyof typeof filter
  | keyof typeof move
  | keyof typeof marks
  | PaneCommand
  | keyof typeof window;

const inGroup = (entries: Entries, group: CommandEntry['group']): [string, CommandEntry][] =>
  Object.entries(entries).map(([command, entry]) => [command, { ...entry, group }]);

/** All commands, in the order in which they are listed. */
export const COMMANDS = Object.fromEntries([
  ...inGroup(capture, 'Capture'),
  ...inGroup(filter, 'Filter and find'),
  ...inGroup(move, 'Move and select'),
  ...inGroup(marks, 'Bookmarks'),
  ...inGroup(paneCommands, 'Panes below the log'),
  ...inGroup(window, 'Window'),
]) as Readonly<Record<Command, CommandEntry>>;

/** Of each level, the command that shows or hides it. */
export const LEVEL_COMMANDS: readonly Command[] = [
  'toggleError',
  'toggleWarning',
  'toggleInfo',
  'toggleTrace',
  'toggleOther',
];

/** The groups, in the order in which they are listed. */
export const COMMAND_GROUPS = [...new Set(Object.values(COMMANDS).map(({ group }) => group))];

/** Commands that a key goes on doing while it is held, besides all that move: any other would do and undo the same. */
const REPEATED: ReadonlySet<Command> = new Set<Command>([
  'findNext',
  'findPrevious',
  'nextBookmark',
  'previousBookmark',
  'undoFilter',
  'redoFilter',
  'nextView',
  'previousView',
]);

/** Whether a key that is held does it again and again. */
export const repeats = (command: Command): boolean =>
  (COMMANDS[command].group === 'Move and select' && command !== 'toggleRow') || REPEATED.has(command);

export const COMMAND_NAMES = Object.keys(COMMANDS) as readonly Command[];

const byKey = new Map(COMMAND_NAMES.flatMap((command) => COMMANDS[command].keys.map((key) => [key, command] as const)));

/** The command for a key in a context, or null if the key does nothing there. */
export function commandFor(press: KeyPress, context: KeyContext): Command | null {
  const command = byKey.get(keyName(press));
  return command !== undefined && allowed(COMMANDS[command].scope, context) ? command : null;
}

/** Whether a command would do anything now. */
export const isPossible = (command: Command, context: Pick<CommandContext, 'page' | 'app'>): boolean =>
  COMMANDS[command].possible?.(context) ?? true;

/** The key shown for a command, for tooltips. */
export const keyFor = (command: Command): string => COMMANDS[command].keys[0] ?? '';

/** The tooltip of a button: what it does and its key, as in `Clear all rows (Ctrl+X)`. */
export const tip = (command: Command): string => `${COMMANDS[command].label} (${keyFor(command)})`;

/**
 * Every command, declared once: its label, its keys and where they act, and what it does. Keys, tooltips, the sheet of
 * keys and everything else that lists commands use this table.
 */
import { OTHER_LEVEL } from '../../electron/contract/rows.ts';
import { allowed, type KeyBinding, type KeyContext, type KeyPress, keyName } from '../model/keymap.ts';
import type { App } from './app.ts';
import { isFiltering } from './filter.ts';
import type { Page } from './page.ts';

/** What a command acts on. */
export interface CommandContext {
  readonly page: Page;
  /** The view that is shown. */
  readonly app: App;
  /** Moves the focus into a text box of the window. */
  readonly focus: (box: 'filter' | 'source' | 'find') => void;
}

export interface CommandEntry extends KeyBinding {
  readonly group: 'Capture' | 'Filter and find' | 'Move and select' | 'Bookmarks' | 'Window';
  readonly label: string;
  readonly run: (context: CommandContext) => void;
  /** Whether it would do anything now; always, where nothing is said. */
  readonly possible?: (context: Pick<CommandContext, 'page' | 'app'>) => boolean;
}

const hasSelection: CommandEntry['possible'] = ({ app }) => app.view.store.getState().selection !== null;

/** Characters by which a press of Left or Right moves long messages. */
const SHIFT_STEP = 16;

const hasSeveralViews: CommandEntry['possible'] = ({ page }) =>
  page.tabs.getState().layout.reduce((views, session) => views + session.views.length, 0) > 1;

function moveText({ reading }: App, characters: number): void {
  reading.setShift(reading.store.getState().shift + characters);
}

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
  clear: { keys: ['Ctrl+X'], scope: 'log-unselected', label: 'Clear all rows', run: ({ app }) => app.view.clear() },
  openFiles: {
    keys: ['Ctrl+O'],
    scope: 'anywhere',
    label: 'Open log files',
    run: ({ page }) => void page.openFiles(),
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
    keys: ['Ctrl+Shift+H'],
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
  rowMenu: {
    keys: ['Shift+F10', 'ContextMenu'],
    scope: 'log',
    label: 'What to do with the selected row',
    run({ app }) {
      // It is about a row that is seen.
      app.revealSelection();
      app.ui.openRowMenu(null);
    },
    possible: hasSelection,
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

const move = {
  follow: {
    keys: ['End'],
    scope: 'log',
    label: 'Go to the newest row and follow',
    run: ({ app }) => app.view.setFollow(true),
  },
  first: { keys: ['Home'], scope: 'log', label: 'Go to the oldest row', run: ({ app }) => app.showFirst() },
  up: { keys: ['Up'], scope: 'log', label: 'Row above', run: ({ app }) => app.moveSelection(-1, false) },
  down: { keys: ['Down'], scope: 'log', label: 'Row below', run: ({ app }) => app.moveSelection(1, false) },
  pageUp: { keys: ['PageUp'], scope: 'log', label: 'Page up', run: ({ app }) => app.movePages(-1, false) },
  pageDown: { keys: ['PageDown'], scope: 'log', label: 'Page down', run: ({ app }) => app.movePages(1, false) },
  extendUp: {
    keys: ['Shift+Up'],
    scope: 'log',
    label: 'Extend the selection up',
    run: ({ app }) => app.moveSelection(-1, true),
  },
  extendDown: {
    keys: ['Shift+Down'],
    scope: 'log',
    label: 'Extend it down',
    run: ({ app }) => app.moveSelection(1, true),
  },
  extendPageUp: {
    keys: ['Shift+PageUp'],
    scope: 'log',
    label: 'Extend it a page up',
    run: ({ app }) => app.movePages(-1, true),
  },
  extendPageDown: {
    keys: ['Shift+PageDown'],
    scope: 'log',
    label: 'Extend it a page down',
    run: ({ app }) => app.movePages(1, true),
  },
  extendFirst: {
    keys: ['Shift+Home'],
    scope: 'log',
    label: 'Extend it to the oldest row',
    run: ({ app }) => app.extendToEnd('first'),
  },
  extendLast: {
    keys: ['Shift+End'],
    scope: 'log',
    label: 'Extend it to the newest row',
    run: ({ app }) => app.extendToEnd('last'),
  },
  textLeft: {
    keys: ['Left'],
    scope: 'log',
    label: 'Move long messages back',
    run: ({ app }) => moveText(app, -SHIFT_STEP),
  },
  textRight: {
    keys: ['Right'],
    scope: 'log',
    label: 'Show more of long messages',
    run: ({ app }) => moveText(app, SHIFT_STEP),
  },
  selectAll: { keys: ['Ctrl+A'], scope: 'outside-text', label: 'Select all rows', run: ({ app }) => app.selectAll() },
  copy: {
    keys: ['Ctrl+C'],
    scope: 'log-unselected',
    label: 'Copy the selected rows',
    run: ({ app }) => void app.copySelection(),
    possible: hasSelection,
  },
  copyMarkdown: {
    keys: ['Ctrl+Shift+C'],
    scope: 'log-unselected',
    label: 'Copy them as a Markdown table',
    run: ({ app }) => void app.copySelection('markdown'),
    possible: hasSelection,
  },
  nextLoss: {
    keys: ['F8'],
    scope: 'anywhere',
    label: 'Next loss in the rows shown',
    run: ({ app }) => void app.losses.go('next'),
  },
  previousLoss: {
    keys: ['Shift+F8'],
    scope: 'anywhere',
    label: 'Previous loss',
    run: ({ app }) => void app.losses.go('previous'),
  },
  measure: {
    keys: ['Ctrl+D'],
    scope: 'outside-text',
    label: 'Measure times from the selected row, or no longer',
    run: ({ app }) => void app.measure.toggle(),
  },
  nextTimes: {
    keys: ['Ctrl+T'],
    scope: 'anywhere',
    label: 'Times since the log began, by the clock, since boot',
    run: ({ app }) => app.times.next(),
  },
  goTo: {
    keys: ['Ctrl+G'],
    scope: 'anywhere',
    label: 'Go to an index or a time',
    run: ({ app }) => app.ui.setGoTo(true),
  },
} satisfies Entries;

const marks = {
  bookmark: {
    keys: ['Ctrl+B'],
    scope: 'anywhere',
    label: 'Set or remove a bookmark',
    run: ({ app }) => void app.marking.toggle(),
  },
  nextBookmark: {
    keys: ['F2'],
    scope: 'anywhere',
    label: 'Next bookmark',
    run: ({ app }) => void app.marking.go('next'),
  },
  previousBookmark: {
    keys: ['Shift+F2'],
    scope: 'anywhere',
    label: 'Previous bookmark',
    run: ({ app }) => void app.marking.go('previous'),
  },
  bookmarks: {
    keys: ['Ctrl+Shift+B'],
    scope: 'anywhere',
    label: 'List of bookmarks',
    run: ({ app: { ui } }) => (ui.store.getState().bookmarks === null ? ui.openBookmarks() : ui.closeBookmarks()),
  },
} satisfies Entries;

const window = {
  escape: {
    keys: ['Escape'],
    scope: 'anywhere',
    label: 'Close the find bar, then drop the selection',
    run: ({ app }) => app.stepBack(),
  },
  toggleDetails: {
    keys: ['F4', 'Ctrl+I'],
    scope: 'anywhere',
    label: 'Details of the selected row',
    run: ({ app }) => app.ui.toggleDetails(),
  },
  togglePanel: { keys: ['F9'], scope: 'anywhere', label: 'Statistics', run: ({ app }) => app.ui.togglePanel() },
  newSession: {
    keys: ['Ctrl+N'],
    scope: 'anywhere',
    label: 'Open another session',
    run: ({ page }) => void page.openSession(),
  },
  newView: {
    keys: ['Ctrl+Shift+N'],
    scope: 'anywhere',
    label: 'Open another view of this session',
    run: ({ page }) => void page.openView(),
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
  palette: {
    keys: ['Ctrl+Shift+P'],
    scope: 'anywhere',
    label: 'All commands',
    run: ({ app: { ui } }) => ui.setPalette(!ui.store.getState().palette),
  },
  cheatSheet: {
    keys: ['?', 'F1'],
    scope: 'outside-text',
    label: 'This sheet',
    run: ({ app: { ui } }) => ui.setSheet(!ui.store.getState().sheet),
  },
} satisfies Entries;

type Entries = Readonly<Record<string, Omit<CommandEntry, 'group'>>>;

export type Command =
  | keyof typeof capture
  | keyof typeof filter
  | keyof typeof move
  | keyof typeof marks
  | keyof typeof window;

const inGroup = (entries: Entries, group: CommandEntry['group']): [string, CommandEntry][] =>
  Object.entries(entries).map(([command, entry]) => [command, { ...entry, group }]);

/** All commands, in the order in which they are listed. */
export const COMMANDS = Object.fromEntries([
  ...inGroup(capture, 'Capture'),
  ...inGroup(filter, 'Filter and find'),
  ...inGroup(move, 'Move and select'),
  ...inGroup(marks, 'Bookmarks'),
  ...inGroup(window, 'Window'),
]) as Readonly<Record<Command, CommandEntry>>;

/** Of each level, the command that shows or hides it. */
export const LEVEL_COMMANDS: readonly Command[] = [
  ...(['toggleError', 'toggleWarning', 'toggleInfo', 'toggleTrace', 'toggleOther'] as const),
];

/** The groups, in the order in which they are listed. */
export const COMMAND_GROUPS = [...new Set(Object.values(COMMANDS).map(({ group }) => group))];
/** Commands that a key goes on doing while it is held, besides all that move: any other would do and undo the same. */
const REPEATED: ReadonlySet<Command> = new Set([
  ...(['findNext', 'findPrevious', 'nextBookmark', 'previousBookmark'] as const),
  ...(['undoFilter', 'redoFilter', 'nextView', 'previousView'] as const),
]);

/** Whether a key that is held does it again and again. */
export const repeats = (command: Command): boolean =>
  COMMANDS[command].group === 'Move and select' || REPEATED.has(command);

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

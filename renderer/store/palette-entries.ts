/**
 * What the palette offers: every command, and every export and copy by its format, which have no keys of their own. Each with
 * the words that other programs use for it, so that it is found by whoever comes from them.
 */
import { EXPORT_FORMATS, type ExportFormat } from '../../electron/contract/export-formats.ts';
import type { ExportRequest } from '../../electron/contract/output.ts';
import { selectedCount } from '../model/selection.ts';
import { AS_THEY_COME } from './columns.ts';
import type { CommandContext } from './command-entry.ts';
import { COMMAND_NAMES, COMMANDS, type Command, isPossible } from './commands.ts';

export interface PaletteEntry {
  readonly id: string;
  readonly label: string;
  readonly group: string;
  readonly keys: readonly string[];
  /** Other words for it. */
  readonly also: string;
  readonly possible: (context: Pick<CommandContext, 'page' | 'app'>) => boolean;
  /** The command to run, or what to do. */
  readonly run: Command | ((context: Pick<CommandContext, 'page' | 'app'>) => void);
}

/** Words that are not in the label of a command, but in the head of who looks for it. */
export const SYNONYMS: Readonly<Partial<Record<Command, string>>> = {
  toggleCapture: 'record begin listen attach monitor trace pause',
  togglePause: 'freeze hold scroll lock stop record',
  clear: 'delete empty remove wipe erase reset cls',
  openFiles: 'load read import file',
  openBeside: 'merge combine join add file',
  align: 'synchronise synchronize offset clock merge',
  openModules: 'lm symbols addresses stack',
  openSymbols: 'pdb symbol server addresses stack',
  retention: 'history depth limit memory disk ram buffer size keep',
  sessions: 'history record recordings library earlier saved',
  exportShown: 'save write file text txt log',
  logToFile: 'save record tee append write autosave',
  focusFilter: 'include exclude search grep regex regular expression hide only',
  showEverything: 'clear filter unfilter all',
  undoFilter: 'back',
  filterPanel: 'builder editor include exclude rules hide',
  savedFilters: 'presets load save favourites favorites',
  highlights: 'colour color colours colors mark paint rules',
  watches: 'alert alarm trigger notification beep sound breakpoint track',
  rowMenu: 'context right click',
  life: 'pointer address handle follow track irp',
  find: 'search grep regex regular expression',
  follow: 'autoscroll auto-scroll tail scroll end bottom latest newest live',
  first: 'top begin beginning start oldest',
  selectAll: 'everything',
  copy: 'clipboard',
  copyMarkdown: 'clipboard table issue',
  nextLoss: 'lost dropped missing gap overflow',
  previousLoss: 'lost dropped missing gap overflow',
  measure: 'delta difference stopwatch time reference anchor',
  nextTimes: 'clock timestamp utc local elapsed seconds format',
  goTo: 'jump line timestamp',
  bookmark: 'mark pin flag star',
  nextBookmark: 'mark pin flag',
  previousBookmark: 'mark pin flag',
  newSession: 'tab window source connect',
  newView: 'tab split duplicate window',
  newLinkedView: 'tab drill filter further',
  closeView: 'tab',
  settings: 'options preferences configuration theme dark light night font size family columns',
  alwaysOnTop: 'pin window topmost',
  cheatSheet: 'help keys keyboard shortcuts hotkeys',
  'pane.details': 'hex dump payload bytes properties decode',
  'pane.statistics': 'counters rates graph chart ring cpu usage',
  'pane.losses': 'lost dropped missing overflow gaps',
  'pane.patterns': 'group templates noise flood spam count duplicates',
  'pane.intervals': 'latency duration histogram pair irp',
  'pane.matches': 'find all results search list grep',
  'pane.sql': 'query duckdb database plot',
  'pane.source': 'doctor diagnose why silent connect',
  'pane.driver': 'install kernel debug print filter mask dbgprint',
};

const SCOPES = [
  { scope: 'filtered', words: 'what is shown' },
  { scope: 'selection', words: 'the selected rows' },
  { scope: 'all', words: 'everything' },
] as const satisfies readonly { readonly scope: ExportRequest['scope']; readonly words: string }[];

function exportEntry(scope: ExportRequest['scope'], words: string, name: ExportFormat, title: string): PaletteEntry {
  return {
    id: `export-${scope}-${name}`,
    label: `Export ${words} as ${title}`,
    group: 'Export',
    keys: [],
    also: `save write file download ${name}`,
    // A single row is copied, not exported.
    possible: ({ app }) => {
      const { selection, first, end } = app.view.store.getState();
      return scope === 'selection' ? selectedCount(selection) > 1 : scope === 'all' || end > first;
    },
    run: ({ app }) =>
      void app.exports.start(scope, name, scope === 'selection' ? (app.selecting.range() ?? undefined) : undefined),
  };
}

const COPY_AS_CSV: PaletteEntry = {
  id: 'copy-csv',
  label: 'Copy the selected rows as CSV',
  group: 'Move and select',
  keys: [],
  also: 'clipboard spreadsheet excel',
  possible: ({ app }) => app.selecting.range() !== null,
  run: ({ app }) => void app.copySelection('csv'),
};

const COLUMNS_AS_THEY_COME: PaletteEntry = {
  id: 'columns-reset',
  label: `${AS_THEY_COME}: order, widths and which are shown, for this kind of log`,
  group: 'Window',
  keys: [],
  also: 'reset default restore layout table head order',
  possible: () => true,
  run: ({ app }) => app.columns.reset(),
};

const PROCESS_COLOURS: PaletteEntry = {
  id: 'process-colours',
  label: 'Colour processes, or no longer',
  group: 'Window',
  keys: [],
  also: 'process colors tint pid name hue',
  possible: () => true,
  run: ({ app }) => void app.settings.toggleProcessColours(app.reading.columns() ?? []),
};

const SHOW_LAST_EXPORT: PaletteEntry = {
  id: 'show-last-export',
  label: 'Show the last export in its folder',
  group: 'Export',
  keys: [],
  also: 'open file explorer reveal written',
  possible: ({ app }) => app.exports.store.getState().last !== null,
  run: ({ app }) => app.exports.showLast(),
};

/** In the order in which they are listed; exports are after them, because nobody looks through all of them. */
export const PALETTE_ENTRIES: readonly PaletteEntry[] = [
  ...COMMAND_NAMES.filter((name) => name !== 'palette').map((name): PaletteEntry => {
    const { label, group, keys } = COMMANDS[name];
    const possible: PaletteEntry['possible'] = (context) => isPossible(name, context);
    return { id: name, label, group, keys, also: SYNONYMS[name] ?? '', possible, run: name };
  }),
  ...SCOPES.flatMap(({ scope, words }) =>
    EXPORT_FORMATS.map(({ name, title }) => exportEntry(scope, words, name, title)),
  ),
  COPY_AS_CSV,
  COLUMNS_AS_THEY_COME,
  PROCESS_COLOURS,
  SHOW_LAST_EXPORT,
];

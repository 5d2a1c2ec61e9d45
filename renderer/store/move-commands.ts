/** The commands that move through the rows: the selection, the place, losses, measuring, and bookmarks. */
import { LOSS_KEYS } from '../model/loss.ts';
import type { App } from './app.ts';
import { type Entries, hasSelection } from './command-entry.ts';

/** Characters by which a press of Left or Right moves long messages. */
const SHIFT_STEP = 16;

function moveText({ reading }: App, characters: number): void {
  reading.setShift(reading.store.getState().shift + characters);
}

export const move = {
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
  addUp: {
    keys: ['Ctrl+Shift+Up'],
    scope: 'log',
    label: 'Extend it up, beside what else is selected',
    run: ({ app }) => app.selecting.step(-1, 'add'),
  },
  addDown: {
    keys: ['Ctrl+Shift+Down'],
    scope: 'log',
    label: 'Extend it down, beside what else is selected',
    run: ({ app }) => app.selecting.step(1, 'add'),
  },
  standUp: {
    keys: ['Ctrl+Up'],
    scope: 'log',
    label: 'Row above, leaving the selection as it is',
    run: ({ app }) => app.selecting.step(-1, 'stand'),
  },
  standDown: {
    keys: ['Ctrl+Down'],
    scope: 'log',
    label: 'Row below, leaving the selection as it is',
    run: ({ app }) => app.selecting.step(1, 'stand'),
  },
  toggleRow: {
    keys: ['Ctrl+Space'],
    scope: 'log',
    label: 'Add this row to the selection, or take it away',
    run: ({ app }) => app.selecting.toggle(),
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
    keys: [LOSS_KEYS.next],
    scope: 'anywhere',
    label: 'Next loss in the rows shown',
    run: ({ app }) => void app.losses.go('next'),
  },
  previousLoss: {
    keys: [LOSS_KEYS.previous],
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

export const marks = {
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
} satisfies Entries;

/**
 * What can be done with the row that is selected: each verb is declared once, with the words of the menu. Those that
 * filter add a term to the text of the box.
 */

import type { RowRule, WordRule } from '../../electron/contract/colour-rules.ts';
import { fieldColumnId, fieldName } from '../../electron/contract/field-columns.ts';
import { printFilter } from '../../electron/contract/filter/print.ts';
import type { FilterTerm, NameField, NumberField } from '../../electron/contract/filter/tree.ts';
import { MAX_PATTERN_TEXT } from '../../electron/contract/limits.ts';
import { messageTemplate } from '../../electron/contract/message-template.ts';
import type { LogRow } from '../../electron/contract/rows.ts';
import { shownField, shownText } from '../../electron/contract/shown-text.ts';
import { deltaText } from '../../electron/contract/shown-time.ts';
import { RowKind } from '../../native/core/entry.ts';
import { EVENT_NAME_FIELDS } from '../../native/core/event-names.ts';
import type { ColumnId } from '../model/columns.ts';
import { elementsOf, fieldTerm } from '../model/field-term.ts';
import { formatCount, levelName } from '../model/format.ts';
import { intervalText } from '../model/interval-text.ts';
import { lackingIn, states, statesLevel } from '../model/lacking.ts';
import type { App } from './app.ts';
import type { Command } from './commands.ts';
import { valuesToFollow } from './following.ts';
import { measureSelected, twoSelected } from './interval-rows.ts';

export { verbRow } from './following.ts';

export interface RowVerb {
  readonly id: string;
  readonly label: string;
  /** Of which cell it speaks, or of the word that was clicked; null: of the row. */
  readonly column: ColumnId | 'word' | null;
  /** The command that does the same, for its key. */
  readonly command?: Command;
  readonly run: () => void;
}

/** The most status codes of a message that can be filtered by. */
const MOST_STATUSES = 3;

/** The most values of an array that can be filtered by. */
const MOST_ELEMENTS = 3;

/** A template longer than this would leave no room in the box for anything else. */
const LONGEST_TEMPLATE = 512;

/** What can be done with a row, in the order of the menu. */
/** `word`: of the message, for verbs about it; empty for none. */
export function rowVerbs(app: App, row: LogRow, word = ''): RowVerb[] {
  const { filter, find } = app;
  const verbs: RowVerb[] = wordVerbs(app, word);
  const isLoss = row.kind === RowKind.Gap;
  const about = (column: ColumnId, words: string, term: FilterTerm, nth = 1): void => {
    const place = nth === 1 ? '' : `-${nth}`;
    for (const hides of [false, true]) {
      verbs.push({
        id: `${hides ? 'hide' : 'only'}-${column}${place}`,
        label: `${hides ? 'Hide' : 'Only'} ${words}`,
        column,
        run: () => filter.addTerm(term, hides),
      });
    }
    // Losses are the loudest thing as they are.
    if (!isLoss) verbs.push({ ...highlightVerb(app, column, words, term), id: `highlight-${column}${place}` });
  };
  const { status } = app.status.store.getState();
  const lacking = lackingIn(status);
  if (states(lacking, row.source, 'cpu')) about('cpu', `CPU ${row.cpu}`, number('cpu', row.cpu));
  if (!isLoss && statesLevel(lacking, row)) about('level', `level ${levelName(row.level)}`, number('level', row.level));
  const sources = status?.sourceNames ?? [];
  const source = sources.find(({ id }) => id === row.source)?.name;
  if (source !== undefined && sources.length > 1) about('source', shownText(source), name('source', source));
  if (isLoss)
    return [
      ...verbs,
      ...lossVerbs(app),
      measureVerb(app, row),
      ...measuredVerb(app, row),
      ...alignVerb(app, row),
      ...bookmarkVerbs(app, row),
    ];
  const process = app.processes.store.getState().names.get(row.source)?.get(row.pid);
  if (process !== undefined) about('process', shownText(process), name('process', process));
  const event = app.eventNames.store.getState().byNumber.get(row.event);
  for (const field of EVENT_NAME_FIELDS) {
    const known = event?.[field] ?? null;
    if (known !== null) about(field, `${field.replace('_', ' ')} ${shownText(known)}`, name(field, known));
  }
  if (row.pid !== 0) about('pid', `process number ${row.pid}`, number('pid', row.pid));
  if (row.type !== 0) about('type', `type ${row.type}`, number('type', row.type));
  for (const { column, words, term, nth } of fieldsOfRow(app, row)) about(column, words, term, nth);
  const template = shownField(messageTemplate(row.text));
  if (template !== '' && template.length <= LONGEST_TEMPLATE) {
    const like: FilterTerm = { kind: 'like', template };
    verbs.push(
      { id: 'only-like', label: 'Only messages like this', column: 'message', run: () => filter.addTerm(like, false) },
      { id: 'hide-like', label: 'Hide messages like this', column: 'message', run: () => filter.addTerm(like, true) },
      { ...highlightVerb(app, 'message', 'messages like this', like), id: 'highlight-like' },
    );
  }
  const statuses = app.decoder.store.getState().decoding?.statusesOf(row.text, MOST_STATUSES) ?? [];
  for (const [at, status] of statuses.entries()) {
    const term: FilterTerm = { kind: 'status', patterns: [status] };
    const id = at === 0 ? 'status' : `status-${at + 1}`;
    const column = 'message';
    verbs.push(
      { id: `only-${id}`, label: `Only messages with ${status}`, column, run: () => filter.addTerm(term, false) },
      { id: `hide-${id}`, label: `Hide messages with ${status}`, column, run: () => filter.addTerm(term, true) },
    );
  }
  for (const [at, { value, column }] of valuesToFollow(app, row).entries()) {
    const id = at === 0 ? 'life' : `life-${at + 1}`;
    const verb = { id, label: `All rows with ${value}`, column, run: () => void app.allRowsWith(value) };
    verbs.push(at === 0 ? { ...verb, command: 'life' } : verb);
  }
  const message = shownText(row.text);
  for (const [id, words, set] of [
    ['interval-start', 'Interval from', app.intervals.setStart],
    ['interval-end', 'Interval to', app.intervals.setEnd],
  ] as const) {
    const run = (): void => {
      set(intervalText(message, app.ui.store.getState().rowMenu?.character ?? null));
      app.ui.openPane('intervals');
      app.intervals.measure();
    };
    if (message !== '') verbs.push({ id, label: `${words} messages like this`, column: 'message', run });
  }
  if (twoSelected(app)) {
    const run = (): void => {
      app.ui.openPane('intervals');
      void measureSelected(app);
    };
    const label = 'Intervals of such pairs';
    verbs.push({ id: 'interval-between', label, column: 'message', command: 'pane.intervals', run });
  }
  const sought = shownText(row.text).slice(0, MAX_PATTERN_TEXT);
  if (sought !== '') {
    const run = (): void => find.restore({ pattern: sought, regex: false, caseSensitive: false, open: true });
    verbs.push({ id: 'find', label: 'Find this message', column: null, run });
  }
  verbs.push(...bookmarkVerbs(app, row), measureVerb(app, row), ...measuredVerb(app, row), ...alignVerb(app, row));
  verbs.push(...copyVerbs(app));
  return verbs;
}

/** The fields of a row that are columns, with the term for the value that is there; of an array for each of the first. */
function fieldsOfRow({ schemas }: App, { type: number, fields }: LogRow) {
  const type = schemas.store.getState().schemas.types.find((each) => each.type === number);
  return Object.entries(fields ?? {}).flatMap(([name, cell]) => {
    const field = type?.fields.find((each) => fieldName(type.name, each.name) === name);
    if (field === undefined) return [];
    const values = field.several ? elementsOf(field, cell).slice(0, MOST_ELEMENTS) : [cell];
    return values.flatMap((value, at) => {
      const term = fieldTerm(name, value);
      const words = `${field.name} ${field.several ? 'with ' : ''}${short(shownField(value))}`;
      return term === null ? [] : [{ column: fieldColumnId(name), words, term, nth: at + 1 }];
    });
  });
}

/** The longest word in the words of the menu. */
const LONGEST_WORD = 40;

const short = (text: string): string => (text.length > LONGEST_WORD ? `${text.slice(0, LONGEST_WORD)}…` : text);

/** What can be done with a word of a message. */
function wordVerbs(app: App, word: string): RowVerb[] {
  if (word === '' || word.length > MAX_PATTERN_TEXT) return [];
  const { filter, find, wordMark } = app;
  const shown = `“${short(word)}”`;
  const term: FilterTerm = { kind: 'text', text: word };
  const verb = (id: string, label: string, run: () => void): RowVerb => ({ id, label, column: 'word', run });
  return [
    verb('only-word', `Only messages with ${shown}`, () => filter.addTerm(term, false)),
    verb('hide-word', `Hide messages with ${shown}`, () => filter.addTerm(term, true)),
    verb('mark-word', `Mark and count ${shown}`, () => wordMark.mark(word)),
    verb('find-word', `Find all ${shown}`, () => {
      find.restore({ pattern: word, regex: false, caseSensitive: true, open: true });
      app.ui.openPane('matches');
    }),
    verb('highlight-word', `Highlight ${shown}`, () =>
      highlight(app, { of: 'words', text: word, caseSensitive: true, regex: false }),
    ),
    verb('highlight-word-rows', `Highlight rows with ${shown}`, () =>
      highlight(app, { of: 'rows', text: printFilter(term), caseSensitive: false }),
    ),
  ];
}

function highlightVerb(app: App, column: ColumnId, words: string, term: FilterTerm): RowVerb {
  const rule = { of: 'rows', text: printFilter(term), caseSensitive: false } as const;
  return { id: `highlight-${column}`, label: `Highlight ${words}`, column, run: () => highlight(app, rule) };
}

/** In the colour that is used least, and before the other rules, so that it is seen. */
function highlight({ colours, ui }: App, rule: Omit<RowRule, 'colour' | 'on'> | Omit<WordRule, 'colour' | 'on'>): void {
  void colours.add({ ...rule, colour: colours.nextColour(), on: true }).then((added) => {
    if (!added) ui.setHighlights(true);
  });
}

function copyVerbs(app: App): RowVerb[] {
  return [
    { id: 'copy', label: 'Copy as shown', column: null, command: 'copy', run: () => void app.copySelection() },
    {
      id: 'copy-table',
      label: 'Copy as table',
      column: null,
      command: 'copyMarkdown',
      run: () => void app.copySelection('markdown'),
    },
    { id: 'copy-csv', label: 'Copy as CSV', column: null, run: () => void app.copySelection('csv') },
  ];
}

/** A loss may have a bookmark too. */
function bookmarkVerbs({ marking, bookmarks }: App, row: LogRow): RowVerb[] {
  const mark = bookmarks.store.getState().marks.get(row.row);
  return [
    {
      id: 'bookmark',
      label: marking.allMarked(row) ? 'Remove bookmark' : 'Bookmark',
      column: null,
      command: 'bookmark',
      run: () => void marking.toggle(),
    },
    {
      id: 'note',
      label: mark === undefined || mark.note === '' ? 'Note…' : 'Change note…',
      column: null,
      run: () => void marking.note(row.row),
    },
  ];
}

/** Of the row itself: times are measured from it, or no longer. */
function measureVerb({ measure }: App, row: LogRow): RowVerb {
  const here = measure.store.getState().reference?.row === row.row;
  const label = here ? 'Time reference no longer' : 'Set as time reference';
  return { id: 'measure', label, column: null, command: 'measure', run: () => void measure.toggle() };
}

/** How far the row is from the one that is measured from. */
function measuredVerb({ measure, ui }: App, row: LogRow): RowVerb[] {
  const { reference } = measure.store.getState();
  if (reference === null || reference.row === row.row) return [];
  const span = `${deltaText(row.timeNs - reference.timeNs, ui.store.getState().times.digits)} s`;
  const message = `From record ${formatCount(reference.index)} to ${formatCount(row.index)}: ${span}`;
  const run = (): void => ui.notify({ severity: 'info', message, action: '' });
  return [{ id: 'measure-to', label: `From the time reference: ${span}`, column: null, run }];
}

/** Offered where there is a row to align with; whether they are of two sources is said when it is asked for. */
function alignVerb({ measure, merging, status }: App, row: LogRow): RowVerb[] {
  const { reference } = measure.store.getState();
  const several = (status.store.getState().status?.sources.length ?? 0) > 1;
  if (reference === null || reference.row === row.row || !several) return [];
  const label = `Align with record ${formatCount(reference.index)}`;
  return [{ id: 'align', label, column: null, command: 'align', run: () => void merging.align() }];
}

function lossVerbs({ losses }: App): RowVerb[] {
  return [
    { id: 'next-loss', label: 'Next loss', column: null, command: 'nextLoss', run: () => void losses.go('next') },
    {
      id: 'previous-loss',
      label: 'Previous loss',
      column: null,
      command: 'previousLoss',
      run: () => void losses.go('previous'),
    },
  ];
}

const number = (field: NumberField, value: number): FilterTerm => ({
  kind: 'number',
  field,
  ranges: [{ from: value, to: value }],
});

const name = (field: NameField, pattern: string): FilterTerm => ({ kind: 'name', field, patterns: [pattern] });

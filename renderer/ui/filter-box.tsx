/** The filter as text: what is typed, how many rows it shows, what can follow, and why it is not in force. */
import { DismissRegular } from '@fluentui/react-icons';
import { type ClipboardEvent, type KeyboardEvent, useLayoutEffect, useRef, useState } from 'react';
import { MAX_PATTERN_TEXT } from '../../electron/contract/limits.ts';
import { fromDebugView } from '../model/debugview-filter.ts';
import { type Completion, completed, completionsAt, occurringIn } from '../model/filter-completion.ts';
import { formatAround, formatCount, formatMatches } from '../model/format.ts';
import { scanPercent } from '../model/scan.ts';
import { keyFor } from '../store/commands.ts';
import { useApp, useFilter, useView } from './app-context.ts';
import { ContextChooser } from './context-chooser.tsx';
import { FilterFailure } from './filter-failure.tsx';
import { type CompletionList, FilterList, LIST_ID, optionId } from './filter-list.tsx';
import { FilterPanelButton } from './filter-panel.tsx';
import { QueryToggles } from './query-toggles.tsx';
import { FILTER_INPUT, focusTable } from './use-keys.ts';

export function FilterBox() {
  const app = useApp();
  const pattern = useFilter((filter) => filter.pattern);
  const regex = useFilter((filter) => filter.regex);
  const caseSensitive = useFilter((filter) => filter.caseSensitive);
  const failed = useFilter((filter) => filter.failure !== null);
  // What became of it is said at the table: it lasts until there is another filter, and would cover the chips for as long.
  const stuck = useView((view) => view.stopped !== null && view.stopped.code !== 'cancelled');
  const box = useBox();
  const { list, input } = box;
  const invalid = failed || stuck;
  return (
    <div className={`field filter-field${invalid ? ' invalid' : ''}`}>
      <input
        ref={input}
        id={FILTER_INPUT}
        role="combobox"
        aria-label="Filter messages"
        aria-autocomplete="list"
        aria-expanded={list !== null}
        aria-controls={list === null ? undefined : LIST_ID}
        aria-activedescendant={list === null || list.active < 0 ? undefined : optionId(list.active)}
        aria-invalid={invalid}
        aria-describedby={failed && list === null ? 'filter-failure' : undefined}
        placeholder={`Filter: text, or cpu:3 level>=warning -noise (${keyFor('focusFilter')})`}
        title="Text to look for, or terms: cpu:3,5-7 level>=warning time>12.5s source:NAME status:NAME &quot;text&quot; /expression/i -hidden (a or b). Ctrl+Space lists them, Up brings back earlier filters, Down goes to the log."
        spellCheck={false}
        autoComplete="off"
        value={pattern}
        // One more than may be, so that it is said: without a bound a paste of megabytes would take seconds a frame.
        maxLength={MAX_PATTERN_TEXT + 1}
        data-testid="filter-box"
        onChange={(event) => box.type(event.target.value, event.target.selectionStart ?? event.target.value.length)}
        onKeyDown={box.press}
        onPaste={box.paste}
        onBlur={box.closeList}
      />
      <MatchCount />
      <ContextChooser />
      <QueryToggles
        regex={regex}
        caseSensitive={caseSensitive}
        onRegex={app.filter.toggleRegex}
        onCase={app.filter.toggleCase}
        testId="filter"
      />
      <FilterPanelButton />
      {list !== null ? <FilterList list={list} onChoose={box.choose} /> : <FilterFailure />}
    </div>
  );
}

const isPlainDown = ({ key, shiftKey, ctrlKey, altKey, metaKey }: KeyboardEvent): boolean =>
  key === 'ArrowDown' && !shiftKey && !ctrlKey && !altKey && !metaKey;

/** What is typed into the box, and what the keys do in it. */
function useBox() {
  const app = useApp();
  const input = useRef<HTMLInputElement>(null);
  const [list, setList] = useState<CompletionList | null>(null);
  /** Which of the earlier filters is in the box, and what was typed before that. */
  const recalled = useRef<{ readonly at: number; readonly typed: string } | null>(null);
  const cursor = useRef<number | null>(null);
  useLayoutEffect(() => {
    if (cursor.current !== null) input.current?.setSelectionRange(cursor.current, cursor.current);
    cursor.current = null;
  });

  const suggest = (text: string, at: number, asked: boolean): void => {
    const { status, processes, eventNames, filter, decoder } = app;
    const { decoding } = decoder.store.getState();
    let asksForCodes = false;
    const names = [...processes.store.getState().names.values()];
    const { byNumber } = eventNames.store.getState();
    const known = occurringIn(status.store.getState().status, names, byNumber, (typed, most) => {
      asksForCodes = true;
      return decoding?.statusNames(typed, most) ?? [];
    });
    // With the switch on, all of it is one expression.
    const found = filter.store.getState().regex ? null : completionsAt(text, at, known, asked);
    setList(found && { ...found, active: -1 });
    if (!asksForCodes || decoding !== null) return;
    void decoder.load().then((loaded) => {
      const { current } = input;
      if (loaded !== null && current?.value === text && current === document.activeElement) suggest(text, at, asked);
    });
  };
  const put = (text: string, at: number): void => {
    cursor.current = at;
    app.filter.setPattern(text);
  };
  const choose = (item: Completion): void => {
    if (list === null) return;
    const { text, at } = completed(app.filter.store.getState().pattern, list, item);
    recalled.current = null;
    put(text, at);
    suggest(text, at, false);
  };
  const recall = (step: 1 | -1): boolean => {
    const { earlier, pattern } = app.filter.store.getState();
    const { at, typed } = recalled.current ?? { at: -1, typed: pattern };
    // What is in force stands first among them, and in the box already.
    const next = at < 0 && step > 0 && earlier[0] === pattern ? 1 : at + step;
    const text = next < 0 ? typed : earlier[next];
    if (text === undefined || (at < 0 && step < 0)) return false;
    recalled.current = next < 0 ? null : { at: next, typed };
    put(text, text.length);
    return true;
  };
  const move = (step: 1 | -1): boolean => {
    if (list === null || (step < 0 && list.active < 0)) return recall(step < 0 ? 1 : -1);
    const active = list.active + step;
    setList({ ...list, active: active >= list.items.length ? 0 : active });
    return true;
  };

  const press = (event: KeyboardEvent<HTMLInputElement>): void => {
    const chosen = list?.items[list.active];
    const { key, ctrlKey } = event;
    if (key === ' ' && ctrlKey) {
      suggest(event.currentTarget.value, event.currentTarget.selectionStart ?? 0, true);
      event.preventDefault();
    } else if (key === 'ArrowDown' || key === 'ArrowUp') {
      const moved = move(key === 'ArrowDown' ? 1 : -1);
      if (moved || isPlainDown(event)) event.preventDefault();
      // What the filter shows lies below it: no other key leads there and leaves the text as it is.
      if (!moved && isPlainDown(event)) focusTable();
    } else if ((key === 'Enter' || key === 'Tab') && chosen !== undefined) {
      event.preventDefault();
      choose(chosen);
    } else if (key === 'Enter') {
      setList(null);
      recalled.current = null;
      app.filter.applyNow();
    } else if (key === 'Escape') {
      // Escape gives up the list, then the text, then the box: it must not reach the find bar or the selection.
      event.preventDefault();
      setList(null);
      if (list !== null) return;
      if (event.currentTarget.value === '') focusTable();
      else app.filter.setPattern('');
    } else if (key === 'ArrowLeft' || key === 'ArrowRight' || key === 'Home' || key === 'End') setList(null);
  };
  /** What DebugView has for a filter is read as that, where it is to be the filter; any other text is pasted as it is. */
  const paste = (event: ClipboardEvent<HTMLInputElement>): void => {
    const { selectionStart, selectionEnd, value } = event.currentTarget;
    const replaces = selectionStart === 0 && selectionEnd === value.length;
    const read = replaces ? fromDebugView(event.clipboardData.getData('text/plain')) : null;
    if (read === null) return;
    event.preventDefault();
    recalled.current = null;
    put(read, read.length);
    app.ui.notify({ severity: 'info', message: 'Read as a filter of DebugView: ; is or, * is anything', action: '' });
  };
  return {
    input,
    list,
    press,
    paste,
    choose,
    closeList: () => setList(null),
    type(text: string, at: number) {
      recalled.current = null;
      app.filter.setPattern(text);
      suggest(text, at, false);
    },
  };
}

function MatchCount() {
  // What came while paused is held back, which is said elsewhere: no filter hides it.
  const text = useView((view) => formatMatches(view.matchedEntries, view.searchedEntries));
  const [matched, searched] = text.split(' of ');
  const exact = useView((view) => {
    const before = view.paused ? ' from before the pause' : '';
    const around = view.contextEntries > 0 ? `, and ${formatCount(view.contextEntries)} shown around them` : '';
    return `${formatCount(view.matchedEntries)} of ${formatCount(view.searchedEntries)} records${before}${around}`;
  });
  const around = useView((view) => formatAround(view.contextEntries));
  const percent = useView(scanPercent);
  const stopped = useView((view) => view.stopped !== null);
  const scan = percent === null ? '' : ` ${percent} %`;
  return (
    <span
      className="match-count"
      title={`${exact}${scan ? `, filter applied to${scan}` : ''}`}
      data-testid="match-count"
    >
      {matched}
      {searched !== undefined && <span className="searched"> of {searched}</span>}
      {around !== '' && <span className="quiet around">{around}</span>}
      {scan && <span className="quiet">{scan}</span>}
      {percent !== null && !stopped && <StopScan />}
    </span>
  );
}

function StopScan() {
  const app = useApp();
  return (
    <button
      type="button"
      className="mini stop-scan"
      aria-label="Stop applying the filter"
      title="Stop applying the filter, and keep what it has found"
      data-testid="filter-stop"
      onClick={app.filter.stopScan}
    >
      <DismissRegular />
    </button>
  );
}

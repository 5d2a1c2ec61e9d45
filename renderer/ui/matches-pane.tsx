/**
 * All matches of the find bar as a list in the dock, as they are found. A click goes to the row in the log, which stays as
 * it is; only the lines in sight are elements, because there may be millions.
 */
import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { shownText } from '../../electron/contract/shown-text.ts';
import { RowKind } from '../../native/core/entry.ts';
import { messageLine } from '../model/cell-text.ts';
import { formatCount, formatPercent, levelName } from '../model/format.ts';
import { states } from '../model/lacking.ts';
import { activeDrawn } from '../model/scroll.ts';
import { keyFor } from '../store/commands.ts';
import type { Match } from '../store/matches.ts';
import { useApp, useFind, useLacking, useMatches, useView } from './app-context.ts';
import { useHighlighters } from './use-highlighters.ts';
import { useTimeColumns } from './use-time-columns.ts';

export function MatchesPane() {
  const pattern = useFind((find) => (find.open ? find.pattern : ''));
  const count = useFind((find) => (find.open ? (find.count?.count ?? 0) : 0));
  const progress = useFind((find) => find.count?.progress ?? null);
  const going = progress === null ? '' : `, ${formatPercent(progress.done / Math.max(1, progress.total))} counted`;
  return (
    <section className="matches" aria-label="All matches" data-testid="matches-list">
      <header className="patterns-head">
        <span className="patterns-sum" role="status" data-testid="matches-sum">
          {pattern === ''
            ? `Type in the find bar (${keyFor('find')}) what to list here`
            : `${count === 1 ? '1 match' : `${formatCount(count)} matches`} of ${shownText(pattern)}${going}`}
        </span>
      </header>
      {count > 0 && <Lines count={count} />}
    </section>
  );
}

const LINE_PX = 20;

/** One stop of the keyboard: arrows move and go there, Escape closes what is open. */
function Lines({ count }: { readonly count: number }) {
  const app = useApp();
  const { matches } = app;
  useMatches((state) => state.version);
  const selected = useView((view) => view.selection?.focus.row ?? null);
  const { text: time } = useTimeColumns();
  const scroll = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroll.current,
    estimateSize: () => LINE_PX,
    overscan: 8,
  });
  const items = virtualizer.getVirtualItems();
  const [from, end] = [items[0]?.index ?? 0, (items.at(-1)?.index ?? -1) + 1];
  useEffect(() => matches.want(from, end), [matches, from, end]);
  const drawn = activeDrawn(active, from, end);
  const here = items.flatMap(({ index }) => matches.at(index)?.row ?? []);
  /** As wide as the longest figure in sight, so that they stand below one another. */
  const widest = (of: (row: Match['row']) => string): number =>
    here.reduce((most, row) => Math.max(most, of(row).length), 4);
  const widths = {
    '--index': widest(({ index }) => formatCount(index)),
    '--time': widest(({ timeNs }) => time(timeNs)),
  } as CSSProperties;
  const go = (rank: number): void => {
    const match = matches.at(rank);
    setActive(rank);
    if (match !== undefined) void app.goToRow(match.row.row);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + 8,
      PageUp: active - 8,
      Home: 0,
      End: count - 1,
      Enter: active,
    };
    const to = steps[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const rank = Math.max(0, Math.min(count - 1, to));
    virtualizer.scrollToIndex(rank);
    go(rank);
  };
  return (
    <div
      ref={scroll}
      className="matches-scroll"
      role="listbox"
      tabIndex={0}
      aria-label={`Matches, ${formatCount(count)}`}
      aria-activedescendant={drawn === null ? undefined : `match-${drawn}`}
      onKeyDown={onKeyDown}
    >
      <div style={{ ...widths, position: 'relative', height: virtualizer.getTotalSize() }}>
        {items.map(({ index, start }) => {
          const match = matches.at(index);
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the keys
            <div
              key={index}
              id={`match-${index}`}
              className={`match-line${index === active ? ' active' : ''}`}
              role="option"
              tabIndex={-1}
              aria-selected={match !== undefined && match.row.row === selected}
              aria-posinset={index + 1}
              aria-setsize={count}
              data-testid="match-line"
              style={{ top: start }}
              onClick={() => go(index)}
            >
              {match !== undefined && <Line row={match.row} time={time} />}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Line({ row, time }: { readonly row: Match['row']; readonly time: (ns: number) => string }) {
  const lacking = useLacking();
  const { find } = useHighlighters();
  const pieces = find?.split(row.text) ?? [{ text: row.text, match: false }];
  return (
    <>
      <span className="figure">{formatCount(row.index)}</span>
      <span className="figure">{time(row.timeNs)}</span>
      <span className="figure">
        {row.kind === RowKind.Gap || !states(lacking, row.source, 'cpu') ? '' : `${row.cpu}`}
      </span>
      <span className={`match-level level-${Math.min(row.level, 4)}`}>
        {states(lacking, row.source, 'level') ? levelName(row.level) : ''}
      </span>
      <span className="match-text">
        {pieces.map(({ text, match }, at) => {
          const line = messageLine({ text, textCut: false });
          if (!match) return line;
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no other name and are all made anew
            <mark key={at} className="hit">
              {line}
            </mark>
          );
        })}
      </span>
    </>
  );
}

/**
 * The bookmarks of the session, in the order of its rows: to go to, to write notes on, to remove. Only the rows in sight
 * are elements, because there may be thousands.
 */
import { Button } from '@fluentui/react-components';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { Bookmark } from '../../../electron/contract/bookmarks.ts';
import { formatCount, formatPlural } from '../../model/format.ts';
import { keyFor } from '../../store/commands.ts';
import { useApp, useBookmarks, useUi } from '../app-context.ts';
import { BookmarkItem, GO_CLASS } from '../bookmark-item.tsx';
import { FailureNote } from '../failure-text.tsx';
import { focusTable } from '../use-keys.ts';
import { useTimeColumns } from '../use-time-columns.ts';

export function BookmarksPane() {
  const noteOf = useUi((ui) => ui.noteOf);
  // Asked for the note of another row, it begins anew.
  return <OpenPane key={noteOf} noteOf={noteOf} />;
}

function OpenPane({ noteOf }: { readonly noteOf: number | null }) {
  const { bookmarks, ui } = useApp();
  const marks = useBookmarks((state) => state.marks);
  const undoable = useBookmarks((state) => state.undoable);
  const remark = useBookmarks((state) => state.remark);
  const failure = useBookmarks((state) => state.failure);
  useEffect(() => bookmarks.forgetFailure(), [bookmarks]);
  /** The note was all that was wanted: the pane goes as it came, and the keys back to the table. */
  const close = () => {
    ui.closePane();
    focusTable();
  };
  return (
    <div className="bookmarks" data-testid="bookmarks-pane">
      <FailureNote failure={failure} testId="bookmarks-failure" />
      {remark !== '' && (
        <p className="note" data-testid="bookmarks-remark">
          {remark}
        </p>
      )}
      {marks.size === 0 ? (
        <p className="note" data-testid="bookmarks-none">
          {`No row has a bookmark: ${keyFor('bookmark')} sets one on the selected rows.`}
        </p>
      ) : (
        <List marks={marks} noteOf={noteOf} onNoted={close} />
      )}
      <footer hidden={marks.size === 0 && undoable === 0}>
        {undoable > 0 && (
          <>
            <span role="status">{formatPlural(undoable, 'bookmark')} removed</span>
            <Button size="small" data-testid="bookmarks-undo" onClick={() => void bookmarks.restore()}>
              Undo
            </Button>
          </>
        )}
        <Button
          size="small"
          disabledFocusable={marks.size === 0}
          title="Remove every bookmark of this session; Undo brings them back"
          data-testid="bookmarks-remove-all"
          onClick={() => void bookmarks.removeAll()}
        >
          Remove all
        </Button>
      </footer>
    </div>
  );
}

const ITEM_PX = 28;

interface ListProps {
  readonly marks: ReadonlyMap<number, Bookmark>;
  /** The row whose note is written at once; null for none. */
  readonly noteOf: number | null;
  /** That note was written. */
  readonly onNoted: () => void;
}

/** One stop of the keyboard: arrows move within it, Enter goes there, Delete removes. */
function List({ marks, noteOf, onNoted }: ListProps) {
  const app = useApp();
  const list = useMemo(() => [...marks.values()], [marks]);
  /** As the table shows them, so that both can be compared. */
  const { text: time } = useTimeColumns();
  /** As wide as the longest figure of each column, so that they stand below one another. */
  const widths = useMemo(() => {
    const longest = (texts: readonly string[]) => texts.reduce((most, text) => Math.max(most, text.length), 0);
    return {
      '--index': longest(list.map(({ index }) => formatCount(index))),
      '--time': longest(list.map(({ timeNs }) => time(timeNs))),
    } as CSSProperties;
  }, [list, time]);
  const scroll = useRef<HTMLDivElement>(null);
  const [editing, setEditing] = useState(noteOf);
  const [active, setActive] = useState(() => {
    // It may be set only now, and be told in a moment.
    if (noteOf !== null) return noteOf;
    const selected = app.view.store.getState().selection?.focus.row ?? 0;
    return list.find(({ row }) => row >= selected)?.row ?? list.at(-1)?.row ?? 0;
  });
  const at = Math.max(
    0,
    list.findIndex(({ row }) => row >= active),
  );
  const virtualizer = useVirtualizer({
    count: list.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ITEM_PX,
    overscan: 6,
  });
  /** The active one gets the focus once it is drawn. */
  const wantsFocus = useRef(noteOf === null);
  useEffect(() => virtualizer.scrollToIndex(at), [virtualizer, at]);
  useEffect(() => {
    if (!wantsFocus.current) return;
    const item = scroll.current?.querySelector<HTMLElement>(`[data-row="${list[at]?.row}"] .${GO_CLASS}`);
    if (!item) return;
    wantsFocus.current = false;
    item.focus({ preventScroll: true });
  });
  const move = (to: number) => {
    const next = list[Math.min(list.length - 1, Math.max(0, to))];
    if (next === undefined) return;
    wantsFocus.current = true;
    setActive(next.row);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target instanceof HTMLInputElement || event.ctrlKey || event.altKey || event.metaKey) return;
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + 8,
      PageUp: at - 8,
      Home: 0,
      End: list.length - 1,
    };
    const to = steps[event.key];
    const current = list[at];
    if (to !== undefined) move(to);
    else if (event.key === 'Delete' && current !== undefined) {
      // The one that takes its place has the focus then.
      move(at + 1 < list.length ? at + 1 : at - 1);
      void app.bookmarks.remove(current.row);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the buttons in it have the focus; their arrow keys end here
    <div ref={scroll} className="bookmarks-scroll" onKeyDown={onKeyDown}>
      <div
        className="bookmarks-rows"
        role="list"
        aria-label="Bookmarks by row"
        style={{ ...widths, height: virtualizer.getTotalSize() }}
      >
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const mark = list[index] as Bookmark;
          return (
            <BookmarkItem
              key={mark.row}
              mark={mark}
              time={time}
              place={{ top: start, at: index + 1, of: list.length }}
              active={index === at}
              editing={editing === mark.row}
              onActive={() => setActive(mark.row)}
              onEdit={() => setEditing(mark.row)}
              onEdited={(how) => {
                setEditing(null);
                if (how === 'kept' && mark.row === noteOf) onNoted();
                else if (how !== 'away') {
                  wantsFocus.current = true;
                  setActive(mark.row);
                }
              }}
            />
          );
        })}
      </div>
    </div>
  );
}

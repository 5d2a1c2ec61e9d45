/** One bookmark in the list: where it is, what its row says, its note. */
import { BookmarkOffRegular, EditRegular } from '@fluentui/react-icons';
import { useRef, useState } from 'react';
import { type Bookmark, MAX_NOTE } from '../../electron/contract/bookmarks.ts';
import { shownText } from '../../electron/contract/shown-text.ts';
import { absenceWords } from '../model/bookmarks.ts';
import { formatCount } from '../model/format.ts';
import { useApp, useMarking } from './app-context.ts';
import { IconButton } from './icon-button.tsx';

/** Class of the button that goes to the row. */
export const GO_CLASS = 'bookmark-go';

/** How the writing of a note ended: it was kept, it was left as it was, or the focus went elsewhere. */
export type NoteEnd = 'kept' | 'left' | 'away';

interface ItemProps {
  readonly mark: Bookmark;
  readonly time: (timeNs: number) => string;
  /** Pixels from the upper end of the list, and which of how many it is. */
  readonly place: { readonly top: number; readonly at: number; readonly of: number };
  /** The keyboard stops here. */
  readonly active: boolean;
  readonly editing: boolean;
  readonly onActive: () => void;
  readonly onEdit: () => void;
  readonly onEdited: (how: NoteEnd) => void;
}

export function BookmarkItem({ mark, time, place, active, editing, onActive, onEdit, onEdited }: ItemProps) {
  const app = useApp();
  const { row, index, timeNs } = mark;
  const absence = useMarking(({ places }) => absenceWords(places?.get(row)));
  const text = shownText(mark.text);
  const note = shownText(mark.note);
  const name = `bookmark on record ${formatCount(index)}`;
  const tabIndex = active ? 0 : -1;
  return (
    <div
      className="bookmark-item"
      role="listitem"
      aria-posinset={place.at}
      aria-setsize={place.of}
      style={{ transform: `translateY(${place.top}px)` }}
      data-testid="bookmark"
      data-row={row}
      onFocus={onActive}
    >
      <button
        type="button"
        className={GO_CLASS}
        tabIndex={tabIndex}
        title={text}
        data-testid="bookmark-go"
        onClick={() => void app.goToRow(row)}
      >
        <span className="figure">{formatCount(index)}</span>
        <span className="figure" data-testid="bookmark-time">
          {time(timeNs)}
        </span>
        <span className="bookmark-text">{text}</span>
        {absence !== '' && (
          <span className="bookmark-absence" data-testid="bookmark-absence">
            {absence}
          </span>
        )}
      </button>
      {editing ? (
        <NoteField mark={mark} onDone={onEdited} />
      ) : (
        <button
          type="button"
          className={`bookmark-note${note === '' ? ' quiet' : ''}`}
          tabIndex={-1}
          title={note === '' ? 'Write a note' : note}
          data-testid="bookmark-note"
          onClick={onEdit}
        >
          {note === '' ? 'no note' : note}
        </button>
      )}
      <span className="sessions-actions">
        <IconButton
          icon={<EditRegular />}
          name={`Note of the ${name}`}
          title="Write a note"
          tabIndex={tabIndex}
          testId="bookmark-edit"
          onClick={onEdit}
        />
        <IconButton
          icon={<BookmarkOffRegular />}
          name={`Remove the ${name}`}
          title="Remove it (Delete)"
          tabIndex={tabIndex}
          testId="bookmark-remove"
          onClick={() => void app.bookmarks.remove(row)}
        />
      </span>
    </div>
  );
}

/** Enter and whatever takes the focus away keep what was written; Escape leaves it as it was. */
function NoteField({ mark, onDone }: { readonly mark: Bookmark; readonly onDone: (how: NoteEnd) => void }) {
  const { bookmarks } = useApp();
  const [note, setNote] = useState(mark.note);
  /** It is done once: a field that is taken away loses the focus as well. */
  const ended = useRef(false);
  const save = async (how: 'kept' | 'away') => {
    if (ended.current) return;
    ended.current = true;
    const saved = note === mark.note || (await bookmarks.setNote(mark.row, note));
    // What cannot be kept stays to be shortened, and the list says why.
    if (saved || how === 'away') onDone(how);
    else ended.current = false;
  };
  return (
    <input
      className="field"
      aria-label="Note of the bookmark"
      // The person has just asked to write it.
      // biome-ignore lint/a11y/noAutofocus: as above
      autoFocus
      placeholder="Note"
      value={note}
      maxLength={MAX_NOTE + 1}
      spellCheck={false}
      data-testid="bookmark-note-field"
      onChange={(event) => setNote(event.target.value)}
      onBlur={() => void save('away')}
      onKeyDown={(event) => {
        if (event.key === 'Enter') void save('kept');
        if (event.key !== 'Escape') return;
        // Only the note is left as it was, not the list.
        event.stopPropagation();
        ended.current = true;
        onDone('left');
      }}
    />
  );
}

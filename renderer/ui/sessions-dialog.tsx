/** The recorded sessions, and what a person does with them. Not modal: capturing and the table go on beneath. */
import { Button } from '@fluentui/react-components';
import {
  ArrowDownloadRegular,
  DeleteRegular,
  EditRegular,
  LayerRegular,
  PinFilled,
  PinRegular,
} from '@fluentui/react-icons';
import { useEffect, useState } from 'react';
import { MAX_SESSION_NAME, type RecordedSession, type SessionList } from '../../electron/contract/library.ts';
import { sentence } from '../../native/core/result.ts';
import { formatBytes, formatCount, formatPlural } from '../model/format.ts';
import { durationText, endedText, whenText } from '../model/recorded.ts';
import { useApp, usePage, useRecorded, useUi } from './app-context.ts';
import { FailureNote } from './failure-text.tsx';
import { LibraryLimits } from './library-limits.tsx';
import { SheetHeader } from './sheet-header.tsx';
import { focusTable } from './use-keys.ts';

export function SessionsDialog() {
  return useUi((ui) => ui.sessions) ? <OpenDialog /> : null;
}

function OpenDialog() {
  const { recorded, ui } = useApp();
  const list = useRecorded(({ list }) => list);
  const failure = useRecorded(({ failure }) => failure);
  useEffect(() => void recorded.refresh(), [recorded]);
  const close = () => {
    ui.setSessions(false);
    focusTable();
  };
  return (
    <div className="sheet sessions" role="dialog" aria-label="Sessions" data-testid="sessions-dialog" data-own-keys="">
      <SheetHeader title="Sessions" onClose={close} />
      <FailureNote failure={failure} testId="sessions-failure" />
      {list === null ? <p className="note">Looking at them…</p> : <Listed list={list} onOpened={close} />}
      {list !== null && <LibraryLimits settings={list.settings} />}
    </div>
  );
}

function Listed({ list, onOpened }: { readonly list: SessionList; readonly onOpened: () => void }) {
  const { sessions, more, troubles, place } = list;
  const bytes = sessions.reduce((sum, session) => sum + session.bytes, 0);
  return (
    <>
      <p className="note sessions-place">
        {sessions.length === 0
          ? 'No session was recorded yet. Each that is captured is, from its first row on, in '
          : `${formatPlural(sessions.length + more, 'session')}, ${formatBytes(bytes)}, in `}
        <span className="path">{place}</span>
        {more > 0 && `; the ${formatCount(sessions.length)} newest are shown`}
      </p>
      {troubles.map((trouble) => (
        <p key={trouble} className="bad">
          {sentence(trouble)}
        </p>
      ))}
      {sessions.length > 0 && (
        <div className="sessions-scroll">
          <table className="sessions-table">
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Began</th>
                <th scope="col">Length</th>
                <th scope="col">Rows</th>
                <th scope="col">Size</th>
                <th scope="col">Sources</th>
                <th scope="col">Ended</th>
                <th scope="col" aria-label="Actions" />
              </tr>
            </thead>
            <tbody>
              {sessions.map((session) => (
                <SessionRow key={session.id} session={session} onOpened={onOpened} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

interface RowProps {
  readonly session: RecordedSession;
  readonly onOpened: () => void;
}

function SessionRow({ session, onOpened }: RowProps) {
  const page = usePage();
  const [renaming, setRenaming] = useState(false);
  const { id, name, startedUnixMs, durationMs, rows, lost, bytes, sources, ended, damages } = session;
  const open = () => {
    onOpened();
    void page.openRecorded(id);
  };
  return (
    <tr data-testid="session-row" data-ended={ended ?? 'recording'}>
      <td className="sessions-name">
        {renaming ? (
          <NameField session={session} onDone={() => setRenaming(false)} />
        ) : (
          <button
            type="button"
            className="link"
            title={ended === null ? 'It is being recorded: its tab shows it' : `Open ${name}`}
            disabled={ended === null}
            data-testid="session-open"
            onClick={open}
          >
            {name}
          </button>
        )}
      </td>
      <td className="figure">{whenText(startedUnixMs)}</td>
      <td className="figure">{durationText(durationMs)}</td>
      <td className="figure" title={lost > 0 ? `${formatCount(lost)} records are known to be missing` : undefined}>
        {formatCount(rows)}
        {lost > 0 && <span className="lost"> {formatCount(lost)} lost</span>}
      </td>
      <td className="figure">{formatBytes(bytes)}</td>
      <td className="sessions-sources" title={sources.join('\n')}>
        {sources.join(', ')}
      </td>
      <td title={damages.map(sentence).join('\n') || undefined}>{endedText(session)}</td>
      <td>
        <RowActions session={session} onRename={() => setRenaming(true)} onOpened={onOpened} />
      </td>
    </tr>
  );
}

function RowActions({ session, onRename, onOpened }: RowProps & { readonly onRename: () => void }) {
  const { recorded, merging } = useApp();
  const { id, name, pinned, ended } = session;
  const live = ended === null;
  return (
    <span className="sessions-actions">
      <Button
        size="small"
        appearance="subtle"
        icon={<LayerRegular />}
        aria-label={`Open ${name} beside`}
        title={live ? 'It is being recorded' : 'Open it beside the session looked at, in one order of time'}
        disabledFocusable={live}
        data-testid="session-beside"
        onClick={() => {
          onOpened();
          void merging.openBeside(id);
        }}
      />
      <Button
        size="small"
        appearance="subtle"
        icon={pinned ? <PinFilled /> : <PinRegular />}
        aria-pressed={pinned}
        aria-label={`Keep ${name}`}
        title={pinned ? 'It is kept whatever the limits; let it go with the others' : 'Keep it whatever the limits'}
        data-testid="session-pin"
        onClick={() => void recorded.pin(id, !pinned)}
      />
      <Button
        size="small"
        appearance="subtle"
        icon={<EditRegular />}
        aria-label={`Rename ${name}`}
        title="Rename"
        data-testid="session-rename"
        onClick={onRename}
      />
      <Button
        size="small"
        appearance="subtle"
        icon={<ArrowDownloadRegular />}
        aria-label={`One file of ${name}`}
        title={live ? 'It is being recorded' : 'Make one file of it, to send'}
        disabledFocusable={live}
        data-testid="session-pack"
        onClick={() => void recorded.pack(id)}
      />
      <Button
        size="small"
        appearance="subtle"
        icon={<DeleteRegular />}
        aria-label={`Delete ${name}`}
        title={live ? 'It is being recorded' : 'Delete it for good (asks)'}
        disabledFocusable={live}
        data-testid="session-delete"
        onClick={() => void recorded.delete(id)}
      />
    </span>
  );
}

/** Enter renames, Escape leaves it. */
function NameField({ session, onDone }: { readonly session: RecordedSession; readonly onDone: () => void }) {
  const { recorded } = useApp();
  const [name, setName] = useState(session.name);
  const save = async () => {
    if (name.trim() === session.name || (await recorded.rename(session.id, name))) onDone();
  };
  return (
    <input
      className="field"
      aria-label="Name of the session"
      // The person has just asked to change it.
      // biome-ignore lint/a11y/noAutofocus: as above
      autoFocus
      value={name}
      maxLength={MAX_SESSION_NAME + 1}
      spellCheck={false}
      data-testid="session-name"
      onChange={(event) => setName(event.target.value)}
      onBlur={onDone}
      onKeyDown={(event) => {
        if (event.key === 'Enter') void save();
        if (event.key !== 'Escape') return;
        // Only the name is left as it was, not the list.
        event.stopPropagation();
        onDone();
      }}
    />
  );
}

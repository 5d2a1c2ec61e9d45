/**
 * Actions on a match: what is done when a row of a live session passes a filter, and what became of that. Where files are
 * saved is asked by the program, and which commands may run is said in the settings file alone.
 */
import { Button } from '@fluentui/react-components';
import { DeleteRegular } from '@fluentui/react-icons';
import { type FormEvent, useEffect, useState } from 'react';
import { shownField } from '../../electron/contract/shown-text.ts';
import {
  MAX_WATCH_TEXT,
  MOST_WATCHES,
  NO_MATCH,
  WATCH_ACTIONS,
  type Watch,
  type WatchAction,
  type WatchReport,
} from '../../electron/contract/watches.ts';
import { failureSentences, formatCount, formatPlural } from '../model/format.ts';
import { useApp, useUi, useWatches } from './app-context.ts';
import { FailureNote } from './failure-text.tsx';
import { SheetHeader } from './sheet-header.tsx';
import { focusTable } from './use-keys.ts';

const ACTION_WORDS: Readonly<Record<WatchAction, string>> = {
  notify: 'notify',
  sound: 'sound',
  bookmark: 'bookmark the row',
  track: 'go to it while following',
  stop: 'stop capture',
  save: 'save the last minutes',
  clear: 'clear',
  run: 'run a command',
};

export function WatchesSheet() {
  return useUi((ui) => ui.watches) ? <OpenSheet /> : null;
}

function OpenSheet() {
  const { watches, ui } = useApp();
  const all = useWatches((state) => state.watches);
  const reports = useWatches((state) => state.reports);
  const failure = useWatches((state) => state.failure);
  useEffect(() => void watches.refresh(), [watches]);
  const close = (): void => {
    ui.setWatches(false);
    focusTable();
  };
  return (
    <div
      className="sheet bookmarks highlights watches"
      role="dialog"
      aria-label="Actions on a match"
      data-testid="watches-sheet"
      data-own-keys=""
    >
      <SheetHeader title="Actions on a match" onClose={close} />
      <AddForm />
      <FailureNote failure={failure} testId="watches-failure" />
      {all.length === 0 && (
        <p className="note">
          Nothing is done on a match yet. An action is for rows that arrive from now on, in every live session.
        </p>
      )}
      {all.length > 0 && (
        <ul className="highlight-list" aria-label="Actions">
          {all.map((watch, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a place is what is changed, and texts may be the same
            <Item key={at} watch={watch} report={reports[at] ?? NO_MATCH} at={at} />
          ))}
        </ul>
      )}
      <Places />
    </div>
  );
}

function Places() {
  const { watches } = useApp();
  const folder = useWatches((state) => state.folder);
  const commands = useWatches((state) => state.commands);
  return (
    <footer className="watch-places">
      <span className="note" data-testid="watches-folder" title={folder ?? ''}>
        {folder === null ? 'No folder is chosen for the last minutes' : `Saves into ${shownField(folder)}`}
        {commands.length === 0
          ? '. Commands are off: the settings file allows them'
          : `. Commands: ${commands.map(shownField).join(', ')}`}
      </span>
      <Button size="small" data-testid="watches-choose" onClick={() => void watches.chooseFolder()}>
        Folder…
      </Button>
    </footer>
  );
}

interface ActionProps {
  readonly action: WatchAction;
  readonly command: string;
  readonly about: string;
  readonly onChange: (action: WatchAction, command: string) => void;
}

/** One list: a command that is allowed is an action like the others. */
function ActionChoice({ action, command, about, onChange }: ActionProps) {
  const commands = useWatches((state) => state.commands);
  const value = action === 'run' ? `run:${command}` : action;
  const known = action === 'run' && !commands.includes(command) ? [...commands, command] : commands;
  return (
    <select
      aria-label={`What is done on ${about}`}
      value={value}
      data-testid="watch-action"
      onChange={({ target }) => {
        const chosen = target.value;
        if (chosen.startsWith('run:')) onChange('run', chosen.slice(4));
        else onChange(chosen as WatchAction, '');
      }}
    >
      {WATCH_ACTIONS.filter((each) => each !== 'run').map((each) => (
        <option key={each} value={each}>
          {ACTION_WORDS[each]}
        </option>
      ))}
      {known.map((name) => (
        <option key={name} value={`run:${name}`}>
          run {shownField(name)}
        </option>
      ))}
    </select>
  );
}

function AddForm() {
  const { watches } = useApp();
  const full = useWatches((state) => state.watches.length >= MOST_WATCHES);
  const [what, setWhat] = useState<Pick<Watch, 'action' | 'command'>>({ action: 'notify', command: '' });
  const [text, setText] = useState('');
  const [once, setOnce] = useState(false);
  const possible = text.trim() !== '' && !full;
  const add = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (possible && (await watches.add({ ...what, text, once, caseSensitive: false, on: true }))) setText('');
  };
  return (
    <form className="highlight-add" onSubmit={(event) => void add(event)}>
      <ActionChoice
        {...what}
        about="a match of the new filter"
        onChange={(action, command) => setWhat({ action, command })}
      />
      <Times once={once} about="the new action" onTimes={setOnce} />
      <input
        // The sheet was opened to type into it.
        // biome-ignore lint/a11y/noAutofocus: as above
        autoFocus
        className="field highlight-text"
        aria-label="Filter of the new action"
        placeholder="When a row comes that fits: a filter, such as level:error storport"
        value={text}
        maxLength={MAX_WATCH_TEXT + 1}
        spellCheck={false}
        data-testid="watch-new"
        onChange={(event) => setText(event.target.value)}
      />
      <Button size="small" type="submit" disabledFocusable={!possible} data-testid="watch-add">
        Add
      </Button>
    </form>
  );
}

interface TimesProps {
  readonly once: boolean;
  readonly about: string;
  readonly onTimes: (once: boolean) => void;
}

function Times({ once, about, onTimes }: TimesProps) {
  return (
    <select
      aria-label={`How often ${about} is done`}
      value={once ? 'once' : 'always'}
      data-testid="watch-times"
      onChange={({ target }) => onTimes(target.value === 'once')}
    >
      <option value="always">always</option>
      <option value="once">once</option>
    </select>
  );
}

/** What became of it: `12 matches, done 3 times, 9 not: #1,204 storport: reset`. */
function reportWords({ matches, done, skipped, last, path }: WatchReport, { once }: Watch): string {
  if (matches === 0) return 'no match yet';
  const words = [matches === 1 ? '1 match' : `${formatCount(matches)} matches`, `done ${formatPlural(done, 'time')}`];
  if (skipped > 0) words.push(`${formatCount(skipped)} too soon after another`);
  if (once && done > 0) words.push('once is over');
  if (path !== '') words.push(shownField(path));
  return `${words.join(', ')}${last === null ? '' : `; last #${formatCount(last.index)} ${last.text}`}`;
}

function Item({ watch, report, at }: { readonly watch: Watch; readonly report: WatchReport; readonly at: number }) {
  const { watches } = useApp();
  const about = shownField(watch.text);
  const change = (to: Partial<Watch>): void => void watches.change(at, { ...watch, ...to });
  const failed = report.failure;
  const words = failed === null ? reportWords(report, watch) : failureSentences(failed);
  return (
    <li className={`watch-item${watch.on ? '' : ' off'}`} data-testid="watch-item">
      <input
        type="checkbox"
        aria-label={`Act on ${about}`}
        checked={watch.on}
        data-testid="watch-on"
        onChange={() => change({ on: !watch.on })}
      />
      <ActionChoice
        action={watch.action}
        command={watch.command}
        about={about}
        onChange={(action, command) => change({ action, command })}
      />
      <Times once={watch.once} about={about} onTimes={(once) => change({ once })} />
      <span className="watch-text" title={about}>
        {about}
      </span>
      <Button
        size="small"
        appearance="subtle"
        icon={<DeleteRegular />}
        aria-label={`Delete ${about}`}
        title="Delete"
        data-testid="watch-delete"
        onClick={() => void watches.remove(at)}
      />
      <span className={`watch-report${failed === null ? '' : ' bad'}`} title={words} data-testid="watch-report">
        {words}
      </span>
    </li>
  );
}

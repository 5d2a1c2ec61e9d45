/**
 * The settings: what a person can set, in groups, a line each, over the file that they are kept in. What is wrong in that
 * file stands on top. Commands are only shown: the file alone says which may run.
 */
import { Button } from '@fluentui/react-components';
import { type ReactNode, useEffect } from 'react';
import { THEMES } from '../../electron/contract/app.ts';
import type { SettingsProblem, SettingsState } from '../../electron/contract/settings.ts';
import { shownField } from '../../electron/contract/shown-text.ts';
import { DELTA_BASES, TIME_KINDS } from '../../electron/contract/shown-time.ts';
import { DIGIT_ITEMS } from '../model/time-columns.ts';
import { keyFor } from '../store/commands.ts';
import { useApp, useSettings, useUi } from './app-context.ts';
import { FailureNote } from './failure-text.tsx';
import { FontChoice } from './font-choice.tsx';
import { LibraryLimits } from './library-limits.tsx';
import { RetentionLine } from './retention-line.tsx';
import { SchemaList } from './schema-list.tsx';
import { SheetHeader } from './sheet-header.tsx';
import { focusTable } from './use-keys.ts';

const THEME_WORDS = { system: 'As the system', light: 'Light', dark: 'Dark' } as const;
const KIND_WORDS = { elapsed: 'Since the log began', clock: 'Wall clock', boot: 'Since the machine started' } as const;
const DELTA_WORDS = { row: 'The row above', cpu: 'The row above of the same CPU' } as const;

export function SettingsSheet() {
  return useUi((ui) => ui.settings) ? <OpenSheet /> : null;
}

function OpenSheet() {
  const { settings, ui } = useApp();
  const state = useSettings((slice) => slice.settings);
  const failure = useSettings((slice) => slice.failure);
  useEffect(() => {
    const refresh = (): void => void settings.refresh();
    refresh();
    // Back from the editor.
    window.addEventListener('focus', refresh);
    return () => window.removeEventListener('focus', refresh);
  }, [settings]);
  const close = (): void => {
    ui.setSettings(false);
    focusTable();
  };
  return (
    <div className="sheet settings" role="dialog" aria-label="Settings" data-testid="settings-sheet" data-own-keys="">
      <SheetHeader title="Settings" onClose={close} />
      <FailureNote failure={failure} testId="settings-failure" />
      {state && <Groups state={state} />}
    </div>
  );
}

function Groups({ state }: { readonly state: SettingsState }) {
  const { settings } = useApp();
  const { alwaysOnTop, askBeforeClosing, retention, largestCapBytes, library, commands, problems, place } = state;
  const { tray, closeToTray, trayHindrance } = state;
  return (
    <>
      {problems.length > 0 && <Problems problems={problems} />}
      <Group title="Look">
        <Choices />
      </Group>
      <Group title="Window">
        <Switch
          label="Always on top"
          note={keyFor('alwaysOnTop')}
          checked={alwaysOnTop}
          testId="settings-on-top"
          onChange={(on) => void settings.set({ alwaysOnTop: on })}
        />
        <Switch
          label="Ask before closing"
          note="while there are live rows that nothing records"
          checked={askBeforeClosing}
          testId="settings-ask"
          onChange={(on) => void settings.set({ askBeforeClosing: on })}
        />
        <Switch
          label="Icon in the tray"
          note={trayHindrance ?? 'counts what is captured and what was lost'}
          checked={tray}
          testId="settings-tray"
          onChange={(on) => void settings.set({ tray: on })}
        />
        {tray && trayHindrance === null && (
          <Switch
            label="Closing leaves it there"
            note="capture goes on; the icon shows the window again or quits"
            checked={closeToTray}
            testId="settings-close-to-tray"
            onChange={(on) => void settings.set({ closeToTray: on })}
          />
        )}
      </Group>
      <Group title="Rows that are kept">
        <RetentionLine key={JSON.stringify(retention)} retention={retention} largestCapBytes={largestCapBytes} />
      </Group>
      <Group title="Recorded sessions">
        <LibraryLimits key={JSON.stringify(library)} settings={library} />
      </Group>
      <Group title="Schemas of typed records">
        <SchemaList />
      </Group>
      <Group title="Commands that a match may run">
        <p className="settings-line" data-testid="settings-commands">
          {commands.names.length === 0 ? 'None are listed' : commands.names.map(shownField).join(', ')}
          <span className="note">{commands.allowed ? 'allowed' : 'off'}; only the file says which</span>
        </p>
      </Group>
      <footer className="settings-file">
        <span className="note" title={place} data-testid="settings-place">
          {shownField(place)}
        </span>
        <Button size="small" data-testid="settings-open" onClick={() => void settings.openFile()}>
          Open settings file
        </Button>
      </footer>
    </>
  );
}

function Problems({ problems }: { readonly problems: readonly SettingsProblem[] }) {
  return (
    <div className="retention-warning settings-problems" role="alert" data-testid="settings-problems">
      In the settings file; all else is used:
      <ul>
        {problems.map(({ name, line, what }) => (
          <li key={`${line} ${name} ${what}`}>
            {line !== null && <span className="settings-at">line {line}</span>} <b>{shownField(name)}</b>{' '}
            {shownField(what)}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Group({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

function Choices() {
  const app = useApp();
  const theme = useUi((ui) => ui.theme);
  const { kind, digits, delta } = useUi((ui) => ui.times);
  const processColours = useUi(({ look }) => look.processColours);
  return (
    <>
      <Choice
        label="Theme"
        value={theme}
        all={THEMES.map((each) => [each, THEME_WORDS[each]])}
        testId="settings-theme"
        onChange={(chosen) => app.setTheme(chosen)}
      />
      <Choice
        label="Times"
        value={kind}
        all={TIME_KINDS.map((each) => [each, KIND_WORDS[each]])}
        testId="settings-times"
        onChange={(chosen) => app.ui.setTimes({ kind: chosen })}
      />
      <Choice
        label="Digits"
        value={digits}
        all={DIGIT_ITEMS.map((each) => [each.digits, each.label])}
        testId="settings-digits"
        onChange={(chosen) => app.ui.setTimes({ digits: chosen })}
      />
      <Choice
        label="Time since"
        value={delta}
        all={DELTA_BASES.map((each) => [each, DELTA_WORDS[each]])}
        testId="settings-delta"
        onChange={(chosen) => app.ui.setTimes({ delta: chosen })}
      />
      <FontChoice />
      <Switch
        label="Process colours"
        note="in the columns process and pid, one for each name"
        checked={processColours}
        testId="settings-process-colours"
        onChange={(on) => void app.settings.set({ processColours: on })}
      />
    </>
  );
}

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly all: readonly (readonly [T, string])[];
  readonly testId: string;
  readonly onChange: (value: T) => void;
}

function Choice<T extends string>({ label, value, all, testId, onChange }: ChoiceProps<T>) {
  return (
    <label className="settings-line">
      {label}
      <select
        value={value}
        data-testid={testId}
        onChange={({ target }) => {
          const chosen = all.find(([each]) => each === target.value);
          if (chosen !== undefined) onChange(chosen[0]);
        }}
      >
        {all.map(([each, words]) => (
          <option key={each} value={each}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}

interface SwitchProps {
  readonly label: string;
  readonly note: string;
  readonly checked: boolean;
  readonly testId: string;
  readonly onChange: (on: boolean) => void;
}

function Switch({ label, note, checked, testId, onChange }: SwitchProps) {
  return (
    <label className="settings-line">
      {label}
      <span>
        <input
          type="checkbox"
          checked={checked}
          data-testid={testId}
          onChange={({ target }) => onChange(target.checked)}
        />
        <span className="note">{note}</span>
      </span>
    </label>
  );
}

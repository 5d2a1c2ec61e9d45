/** The one toolbar: source, capture, pause, clear, opening, find, export, commands, theme, help. */
import { Button, Toolbar as FluentToolbar, ToggleButton, ToolbarDivider } from '@fluentui/react-components';
import {
  AppsListRegular,
  BroomRegular,
  FolderOpenRegular,
  LibraryRegular,
  PauseRegular,
  PlayRegular,
  QuestionCircleRegular,
  RecordFilled,
  SearchRegular,
  StopFilled,
} from '@fluentui/react-icons';
import { MAX_SOURCE_TEXT } from '../../electron/contract/limits.ts';
import { isLive, isOfFiles, isRecorded, sourceWords } from '../model/source-state.ts';
import { keyFor, tip } from '../store/commands.ts';
import { useApp, useCapture, useFind, useRun, useStatus, useUi, useView } from './app-context.ts';
import { ExportMenu } from './export-menu.tsx';
import { RecentMenu } from './recent-files.tsx';
import { SourcesMenu } from './sources-menu.tsx';
import { ThemeMenu } from './theme-menu.tsx';
import { useEndInSight } from './use-end-in-sight.ts';
import { SOURCE_INPUT } from './use-keys.ts';

export function Toolbar() {
  return (
    <FluentToolbar className="toolbar" aria-label="Main" size="small" data-testid="toolbar">
      <SourceBox />
      <SourcesMenu />
      <CaptureButton />
      <PauseButton />
      <ClearButton />
      <span className="toolbar-space" />
      <OpenButton />
      <RecentMenu />
      <SessionsButton />
      <ToolbarDivider />
      <FindButton />
      <ExportMenu />
      <CommandsButton />
      <ThemeMenu />
      <HelpButton />
    </FluentToolbar>
  );
}

function OpenButton() {
  const run = useRun();
  return (
    <Button
      size="small"
      appearance="subtle"
      icon={<FolderOpenRegular />}
      title={tip('openFiles')}
      aria-label="Open"
      data-testid="open-files"
      onClick={() => run('openFiles')}
    />
  );
}

function SessionsButton() {
  const run = useRun();
  const open = useUi((ui) => ui.sessions);
  return (
    <ToggleButton
      size="small"
      appearance="subtle"
      checked={open}
      icon={<LibraryRegular />}
      title={tip('sessions')}
      aria-label="Sessions"
      data-testid="sessions-toggle"
      onClick={() => run('sessions')}
    />
  );
}

const RECORDED_HOW = `It was recorded before, and nothing more comes; another session (${keyFor('newSession')}) captures`;

function SourceBox() {
  const app = useApp();
  const source = useCapture((capture) => capture.source);
  const held = useCapture((capture) => capture.held);
  const several = held.length > 1;
  const capturing = useStatus(({ status }) => isLive(status));
  const recorded = useStatus(({ status }) => (isRecorded(status) ? sourceWords(status).name : null));
  const box = useEndInSight(recorded ?? source);
  /**
   * When the focus leaves the box while something is captured, text that was typed but not captured is discarded; it
   * would look like the name of the source in use.
   */
  const leave = () => {
    if (capturing) app.capture.revert();
  };
  // Nothing is captured into what was recorded: it is told what that is of.
  if (recorded !== null)
    return (
      <input
        ref={box}
        id={SOURCE_INPUT}
        className="field source-field"
        aria-label="Source"
        title={`${recorded}\n${RECORDED_HOW}`}
        value={recorded}
        readOnly
        data-testid="source-box"
      />
    );
  return (
    <input
      ref={box}
      id={SOURCE_INPUT}
      className="field source-field"
      aria-label="Source"
      title={
        several
          ? `${held.join('\n')}\nA name typed here takes their place (${keyFor('focusSource')})`
          : `${source === '' ? '' : `${source}\n`}Source to capture: sim:NAME (${keyFor('focusSource')})`
      }
      placeholder={several ? `${held.length} sources` : 'sim:demo'}
      spellCheck={false}
      value={source}
      maxLength={MAX_SOURCE_TEXT + 1}
      data-testid="source-box"
      onChange={(event) => app.capture.setSource(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') void app.capture.start();
        if (event.key === 'Escape') leave();
      }}
      onBlur={leave}
    />
  );
}

function CaptureButton() {
  const app = useApp();
  const capturing = useStatus(({ status }) => isLive(status));
  const busy = useCapture((capture) => capture.busy);
  const edited = useCapture((capture) => capture.edited);
  const files = useStatus(({ status }) => isOfFiles(status));
  const recorded = useStatus(({ status }) => isRecorded(status));
  const nothingToStart = !capturing && (recorded || (files && !edited));
  const why = recorded ? RECORDED_HOW : `The file was read; open another one (${keyFor('openFiles')})`;
  return (
    <ToggleButton
      className="capture-button"
      size="small"
      appearance={capturing ? 'subtle' : 'primary'}
      checked={capturing}
      disabledFocusable={busy || nothingToStart}
      icon={capturing ? <StopFilled /> : <RecordFilled />}
      title={nothingToStart ? why : tip('toggleCapture')}
      data-testid="capture-toggle"
      onClick={app.toggleCapture}
    >
      {capturing ? 'Stop' : 'Start'}
    </ToggleButton>
  );
}

function PauseButton() {
  const app = useApp();
  const paused = useView((view) => view.paused);
  return (
    <ToggleButton
      size="small"
      appearance="subtle"
      checked={paused}
      icon={paused ? <PlayRegular /> : <PauseRegular />}
      title={`${tip('togglePause')}: capturing goes on, nothing is lost`}
      aria-label={paused ? 'Resume' : 'Pause'}
      data-testid="pause-toggle"
      onClick={() => app.view.setPaused(!paused)}
    />
  );
}

function ClearButton() {
  const run = useRun();
  return (
    <Button
      size="small"
      appearance="subtle"
      icon={<BroomRegular />}
      title={tip('clear')}
      aria-label="Clear"
      data-testid="clear"
      onClick={() => run('clear')}
    />
  );
}

function FindButton() {
  const app = useApp();
  const run = useRun();
  const open = useFind((find) => find.open);
  return (
    <ToggleButton
      size="small"
      appearance="subtle"
      checked={open}
      icon={<SearchRegular />}
      title={tip('find')}
      aria-label="Find"
      data-testid="find-toggle"
      onClick={() => (open ? app.find.close() : run('find'))}
    />
  );
}

function CommandsButton() {
  const run = useRun();
  return (
    <Button
      size="small"
      appearance="subtle"
      icon={<AppsListRegular />}
      title={tip('palette')}
      aria-label="Commands"
      data-testid="commands"
      onClick={() => run('palette')}
    />
  );
}

function HelpButton() {
  const run = useRun();
  return (
    <Button
      size="small"
      appearance="subtle"
      icon={<QuestionCircleRegular />}
      title={tip('cheatSheet')}
      aria-label="Keys"
      data-testid="help"
      onClick={() => run('cheatSheet')}
    />
  );
}

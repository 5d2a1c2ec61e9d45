/** Shown in place of rows: how to get the first one, or why none is shown. */
import { Button } from '@fluentui/react-components';
import { FolderOpenRegular, PlayRegular, PlugConnectedRegular, SettingsRegular } from '@fluentui/react-icons';
import type { ReactNode } from 'react';
import { type Emptiness, emptiness } from '../model/emptiness.ts';
import { formatCount, formatPlural } from '../model/format.ts';
import { isLive, sourceWords } from '../model/source-state.ts';
import { tip } from '../store/commands.ts';
import { isFiltering } from '../store/filter.ts';
import { useApp, useCapture, useFilter, useRun, useStatus, useView, useWithin } from './app-context.ts';
import { Command } from './command.tsx';
import { useUnknownField, useUnnamedField } from './filter-failure.tsx';
import { RecentFew } from './recent-files.tsx';
import { focusInput, SOURCE_INPUT } from './use-keys.ts';

export function EmptyState() {
  const standing = useStatus(({ status }) =>
    isLive(status) ? ('capturing' as const) : status?.capturing ? ('ended' as const) : ('none' as const),
  );
  const droppedHidden = useStatus(({ status }) => status?.retention.hiddenRows ?? 0);
  const linked = useWithin() !== undefined;
  const filtering = useFilter(isFiltering) || linked;
  const why = useView((view) =>
    emptiness({ ...view, filtering, scanning: view.scan !== null, droppedHidden, standing }),
  );
  return (
    <div className="empty" data-testid="empty-state">
      <Why why={why} />
    </div>
  );
}

function Why({ why }: { readonly why: Emptiness }) {
  switch (why) {
    case 'no-match':
    case 'no-match-yet':
      return <NothingMatches scanning={why === 'no-match-yet'} />;
    case 'held-back':
      return <HeldBack />;
    case 'not-kept':
      return <NotKept />;
    case 'waiting':
      return <Waiting />;
    case 'ended':
      return <Ended />;
    case 'first-steps':
      return <FirstSteps />;
  }
}

function NothingMatches({ scanning }: { readonly scanning: boolean }) {
  const app = useApp();
  const hidden = useView((view) => view.searchedEntries);
  const unknown = useUnknownField();
  const unnamed = useUnnamedField();
  return (
    <div className="empty-lines">
      <h2>{scanning ? 'No match so far' : 'No record matches the filter'}</h2>
      <p>
        {formatPlural(hidden, 'record')} {hidden === 1 ? 'is' : 'are'} hidden by it.
      </p>
      {unknown !== null && <p data-testid="empty-unknown-field">{unknown}</p>}
      {unnamed !== null && <p data-testid="empty-unnamed">{unnamed}</p>}
      <Button size="small" onClick={app.filter.reset} data-testid="empty-reset">
        Show everything
      </Button>
    </div>
  );
}

function HeldBack() {
  const app = useApp();
  const arrived = useView((view) => view.sessionEntries - view.searchedEntries);
  const heldBack = useView((view) => view.heldBack);
  return (
    <div className="empty-lines">
      <h2>Paused</h2>
      <p>
        {formatPlural(arrived, 'record')} came since the view was paused.
        {heldBack < arrived && ` The filter shows ${formatCount(heldBack)} of them.`}
      </p>
      <Button size="small" onClick={() => app.view.setPaused(false)} data-testid="empty-resume">
        Resume
      </Button>
    </div>
  );
}

function NotKept() {
  const app = useApp();
  const gone = useStatus(({ status }) => status?.retention.hiddenRows ?? 0);
  return (
    <div className="empty-lines">
      <h2>Nothing is kept that the filter hides</h2>
      <p>{formatPlural(gone, 'record')} came, hidden by the filter, and are gone.</p>
      <Button size="small" onClick={() => app.ui.setRetention(true)}>
        Change what is kept…
      </Button>
    </div>
  );
}

function Ended() {
  const name = useStatus(({ status }) => sourceWords(status).name);
  return (
    <div className="empty-lines">
      <h2>Nothing more comes</h2>
      <p>{name} has ended, and no record of it is held.</p>
    </div>
  );
}

function Waiting() {
  const app = useApp();
  const name = useStatus(({ status }) => sourceWords(status).name);
  const state = useStatus(({ status }) => sourceWords(status).state);
  return (
    <div className="empty-lines">
      <h2>Waiting for records</h2>
      <p>
        {name}: {state}. No record has come since it was opened or the log was cleared.
      </p>
      <Button size="small" onClick={app.examine} data-testid="why-silent">
        Why is it silent?
      </Button>
    </div>
  );
}

function FirstSteps() {
  const windows = useCapture((capture) => capture.windows);
  return (
    <div className="empty-steps">
      <h2>{windows ? 'Four' : 'Three'} ways to the first row</h2>
      <ol>
        {windows && <DriverStep />}
        {windows && <DebugOutputStep />}
        <DemoStep />
        <FileStep />
        {!windows && <SessionStep />}
      </ol>
      <RecentFew />
      {!windows && (
        <p className="note">On Windows, capture drivers (driver:) and the debug output of programs (dbwin:) as well.</p>
      )}
    </div>
  );
}

function DriverStep() {
  const app = useApp();
  return (
    <Step
      title="Capture your driver"
      text="Install and start ringview.sys once, as administrator. Drivers that log to it, and all DbgPrint, are then one source."
    >
      <Button
        size="small"
        icon={<SettingsRegular />}
        data-testid="open-driver"
        onClick={() => app.ui.explain('driver')}
      >
        Set up the driver
      </Button>
      <StartButton source="driver:" testId="start-driver" />
    </Step>
  );
}

function DebugOutputStep() {
  return (
    <Step title="Capture debug output" text="Read what programs of the logged-on user write by OutputDebugString.">
      <StartButton source="dbwin:" testId="start-dbwin" />
    </Step>
  );
}

function DemoStep() {
  return (
    <Step
      title="Start the demo"
      text="Watch a simulated driver inside this program: one writer a CPU, thousands of records a second."
    >
      <StartButton source="sim:demo" testId="start-demo" primary />
    </Step>
  );
}

function FileStep() {
  const run = useRun();
  return (
    <Step
      title="Open a file"
      text="Read logs of DebugView and DebugView++, text, CSV, JSON Lines, traces (.etl) and event logs (.evtx), also packed by gzip or zip, or a crash dump (.dmp)."
    >
      <Button
        size="small"
        icon={<FolderOpenRegular />}
        title={tip('openFiles')}
        data-testid="empty-open"
        onClick={() => run('openFiles')}
      >
        Open a file…
      </Button>
    </Step>
  );
}

function SessionStep() {
  return (
    <Step title="Attach to a ring session" text="Run a simulated driver in a terminal, then capture it by its name.">
      <Command text="npx ringview simulate --name work" testId="copy-simulate" />
      <Attach />
    </Step>
  );
}

function StartButton({
  source,
  testId,
  primary = false,
}: {
  readonly source: string;
  readonly testId: string;
  readonly primary?: boolean;
}) {
  const app = useApp();
  return (
    <Button
      size="small"
      appearance={primary ? 'primary' : 'secondary'}
      icon={<PlayRegular />}
      data-testid={testId}
      onClick={() => void app.capture.start(source)}
    >
      Start {source}
    </Button>
  );
}

function Step({
  title,
  text,
  children,
}: {
  readonly title: string;
  readonly text: string;
  readonly children: ReactNode;
}) {
  return (
    <li className="first-step">
      <h3>{title}</h3>
      <p>{text}</p>
      <div className="step-actions">{children}</div>
    </li>
  );
}

function Attach() {
  const app = useApp();
  return (
    <Button
      size="small"
      icon={<PlugConnectedRegular />}
      title="Puts sim:work into the source box: change the name if yours differs, then press Enter"
      onClick={() => {
        app.capture.setSource('sim:work');
        requestAnimationFrame(() => focusInput(SOURCE_INPUT));
      }}
    >
      Use sim:work
    </Button>
  );
}

/** What stands where rows would be: how to get the first one, or why none is shown. */
import { Button } from '@fluentui/react-components';
import { PlayRegular, PlugConnectedRegular, SettingsRegular } from '@fluentui/react-icons';
import type { ReactNode } from 'react';
import { formatCount } from '../model/format.ts';
import { sourceWords } from '../model/source-state.ts';
import { isFiltering } from '../store/filter.ts';
import { useApp, useCapture, useFilter, useStatus, useView } from './app-context.ts';
import { Command } from './command.tsx';
import { focusInput, SOURCE_INPUT } from './use-keys.ts';

export function EmptyState() {
  const capturing = useStatus(({ status }) => status?.capturing ?? false);
  const held = useView((view) => view.sessionRows);
  const filtering = useFilter(isFiltering);
  return (
    <div className="empty" data-testid="empty-state">
      {held > 0 && filtering ? <NothingMatches held={held} /> : capturing ? <Waiting /> : <FirstSteps />}
    </div>
  );
}

function NothingMatches({ held }: { readonly held: number }) {
  const app = useApp();
  const scanning = useView((view) => view.scan !== null);
  return (
    <div className="empty-lines">
      <h2>{scanning ? 'No match so far' : 'No row matches the filter'}</h2>
      <p>{formatCount(held)} rows are hidden by it.</p>
      <Button size="small" onClick={app.filter.reset} data-testid="empty-reset">
        Show everything
      </Button>
    </div>
  );
}

function Waiting() {
  const app = useApp();
  const name = useStatus(({ status }) => sourceWords(status).name);
  return (
    <div className="empty-lines">
      <h2>Waiting for records</h2>
      <p>{name} is open; nothing has arrived yet.</p>
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
      <h2>Three ways to the first row</h2>
      <ol>
        {windows && <DriverStep />}
        {windows && <DebugOutputStep />}
        <DemoStep />
        {!windows && <SessionStep />}
        {!windows && <ReplayStep />}
      </ol>
      {!windows && (
        <p className="note">
          Drivers (driver:) and the debug output of programs (dbwin:) are captured on Windows; here simulated sessions
          are.
        </p>
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
    <Step title="Capture debug output" text="What the programs of this session say by OutputDebugString.">
      <StartButton source="dbwin:" testId="start-dbwin" />
    </Step>
  );
}

function DemoStep() {
  return (
    <Step
      title="Start the demo"
      text="A simulated driver inside this program, one writer a CPU, thousands of records a second."
    >
      <StartButton source="sim:demo" testId="start-demo" primary />
    </Step>
  );
}

function SessionStep() {
  return (
    <Step title="Attach to a session" text="Run a simulated driver in a terminal, then capture it by its name.">
      <Command text="npx ringview simulate --name work" testId="copy-simulate" />
      <Attach />
    </Step>
  );
}

function ReplayStep() {
  return (
    <Step title="Replay a file" text="Feed a saved log through the rings, in its own rhythm.">
      <Command text="npx ringview simulate --name work --replay FILE" testId="copy-replay" />
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
    <li>
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

/** The card of ringview.sys: its state, what can be done about it, and which rights that requires. */
import { Button } from '@fluentui/react-components';
import {
  AddRegular,
  ArrowSyncRegular,
  DeleteRegular,
  PlayRegular,
  RecordRegular,
  ShieldRegular,
  StopRegular,
} from '@fluentui/react-icons';
import { type ReactElement, useEffect } from 'react';
import type { CaptureName, DriverChange, DriverReport, DriverState } from '../../electron/contract/machine.ts';
import { sentence } from '../../native/core/result.ts';
import { useApp, useCapture, useDriver, useStatus } from './app-context.ts';
import { CaptureFilters } from './capture-filters.tsx';
import { Command } from './command.tsx';
import { DriverBoot } from './driver-boot.tsx';
import { FailureText } from './failure-text.tsx';
import { Loggers } from './loggers.tsx';

const DRIVER_SOURCE = 'driver:';

const WORDS: Record<DriverState, { readonly word: string; readonly tone: string }> = {
  unsupported: { word: 'Windows only', tone: 'idle' },
  unknown: { word: 'state unknown', tone: 'waiting' },
  'not-installed': { word: 'not installed', tone: 'idle' },
  stopped: { word: 'stopped', tone: 'idle' },
  refused: { word: 'refused', tone: 'failed' },
  starting: { word: 'starting', tone: 'waiting' },
  running: { word: 'running', tone: 'live' },
  stopping: { word: 'stopping', tone: 'waiting' },
};

/** The actions that make sense in each state, the likeliest first. */
const ACTIONS: Record<DriverState, readonly DriverChange[]> = {
  unsupported: [],
  unknown: [],
  'not-installed': ['install'],
  stopped: ['start', 'remove'],
  refused: ['start', 'remove'],
  starting: [],
  running: ['stop'],
  stopping: [],
};

const BUTTONS: Record<
  DriverChange,
  { readonly label: string; readonly doing: string; readonly icon: ReactElement; readonly help: string }
> = {
  install: {
    label: 'Install...',
    doing: 'Installing',
    icon: <AddRegular />,
    help: 'Asks for ringview.sys, copies it to System32\\drivers and registers it as a service; it is not started',
  },
  start: { label: 'Start', doing: 'Starting', icon: <PlayRegular />, help: 'Loads the driver' },
  stop: {
    label: 'Stop',
    doing: 'Stopping',
    icon: <StopRegular />,
    help: 'Ends its ring session, so that readers let go of it, then unloads it',
  },
  remove: {
    label: 'Remove',
    doing: 'Removing',
    icon: <DeleteRegular />,
    help: 'Removes the service and the file in System32\\drivers',
  },
};

export function DriverSection() {
  const app = useApp();
  const report = useDriver(({ report: known }) => known);
  useEffect(() => void app.driver.refresh(), [app]);
  if (report === null) return null;
  const { word, tone } = WORDS[report.state];
  return (
    <div className="driver-card" data-testid="driver-card" data-state={report.state}>
      <p className={`driver-state tone-${tone}`}>
        <span className="dot" aria-hidden="true" />
        <b>{word}</b>
        {report.state !== 'unsupported' && <span className="quiet">ringview.sys</span>}
        {report.state !== 'unsupported' && <Refresh />}
      </p>
      <p className="driver-what">
        {sentence(report.what)} {report.fix !== null && sentence(report.fix)}
      </p>
      {report.facts.length > 0 && <Facts facts={report.facts} />}
      {report.captures.length > 0 && <Captures captures={report.captures} />}
      <CaptureFilters captures={report.captures} />
      {report.loggers.length > 0 && <Loggers loggers={report.loggers} />}
      <DriverBoot report={report} />
      <Actions report={report} />
    </div>
  );
}

function Refresh() {
  const app = useApp();
  return (
    <Button
      className="driver-refresh"
      size="small"
      appearance="transparent"
      icon={<ArrowSyncRegular fontSize={14} />}
      title="Look again"
      aria-label="Look at the driver again"
      data-testid="driver-refresh"
      onClick={() => void app.driver.refresh()}
    />
  );
}

function Facts({ facts }: { readonly facts: DriverReport['facts'] }) {
  return (
    <table className="numbers facts">
      <tbody>
        {facts.map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td title={value}>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const CAPTURES: Record<CaptureName, { readonly label: string; readonly help: string }> = {
  dbgprint: { label: 'DbgPrint', help: 'What drivers print, as far as the debug print filter lets it through' },
  process: { label: 'processes', help: 'Start and end of processes, with path, command line, parent and creator' },
  thread: { label: 'threads', help: 'Start and end of threads; one that another process started says so' },
  image: { label: 'images', help: 'Loading of programs, libraries and drivers, and what is loaded when it begins' },
  registry: {
    label: 'registry',
    help: 'Operations on the registry, with status and duration; never the data of values',
  },
  handles: {
    label: 'handles',
    help: 'Handles to processes and threads that are opened or duplicated, and with which rights',
  },
};

function Captures({ captures }: { readonly captures: DriverReport['captures'] }) {
  const app = useApp();
  return (
    <fieldset className="driver-captures" data-testid="driver-captures">
      <legend>captures, besides what drivers log</legend>
      {captures.map(({ name, on }) => (
        <label key={name} title={CAPTURES[name].help}>
          <input
            type="checkbox"
            checked={on}
            data-testid={`capture-${name}`}
            onChange={(event) => void app.driver.setCapture(name, event.target.checked)}
          />
          {CAPTURES[name].label}
        </label>
      ))}
    </fieldset>
  );
}

function Actions({ report }: { readonly report: DriverReport }) {
  const failure = useDriver((state) => state.failure);
  const actions = ACTIONS[report.state];
  const first = actions[0];
  return (
    <>
      {report.state === 'running' && <CaptureIt />}
      {first !== undefined && <Rights elevated={report.elevated} change={first} />}
      {actions.length > 0 && (
        <div className="driver-actions">
          {actions.map((change, at) => (
            <ChangeButton key={change} change={change} primary={at === 0} allowed={report.elevated !== false} />
          ))}
        </div>
      )}
      {failure && <FailureText failure={failure} testId="driver-failure" />}
    </>
  );
}

/** States the required rights before the action is chosen. */
function Rights({ elevated, change }: { readonly elevated: boolean | null; readonly change: DriverChange }) {
  if (elevated !== false) {
    const have = elevated === true ? ', which RingView has' : '';
    return (
      <p className="rights" data-testid="driver-rights">
        <ShieldRegular /> Needs the rights of an administrator{have}.
      </p>
    );
  }
  const path = change === 'install' ? ' --path ringview.sys' : '';
  return (
    <div className="rights lacking" data-testid="driver-rights">
      <p>
        <ShieldRegular /> Needs the rights of an administrator: start RingView with "Run as administrator", or run this
        in a prompt that was started so:
      </p>
      <Command text={`npx ringview driver ${change}${path}`} testId="copy-driver-command" />
    </div>
  );
}

function ChangeButton({
  change,
  primary,
  allowed,
}: {
  readonly change: DriverChange;
  readonly primary: boolean;
  readonly allowed: boolean;
}) {
  const app = useApp();
  const changing = useDriver((state) => state.changing);
  const { label, doing, icon, help } = BUTTONS[change];
  return (
    <Button
      size="small"
      appearance={primary && change !== 'stop' ? 'primary' : 'secondary'}
      icon={icon}
      disabledFocusable={!allowed || changing !== null}
      title={allowed ? `${help}. Needs the rights of an administrator.` : 'RingView was not started as administrator'}
      data-testid={`driver-${change}`}
      onClick={() => void app.driver.change(change)}
    >
      {changing === change ? `${doing}...` : label}
    </Button>
  );
}

/** What a running driver is for: to be captured. */
function CaptureIt() {
  const app = useApp();
  const captured = useStatus(
    ({ status }) => (status?.capturing ?? false) && status?.sources.some(({ name }) => name === DRIVER_SOURCE) === true,
  );
  const capturing = useStatus(({ status }) => status?.capturing ?? false);
  const busy = useCapture((capture) => capture.busy);
  if (captured) return null;
  return (
    <div className="driver-actions">
      <Button
        size="small"
        appearance="primary"
        icon={<RecordRegular />}
        disabledFocusable={busy}
        title={capturing ? 'Captures from the driver beside the other sources' : 'Captures from the driver'}
        data-testid="driver-capture"
        onClick={() => void (capturing ? app.capture.add(DRIVER_SOURCE) : app.capture.start(DRIVER_SOURCE))}
      >
        Capture {DRIVER_SOURCE}
      </Button>
    </div>
  );
}

/**
 * A Windows machine for tests: the state of its driver, its debug print filter, and what it offers to capture can be
 * changed.
 */

import type {
  BootChange,
  BootSettings,
  DriverReport,
  DriverState,
  SourceOffer,
} from '../../electron/contract/machine.ts';
import {
  CAPTURE_NAMES,
  type CaptureName,
  type DebugFilter,
  EVERYTHING,
  type EventFilter,
  type FilteredCapture,
  type Logger,
  type LoggerMask,
} from '../../electron/contract/machine.ts';
import type { MachineDependencies } from '../../electron/service/machine.ts';
import { type Failure, fail, ok, type Result } from '../../native/core/result.ts';

const COMPONENTS = ['ACPI', 'DEFAULT', 'DISK', 'FLTMGR', 'IHVDRIVER', 'NDIS', 'STORPORT', 'WIN2000'];

export class WindowsMachine implements MachineDependencies {
  state: DriverState;
  /** The failure of every change; null lets changes succeed. */
  refusal: Failure | null = null;
  /** Whether the person dismisses the dialog that asks for the driver. */
  dismisses = false;
  captures: readonly CaptureName[] = ['dbgprint'];
  loggers: readonly Logger[] = [
    { name: 'ringview.sys', off: { levels: [], types: [] }, stacks: [], attached: 1 },
    { name: 'nic', off: { levels: [3], types: [7] }, stacks: [0], attached: 1 },
  ];
  boot: BootSettings = {
    ...{ start: 'demand', overridden: null, wrong: [] },
    parameters: { ringBytes: null, ringMode: null, orderMode: null, captures: null },
  };
  readonly filters = new Map<CaptureName, EventFilter>();
  private readonly windows: boolean;
  private readonly masks = new Map<string, number>([['DISK', 0xf]]);
  private written = false;

  /** `state`: the state of the driver; a machine without Windows has none. */
  constructor(windows: boolean, state: DriverState) {
    this.windows = windows;
    this.state = windows ? state : 'unsupported';
  }

  readonly examineDriver = (): DriverReport => {
    const captures = CAPTURE_NAMES.map((name) => ({
      ...{ name, on: this.captures.includes(name) },
      filter: name === 'dbgprint' ? null : (this.filters.get(name) ?? EVERYTHING),
    }));
    const { state } = this;
    const elevated = this.windows ? true : null;
    const running = state === 'running';
    const shown = { captures: running ? captures : [], loggers: running ? this.loggers : [] };
    const boot = this.windows && state !== 'not-installed' ? this.boot : null;
    return { state, what: state, fix: null, elevated, boot, facts: [], ...shown };
  };

  readonly checkRights = (): Result<void> => this.allowed(undefined);
  readonly askForDriver = async (): Promise<string | null> => (this.dismisses ? null : 'C:\\ringview.sys');
  readonly install = (path: string): Result<string> => this.become('stopped', path);
  readonly start = async (): Promise<Result<string>> => this.become('running', '');
  readonly stop = async (): Promise<Result<void>> => this.become('stopped', undefined);
  readonly remove = async (): Promise<Result<void>> => this.become('not-installed', undefined);

  readonly changeBoot = ({ start, parameters }: BootChange): Result<void> => {
    if (this.refusal === null) {
      this.boot = {
        ...this.boot,
        start: start ?? this.boot.start,
        parameters: { ...this.boot.parameters, ...parameters },
      };
    }
    return this.allowed(undefined);
  };

  readonly setCaptures = (names: readonly CaptureName[]): Result<void> => {
    if (this.refusal === null) this.captures = names;
    return this.allowed(undefined);
  };

  readonly setEventFilter = (capture: FilteredCapture, filter: EventFilter): Result<void> => {
    if (this.refusal === null) this.filters.set(capture, filter);
    return this.allowed(undefined);
  };

  readonly setLoggerMask = (name: string, off: LoggerMask): Result<void> => {
    if (this.refusal === null) {
      this.loggers = this.loggers.map((logger) => (logger.name === name ? { ...logger, off } : logger));
    }
    return this.allowed(undefined);
  };

  readonly setLoggerStacks = (name: string, stacks: readonly number[]): Result<void> => {
    if (this.refusal === null) {
      this.loggers = this.loggers.map((logger) => (logger.name === name ? { ...logger, stacks } : logger));
    }
    return this.allowed(undefined);
  };

  readonly readFilter = (): Result<DebugFilter> => {
    if (!this.windows) return fail('source-unsupported', 'This needs Windows', 'Use it on Windows');
    const names = new Set(['DEFAULT', 'IHVDRIVER', ...this.masks.keys()]);
    const masks = [...names].map((component) => {
      const mask = this.masks.get(component) ?? null;
      return { component, mask, effective: ((mask ?? 0) | 1) >>> 0 };
    });
    return ok({ masks, components: COMPONENTS, restartNeeded: this.written, elevated: true });
  };

  readonly writeMask = (component: string, mask: number): Result<void> => {
    if (this.refusal === null) {
      this.masks.set(component, mask);
      this.written = true;
    }
    return this.allowed(undefined);
  };

  readonly offers = (): readonly SourceOffer[] => {
    const hindrance = this.state === 'running' ? null : this.state === 'stopped' ? 'not started' : 'not installed';
    return [
      { spec: 'driver:', what: 'DbgPrint, and drivers that log by RingView', hindrance },
      { spec: 'sim:demo', what: 'a simulated driver inside this program', hindrance: null },
    ];
  };

  private allowed<T>(value: T): Result<T> {
    return this.refusal === null ? ok(value) : { ok: false, failure: this.refusal };
  }

  private become<T>(state: DriverState, value: T): Result<T> {
    if (this.refusal === null) this.state = state;
    return this.allowed(value);
  }
}

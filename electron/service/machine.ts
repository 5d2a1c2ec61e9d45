/**
 * Changes that the app can make to this machine: to the driver and to the debug print filter. Only one change runs at
 * a time, and the rights it needs are checked before the person or the system is asked for anything.
 */
import { fail, ok, type Result } from '../../native/core/result.ts';
import type {
  BootChange,
  CaptureName,
  DebugFilter,
  DriverChange,
  DriverReport,
  EventFilter,
  FilteredCapture,
  LoggerMask,
} from '../contract/machine.ts';

/** The functions of native/ that are used; tests replace them. */
export interface MachineDependencies {
  readonly examineDriver: () => DriverReport;
  /** Whether a change may be tried. Failures: permission-denied, source-unsupported. */
  readonly checkRights: (change: DriverChange) => Result<void>;
  readonly install: (path: string) => Result<string>;
  readonly changeBoot: (change: BootChange) => Result<void>;
  readonly start: () => Promise<Result<string>>;
  readonly stop: () => Promise<Result<void>>;
  readonly remove: () => Promise<Result<void>>;
  readonly setCaptures: (names: readonly CaptureName[]) => Result<void>;
  readonly setEventFilter: (capture: FilteredCapture, filter: EventFilter) => Result<void>;
  readonly setLoggerMask: (name: string, off: LoggerMask) => Result<void>;
  readonly setLoggerStacks: (name: string, levels: readonly number[]) => Result<void>;
  /** Asks for the driver's file; null if the person dismissed the question. */
  readonly askForDriver: () => Promise<string | null>;
  readonly readFilter: () => Result<DebugFilter>;
  readonly writeMask: (component: string, mask: number) => Result<unknown>;
}

export class Machine {
  private readonly dependencies: MachineDependencies;
  private changing: DriverChange | null = null;

  constructor(dependencies: MachineDependencies) {
    this.dependencies = dependencies;
  }

  examineDriver(): DriverReport {
    return this.dependencies.examineDriver();
  }

  /** The value is the driver's state afterwards; null if the person chose no file. */
  async changeDriver(change: DriverChange): Promise<Result<DriverReport | null>> {
    if (this.changing !== null) {
      return fail('source-busy', `The driver is being changed already (${this.changing})`, 'Wait until that is done');
    }
    this.changing = change;
    try {
      const changed = await this.change(change);
      if (!changed.ok) return changed;
      return ok(changed.value ? this.examineDriver() : null);
    } finally {
      this.changing = null;
    }
  }

  /** Says when Windows starts the driver and with what it begins then. The value is the driver's state afterwards. */
  setBoot(change: BootChange): Result<DriverReport> {
    const changed = this.dependencies.changeBoot(change);
    return changed.ok ? ok(this.examineDriver()) : changed;
  }

  /** The value is the driver's state afterwards. */
  setCaptures(names: readonly CaptureName[]): Result<DriverReport> {
    const set = this.dependencies.setCaptures(names);
    return set.ok ? ok(this.examineDriver()) : set;
  }

  /** The value is the driver's state afterwards. */
  setEventFilter(capture: FilteredCapture, filter: EventFilter): Result<DriverReport> {
    const set = this.dependencies.setEventFilter(capture, filter);
    return set.ok ? ok(this.examineDriver()) : set;
  }

  /** The value is the driver's state afterwards. */
  setLoggerMask(name: string, off: LoggerMask): Result<DriverReport> {
    const set = this.dependencies.setLoggerMask(name, off);
    return set.ok ? ok(this.examineDriver()) : set;
  }

  /** The value is the driver's state afterwards. */
  setLoggerStacks(name: string, levels: readonly number[]): Result<DriverReport> {
    const set = this.dependencies.setLoggerStacks(name, levels);
    return set.ok ? ok(this.examineDriver()) : set;
  }

  readFilter(): Result<DebugFilter> {
    return this.dependencies.readFilter();
  }

  /** The value is the debug print filter afterwards. */
  writeMask(component: string, mask: number): Result<DebugFilter> {
    const written = this.dependencies.writeMask(component, mask);
    return written.ok ? this.readFilter() : written;
  }

  /** The value says whether anything was done. */
  private async change(change: DriverChange): Promise<Result<boolean>> {
    const { dependencies } = this;
    const allowed = dependencies.checkRights(change);
    if (!allowed.ok) return allowed;
    if (change === 'install') {
      const path = await dependencies.askForDriver();
      if (path === null) return ok(false);
      const installed = dependencies.install(path);
      return installed.ok ? ok(true) : installed;
    }
    const done = await dependencies[change]();
    return done.ok ? ok(true) : done;
  }
}

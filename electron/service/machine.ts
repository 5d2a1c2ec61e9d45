/**
 * What the app may change on this machine: the driver and the debug print filter. One change at a time; the rights it
 * needs are looked at before anything is asked of the person or of the system.
 */
import { fail, ok, type Result } from '../../native/core/result.ts';
import type { CaptureName, DebugFilter, DriverChange, DriverReport } from '../contract/machine.ts';

/** What is asked of native; tests put another in its place. */
export interface MachineDependencies {
  readonly examineDriver: () => DriverReport;
  /** Whether a change may be tried. Failures: permission-denied, source-unsupported. */
  readonly checkRights: (change: DriverChange) => Result<void>;
  readonly install: (path: string) => Result<string>;
  readonly start: () => Promise<Result<string>>;
  readonly stop: () => Promise<Result<void>>;
  readonly remove: () => Promise<Result<void>>;
  readonly setCaptures: (names: readonly CaptureName[]) => Result<void>;
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

  /** The value is where the driver stands then; null if the person chose no file. */
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

  /** The value is where the driver stands then. */
  setCaptures(names: readonly CaptureName[]): Result<DriverReport> {
    const set = this.dependencies.setCaptures(names);
    return set.ok ? ok(this.examineDriver()) : set;
  }

  readFilter(): Result<DebugFilter> {
    return this.dependencies.readFilter();
  }

  /** The value is the filter as it is then. */
  writeMask(component: string, mask: number): Result<DebugFilter> {
    const written = this.dependencies.writeMask(component, mask);
    return written.ok ? this.readFilter() : written;
  }

  /** The value is whether anything was done. */
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

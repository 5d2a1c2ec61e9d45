/** The Windows machine of a fake session: its driver, its debug print filter, what it offers to capture. */
import {
  CAPTURE_NAMES,
  type CaptureName,
  type DebugFilter,
  type DebugMask,
  type DriverChange,
  type DriverReport,
  type DriverState,
  type ProcessName,
  type SourceOffer,
} from '../../electron/contract/machine.ts';
import { type Failure, fail, ok, type Result } from '../../native/core/result.ts';
import type { FakeOptions } from './fake-data.ts';

const COMPONENTS = ['ACPI', 'DEFAULT', 'DISK', 'FLTMGR', 'IHVDRIVER', 'NDIS', 'STORPORT', 'WIN2000'];

const WHAT: Record<DriverState, readonly [string, string | null]> = {
  unsupported: ['ringview.sys is a driver for Windows; here, simulated drivers are captured (sim:NAME)', null],
  unknown: ['The state of the service ringview cannot be asked', 'See the system error, and run: ringview doctor'],
  'not-installed': ['ringview.sys is not installed', null],
  stopped: ['The RingView driver is installed and not started', null],
  refused: [
    'Windows refused the RingView driver (error 577): test signing is off',
    'bcdedit /set testsigning on, then restart',
  ],
  starting: ['Windows is loading it', null],
  running: ['It is loaded, and drivers can log to it', null],
  stopping: [
    'The RingView driver is stopping: Windows waits until the last program and driver let go of it',
    'Close the programs that read it and unload the drivers that log through it',
  ],
};

const AFTER: Record<DriverChange, DriverState> = {
  install: 'stopped',
  start: 'running',
  stop: 'stopped',
  remove: 'not-installed',
};

export class FakeMachine {
  state: DriverState;
  /** What the next change fails with; null lets it succeed. */
  refusal: Failure | null = null;
  /** Whether the person dismisses the dialog that asks for the driver. */
  dismisses = false;
  readonly masks = new Map<string, number>([['DISK', 0xf]]);
  captures: readonly CaptureName[] = ['dbgprint'];
  private readonly options: FakeOptions;
  private written = false;

  constructor(options: FakeOptions) {
    this.options = options;
    this.state = options.platform === 'win32' ? options.driver : 'unsupported';
  }

  examine(): DriverReport {
    const [what, fix] = WHAT[this.state];
    const facts: [string, string][] =
      this.state === 'running'
        ? [
            ['layout', '1.0'],
            ['CPUs', '8'],
            ['read by', 'nobody'],
            ['drivers attached', '2'],
            ['written', '10,214,882'],
            ['lost', '0'],
          ]
        : [];
    const elevated = this.options.platform === 'win32' ? this.options.elevated : null;
    const captures = CAPTURE_NAMES.map((name) => ({ name, on: this.captures.includes(name) }));
    return { state: this.state, what, fix, elevated, facts, captures: this.state === 'running' ? captures : [] };
  }

  change(change: DriverChange): Result<DriverReport | null> {
    if (this.refusal) return { ok: false, failure: this.refusal };
    if (change === 'install' && this.dismisses) return ok(null);
    this.state = AFTER[change];
    return ok(this.examine());
  }

  capture(captures: readonly CaptureName[]): Result<DriverReport> {
    if (this.refusal) return { ok: false, failure: this.refusal };
    this.captures = captures;
    return ok(this.examine());
  }

  filter(): Result<DebugFilter> {
    if (this.options.platform !== 'win32') return fail('source-unsupported', 'This needs Windows', 'Use it on Windows');
    const names = [
      'DEFAULT',
      'IHVDRIVER',
      ...[...this.masks.keys()].filter((name) => !/^(DEFAULT|IHVDRIVER)$/.test(name)),
    ];
    const masks = names.map((component): DebugMask => {
      const mask = this.masks.get(component) ?? null;
      return { component, mask, effective: ((mask ?? 0) | (this.masks.get('WIN2000') ?? 0) | 1) >>> 0 };
    });
    return ok({ masks, components: COMPONENTS, restartNeeded: this.written, elevated: this.options.elevated });
  }

  setMask(component: string, mask: number): Result<DebugFilter> {
    if (this.refusal) return { ok: false, failure: this.refusal };
    this.masks.set(component, mask);
    this.written = true;
    return this.filter();
  }

  offers(): SourceOffer[] {
    const demo = { spec: 'sim:demo', what: 'a simulated driver inside this program', hindrance: null };
    if (this.options.platform !== 'win32') {
      return [
        { spec: 'sim:lab', what: 'simulated driver, 8 CPUs', hindrance: null },
        { spec: 'sim:old', what: 'simulated driver, 4 CPUs; gone, its records are left', hindrance: null },
        demo,
      ];
    }
    const loaded = this.state === 'running' ? null : 'not started';
    return [
      {
        spec: 'driver:',
        what: 'DbgPrint, and drivers that log by RingView',
        hindrance: this.state === 'not-installed' ? 'not installed' : loaded,
      },
      { spec: 'dbwin:', what: 'debug output of programs', hindrance: null },
      {
        spec: 'dbwin:global',
        what: 'debug output of services',
        hindrance: this.options.elevated ? null : 'needs administrator rights',
      },
      demo,
    ];
  }

  /** Of the rows of fake-data.ts, all but one. */
  processNames(): ProcessName[] {
    const names = [
      [4, 'System'],
      [8, 'svchost.exe'],
      [12, 'nicfiltctl.exe'],
      [16, 'explorer.exe'],
    ] as const;
    return Array.from({ length: this.options.sources }, (_, source) =>
      names.map(([pid, name]) => ({ source, pid, name })),
    ).flat();
  }
}

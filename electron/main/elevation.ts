/**
 * Restarting the program as administrator. What is open is written down (restart-file.ts), Windows asks the person, and the
 * program that it starts waits for the end of this one. Where the person declines, nothing has changed.
 */
import { fail, ok, type Result } from '../../native/core/result.ts';
import { commandLine } from '../../native/win32/command-line.ts';
import type { ElevatedProgram } from '../../native/win32/elevated-start.ts';
import type { RestartState } from '../service/restart-state.ts';
import { forgetState, leaveState, newToken } from './restart-file.ts';

/** After a person declined, the page may not ask again for so long, milliseconds. */
const DECLINED_MS = 5000;

export interface ElevationDependencies {
  /** The user's folder. */
  readonly folder: string;
  /** Whether this process has the rights; null where the system does not say. Failure: source-unsupported. */
  readonly elevated: () => Result<boolean | null>;
  readonly start: (program: ElevatedProgram) => Promise<Result<void>>;
  /** The program, what stands before and behind the arguments that are added, and its working folder. */
  readonly program: {
    readonly file: string;
    readonly before: readonly string[];
    readonly behind: readonly string[];
    readonly folder: string;
  };
  readonly state: () => RestartState;
  /** Marks in what is recorded where it ends. */
  readonly mark: () => void;
  /** Whether the program may end, asked of the person where rows go with it that nothing keeps. */
  readonly mayEnd: () => Promise<boolean>;
  /** Ends the program; `elevation.last` is called at its very end. */
  readonly quit: () => void;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

export class Elevation {
  private readonly dependencies: ElevationDependencies;
  private asking = false;
  private declinedMs = Number.NEGATIVE_INFINITY;
  private token: string | null = null;

  constructor(dependencies: ElevationDependencies) {
    this.dependencies = dependencies;
  }

  /** Whether the program ends in order to be started again. */
  get isRestarting(): boolean {
    return this.token !== null;
  }

  /** Failures: see `app.elevate`. */
  async restart(): Promise<Result<null>> {
    const { elevated, mayEnd, now } = this.dependencies;
    if (this.asking || this.isRestarting || now() - this.declinedMs < DECLINED_MS)
      return fail('overloaded', 'This was asked just now', 'Answer the question of Windows, or wait a moment');
    const has = elevated();
    if (!has.ok)
      return fail(
        'source-unsupported',
        'Only Windows restarts a program as administrator',
        'Start RingView as root instead',
      );
    if (has.value === true)
      return fail('bad-argument', 'RingView runs as administrator already', 'Other rights would not help');
    this.asking = true;
    try {
      if (!(await mayEnd())) return this.declined();
      return await this.ask();
    } finally {
      this.asking = false;
    }
  }

  /**
   * Marks the ends of recordings, and writes down what is open now, at the end of the program: it has changed since the question
   * was asked. The state of before stays if that fails.
   */
  leave(): void {
    const { folder, state, mark } = this.dependencies;
    if (this.token === null) return;
    mark();
    leaveState(folder, this.token, state());
  }

  private async ask(): Promise<Result<null>> {
    const { folder, program, start, state, quit } = this.dependencies;
    const token = newToken();
    const left = leaveState(folder, token, state());
    if (!left.ok) return left;
    const args = [...program.before, `--user-data-dir=${folder}`, `--resume=${token}`, ...program.behind];
    const started = await start({ file: program.file, parameters: commandLine(args), folder: program.folder });
    if (!started.ok) {
      forgetState(folder, token);
      if (started.failure.code === 'cancelled') this.declinedMs = this.dependencies.now();
      return started;
    }
    this.token = token;
    quit();
    return ok(null);
  }

  private declined(): Result<never> {
    this.declinedMs = this.dependencies.now();
    return fail('cancelled', 'RingView was not restarted', 'Everything goes on as it was');
  }
}

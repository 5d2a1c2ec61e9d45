/** The state of a driver, as it is shown to a person. */
import type { BootSettings } from './boot.ts';
import type { EventFilter } from './event-filter.ts';
import type { CaptureName, Logger } from './ioctl.ts';

/** `refused`: installed, and Windows will not load it as it is; `unsupported`: no such drivers on this system. */
export type DriverState =
  | 'unsupported'
  | 'unknown'
  | 'not-installed'
  | 'stopped'
  | 'refused'
  | 'starting'
  | 'running'
  | 'stopping';

export interface DriverCapture {
  readonly name: CaptureName;
  readonly on: boolean;
  /** Which of its events are reported; null: it has no filter. */
  readonly filter: EventFilter | null;
}

export interface DriverReport {
  readonly state: DriverState;
  /** The situation, in one sentence. */
  readonly what: string;
  /** What to do where no button does it, in one sentence; null if a button does it, or if nothing is to be done. */
  readonly fix: string | null;
  /** Whether this program has the rights of an administrator, which every change needs; null: the system does not say. */
  readonly elevated: boolean | null;
  /** When Windows starts it and with what it begins; null: it is not installed, or that is not known. */
  readonly boot: BootSettings | null;
  /** What the loaded driver says about itself, as pairs of name and value. */
  readonly facts: readonly (readonly [string, string])[];
  /** What the loaded driver can capture besides the records of drivers. */
  readonly captures: readonly DriverCapture[];
  /** Who logs through the loaded driver, itself first, and what of it is switched off. */
  readonly loggers: readonly Logger[];
}

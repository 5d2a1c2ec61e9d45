/** What of this machine the app shows and changes: the driver, the debug print filter, what can be captured. */

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

export interface DriverReport {
  readonly state: DriverState;
  /** What is the case, one sentence. */
  readonly what: string;
  /** What to do where no button does it, one sentence. */
  readonly fix: string | null;
  /** Whether this program has the rights of an administrator, which every change needs; null: the system does not say. */
  readonly elevated: boolean | null;
  /** What the loaded driver says of itself, name and value. */
  readonly facts: readonly (readonly [string, string])[];
  /** What the loaded driver can capture besides the records of drivers, and whether it does. */
  readonly captures: readonly { readonly name: CaptureName; readonly on: boolean }[];
}

export const CAPTURE_NAMES = ['dbgprint', 'process', 'thread', 'image'] as const;
export type CaptureName = (typeof CAPTURE_NAMES)[number];

/** `install` asks for the file with a dialog of the system; no path crosses. */
export const DRIVER_CHANGES = ['install', 'start', 'stop', 'remove'] as const;
export type DriverChange = (typeof DRIVER_CHANGES)[number];

export interface DebugMask {
  /** Name of the component, as Windows has it: `DEFAULT`. */
  readonly component: string;
  /** As the registry has it, 0..2^32-1; null: not set there, which is 0. */
  readonly mask: number | null;
  /** What that lets through once Windows has read it. */
  readonly effective: number;
}

/** Bits of a mask, by the levels of DbgPrintEx. */
export const MASK_LEVELS = [
  ['error', 1],
  ['warning', 2],
  ['trace', 4],
  ['info', 8],
] as const;

export interface DebugFilter {
  /** DEFAULT and IHVDRIVER always, every other component that is set. */
  readonly masks: readonly DebugMask[];
  /** Every component there is. */
  readonly components: readonly string[];
  /** Changed after Windows started, so not in force before a restart; null: the system does not say. */
  readonly restartNeeded: boolean | null;
  /** Whether this program may change it; null: the system does not say. */
  readonly elevated: boolean | null;
}

/** Something that can be captured now. */
export interface SourceOffer {
  /** What capture.start takes. */
  readonly spec: string;
  /** What it is, a phrase. */
  readonly what: string;
  /** What stands in the way, a phrase; null if nothing is known to. */
  readonly hindrance: string | null;
}

/** A process as its source last knew it: the system gives the numbers of ended processes to new ones. */
export interface ProcessName {
  /** Number of the source in the session. */
  readonly source: number;
  readonly pid: number;
  /** File name of the program: `notepad.exe`. */
  readonly name: string;
}
